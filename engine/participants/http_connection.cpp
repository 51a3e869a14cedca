#include "engine/participants/http_connection.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <vector>

#include "engine/model/invariant.hpp"
#include "engine/participants/safe_text.hpp"

namespace skald {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct HttpConnection::Impl : std::enable_shared_from_this<HttpConnection::Impl> {
  enum class Stage { idle, connecting, sending, receiving, closed };

  Impl(asio::io_context& context, const BaseUrl& the_base, AnswerLimits the_limits)
      : socket(context), timer(context), resolver(context), base(the_base), limits(the_limits) {}

  tcp::socket socket;
  asio::steady_timer timer;
  tcp::resolver resolver;
  const BaseUrl base;
  const AnswerLimits limits;

  Stage stage = Stage::idle;
  bool connected = false;
  std::vector<tcp::endpoint> endpoints;  ///< addresses to try, in order
  error_code connect_failure;            ///< of the first address

  std::uint64_t number = 0;  ///< of the exchange; a handler of an older one does nothing
  Request request;
  std::size_t bytes_sent = 0;
  std::optional<HttpAnswerReader> reader;
  std::array<char, 16 * 1024> buffer{};
  OnEnd on_end;

  void begin();
  void resolve();
  void connect(std::size_t index);
  void send();
  void receive();
  void take(HttpAnswerReader::State state);
  void time_out();
  void fail(const std::string& reason);
  void finish(Ended ended, bool keep);
  void close();

  /// A completion handler that does nothing when its exchange has ended meanwhile.
  template <class Next>
  auto unless_ended(Next next) {
    return [self = shared_from_this(), exchange = number, next](auto&&... results) {
      const bool ended = self->stage == Stage::closed || self->stage == Stage::idle;
      if (!ended && self->number == exchange) next(*self, results...);
    };
  }
};

void HttpConnection::Impl::begin() {
  ++number;
  bytes_sent = 0;
  reader.emplace(limits, request.is_head);
  timer.expires_after(request.timeout);
  timer.async_wait(unless_ended([](Impl& self, const error_code& failure) {
    if (!failure) self.time_out();
  }));
  if (connected) return send();
  stage = Stage::connecting;
  if (base.needs_lookup) return resolve();
  // localhost is never looked up: RFC 6761 §6.3 makes it loopback, whatever a resolver says.
  if (base.host == "localhost") {
    endpoints = {{asio::ip::address_v4::loopback(), base.port},
                 {asio::ip::address_v6::loopback(), base.port}};
  } else {
    endpoints = {{asio::ip::make_address(base.host), base.port}};
  }
  connect(0);
}

void HttpConnection::Impl::resolve() {
  const auto take_addresses = [](Impl& self, const error_code& failure,
                                 const tcp::resolver::results_type& found) {
    if (failure)
      return self.fail("cannot find the host '" + self.base.host + "': " + failure.message());
    self.endpoints.assign(found.begin(), found.end());
    self.connect(0);
  };
  resolver.async_resolve(base.host, std::to_string(base.port), tcp::resolver::numeric_service,
                         unless_ended(take_addresses));
}

void HttpConnection::Impl::connect(std::size_t index) {
  if (index == endpoints.size())
    return fail("cannot connect to " + base.authority + ": " + connect_failure.message());
  error_code ignored;
  socket.close(ignored);
  socket.async_connect(endpoints[index],
                       unless_ended([index](Impl& self, const error_code& failure) {
                         if (index == 0) self.connect_failure = failure;
                         if (failure) return self.connect(index + 1);
                         error_code refused;
                         self.socket.set_option(tcp::no_delay(true), refused);
                         // For the look at an idle connection, which must not wait.
                         if (!refused) self.socket.non_blocking(true, refused);
                         if (refused)
                           return self.fail("cannot set up the connection: " + refused.message());
                         self.connected = true;
                         self.send();
                       }));
}

void HttpConnection::Impl::send() {
  stage = Stage::sending;
  const auto rest =
      asio::buffer(request.text.data() + bytes_sent, request.text.size() - bytes_sent);
  socket.async_write_some(
      rest, unless_ended([](Impl& self, const error_code& failure, std::size_t bytes) {
        self.bytes_sent += bytes;
        if (failure) return self.fail("the connection broke while sending: " + failure.message());
        if (self.bytes_sent < self.request.text.size()) return self.send();
        self.stage = Stage::receiving;
        self.receive();
      }));
}

void HttpConnection::Impl::receive() {
  socket.async_read_some(asio::buffer(buffer),
                         unless_ended([](Impl& self, const error_code& failure, std::size_t bytes) {
                           if (failure == asio::error::eof) return self.take(self.reader->end());
                           if (failure)
                             return self.fail("the connection broke: " + failure.message());
                           self.take(self.reader->feed({self.buffer.data(), bytes}));
                         }));
}

void HttpConnection::Impl::take(HttpAnswerReader::State state) {
  if (state == HttpAnswerReader::State::more) return receive();
  if (state == HttpAnswerReader::State::refused)
    return fail("unusable answer: " + reader->refusal());
  const bool keep = reader->reusable();
  finish(reader->take(), keep);
}

void HttpConnection::Impl::time_out() {
  std::string reason = "timeout after " + std::to_string(request.timeout.count()) + " ms";
  const bool nothing_sent = stage == Stage::connecting;
  if (nothing_sent) reason += " while connecting to " + base.authority;
  finish(NoAnswer{NoAnswer::Why::timeout, std::move(reason), !nothing_sent}, false);
}

void HttpConnection::Impl::fail(const std::string& reason) {
  finish(NoAnswer{NoAnswer::Why::connection, safe_text(reason), bytes_sent > 0}, false);
}

void HttpConnection::Impl::finish(Ended ended, bool keep) {
  timer.cancel();
  stage = Stage::idle;
  if (!keep) close();
  request = {};
  // The receiver may destroy the connection, and with it the function that is running.
  const OnEnd told = std::exchange(on_end, nullptr);
  told(std::move(ended));
}

void HttpConnection::Impl::close() {
  stage = Stage::closed;
  timer.cancel();
  resolver.cancel();
  error_code ignored;
  socket.close(ignored);
}

HttpConnection::HttpConnection(asio::io_context& context, const BaseUrl& base, AnswerLimits limits)
    : impl_(std::make_shared<Impl>(context, base, limits)) {}

HttpConnection::~HttpConnection() { impl_->close(); }

void HttpConnection::exchange(Request request, OnEnd on_end) {
  invariant(reusable(), "an exchange on a connection that is closed or busy");
  impl_->request = std::move(request);
  impl_->on_end = std::move(on_end);
  impl_->begin();
}

bool HttpConnection::reusable() const { return impl_->stage == Impl::Stage::idle; }

bool HttpConnection::is_open_and_silent() {
  char byte = 0;
  error_code failure;
  impl_->socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, failure);
  return failure == asio::error::would_block;
}

}  // namespace skald
