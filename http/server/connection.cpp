#include "http/server/connection.hpp"

#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "http/server/chunked_body.hpp"
#include "http/server/problem.hpp"
#include "http/server/request_head.hpp"
#include "http/server/response_head.hpp"
#include "http/server/response_stream.hpp"

namespace skald::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Strand = asio::strand<asio::io_context::executor_type>;
using Socket = asio::basic_stream_socket<tcp, Strand>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Strand>;

constexpr std::size_t header_read_bytes = 8 * 1024;
constexpr std::size_t body_read_bytes = 64 * 1024;

/// How long we go on reading, and dropping, what a client still sends after our last answer. To
/// close at once would reset the connection, and a reset can overtake the answer.
constexpr std::chrono::seconds linger_time{2};

constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

Response internal_problem() {
  return problem(500, "INTERNAL", "the server could not answer this request; its log says why");
}

}  // namespace

/// One client's TCP connection: reads a request, has it answered, and then reads the next.
///
/// Every member runs on the strand. Each callback holds the connection alive; while the handler
/// works there is no callback, and the roster does.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Service> service, int descriptor, bool ipv6);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] const Strand& strand() const { return strand_; }
  [[nodiscard]] const Service& service() const { return *service_; }

  void begin_request();
  void refuse_overload();
  void answer(Response response);
  void drain();
  void close();
  void send_more();

 private:
  enum class Phase { idle, header, body, handling, writing, streaming, lingering, closed };

  [[nodiscard]] std::string_view bytes() const;
  void read_more();
  void skip_blank_line();
  void take_header();
  void take_request(std::size_t length);
  void begin_body(const RequestHead& head);
  void take_body();
  void take_plain_body();
  void take_chunks();
  void invite_body();
  void handle();
  void refuse(int status, std::string_view code, std::string_view why);
  void refuse_body();
  void send(Response response, bool keep_alive);
  void on_written(const error_code& ec);
  void begin_stream();
  void watch_client();
  void linger();
  void discard();
  void set_deadline(Clock::duration from_now);
  void arm_timer(Clock::time_point when);
  void on_timer();
  void on_timeout();

  // The service owns the io_context, so it must be the last member to go.
  const std::shared_ptr<Service> service_;
  const Strand strand_;
  Socket socket_;
  Timer timer_;
  bool admitted_;
  Phase phase_ = Phase::idle;
  boost::beast::flat_buffer buffer_;  ///< received and not yet taken; may reach into later requests

  // Each request has a new deadline, but the timer is only set again when it would ring too late.
  Clock::time_point deadline_ = Clock::time_point::max();
  Clock::time_point timer_rings_ = Clock::time_point::max();

  Request request_;
  bool blank_line_skipped_ = false;
  bool keep_alive_ = false;
  bool http_1_0_ = false;
  std::optional<ChunkedBody> chunks_;
  std::uint64_t body_left_ = 0;

  std::string sent_head_;
  std::string sent_body_;
  bool head_only_ = false;
  std::shared_ptr<ResponseStream> stream_;
  bool sending_ = false;  ///< a part of the stream is on its way
};

namespace {

/// Runs `action` on the connection's strand if the connection still exists. Holds it only weakly
/// meanwhile: once the I/O threads have gone, a queued strong reference would never be released.
template <class Action>
void on_strand(const std::weak_ptr<Connection>& weak, Action action) {
  const auto connection = weak.lock();
  if (!connection) return;
  asio::dispatch(connection->strand(), [weak, action = std::move(action)]() mutable {
    if (const auto held = weak.lock()) action(*held);
  });
}

/// The one place that a request's answer comes through, held by all copies of its Respond.
class AnswerSlot {
 public:
  explicit AnswerSlot(std::weak_ptr<Connection> connection) : connection_(std::move(connection)) {}
  AnswerSlot(const AnswerSlot&) = delete;
  AnswerSlot& operator=(const AnswerSlot&) = delete;

  ~AnswerSlot() {
    if (!answered_) fail("a handler dropped its Respond without calling it");
  }

  void give(Response response) {
    if (answered_.exchange(true)) return report("a handler gave a second answer; it is ignored");
    on_strand(connection_, [response = std::move(response)](Connection& connection) mutable {
      connection.answer(std::move(response));
    });
  }

  /// Answers 500, unless an answer was given, and tells the operator `why`.
  void fail(std::string why) {
    report(std::move(why));
    if (answered_.exchange(true)) return;
    on_strand(connection_, [](Connection& connection) { connection.answer(internal_problem()); });
  }

 private:
  // From the strand, because there the server is certain to be alive still.
  void report(std::string what) {
    on_strand(connection_, [what = std::move(what)](Connection& connection) {
      connection.service().report(what);
    });
  }

  std::weak_ptr<Connection> connection_;
  std::atomic<bool> answered_{false};
};

}  // namespace

Connection::Connection(std::shared_ptr<Service> service, int descriptor, bool ipv6)
    : service_(std::move(service)),
      strand_(service_->io->get_executor()),
      socket_(strand_),
      timer_(strand_),
      admitted_(service_->admitted.fetch_add(1) < service_->options.connections_max) {
  if (!admitted_) service_->admitted.fetch_sub(1);
  error_code ec;
  socket_.assign(ipv6 ? tcp::v6() : tcp::v4(), descriptor, ec);
  if (ec) {
    ::close(descriptor);
    return;  // the first read fails then, and closes
  }
  socket_.set_option(tcp::no_delay(true), ec);  // a wish: without it answers are only slower
}

void Connection::begin_request() {
  if (phase_ == Phase::closed) return;
  if (!admitted_) return refuse_overload();
  phase_ = Phase::idle;
  request_ = {};
  chunks_.reset();
  body_left_ = 0;
  blank_line_skipped_ = false;
  head_only_ = false;
  if (service_->draining && buffer_.size() == 0) return linger();
  set_deadline(service_->options.idle_timeout);
  take_header();
}

void Connection::refuse_overload() {
  auto response = problem(503, "TOO_MANY_CONNECTIONS",
                          "the limit of open connections is reached; close some or try later");
  response.headers.add("Retry-After", "1");
  send(std::move(response), false);
}

std::string_view Connection::bytes() const {
  const auto data = buffer_.cdata();
  return {static_cast<const char*>(data.data()), data.size()};
}

void Connection::read_more() {
  const auto room = phase_ == Phase::body ? body_read_bytes : header_read_bytes;
  socket_.async_read_some(
      buffer_.prepare(room), [self = shared_from_this()](const error_code& ec, std::size_t count) {
        const auto phase = self->phase_;
        // Any other phase: the timer or stop() was quicker, and this read no longer matters.
        if (phase != Phase::idle && phase != Phase::header && phase != Phase::body) return;
        if (ec) return self->close();
        self->buffer_.commit(count);
        phase == Phase::body ? self->take_body() : self->take_header();
      });
}

void Connection::skip_blank_line() {
  // RFC 9112 §2.2: one empty line in front of a request is to be ignored.
  if (blank_line_skipped_ || !bytes().starts_with("\r\n")) return;
  buffer_.consume(2);
  blank_line_skipped_ = true;
}

void Connection::take_header() {
  skip_blank_line();
  const auto limit = service_->options.header_bytes_max;
  const auto length = header_length(bytes());
  if (length.value_or(buffer_.size()) > limit)
    return refuse(431, "HEADER_TOO_LARGE",
                  "request line and header fields may have " + std::to_string(limit) + " bytes");
  if (length) return take_request(*length);
  if (phase_ == Phase::idle && buffer_.size() > 0) {
    phase_ = Phase::header;
    set_deadline(service_->options.header_timeout);
  }
  read_more();
}

void Connection::take_request(std::size_t length) {
  auto parsed = parse_request_head(bytes().substr(0, length));
  buffer_.consume(length);
  if (const auto* bad = std::get_if<Refusal>(&parsed))
    return refuse(bad->status, bad->code, bad->why);
  auto& head = std::get<RequestHead>(parsed);
  request_ = std::move(head.request);
  keep_alive_ = head.keep_alive;
  http_1_0_ = head.http_1_0;
  head_only_ = request_.method == "HEAD";
  begin_body(head);
}

void Connection::begin_body(const RequestHead& head) {
  if (head.content_length > service_->options.body_bytes_max) return refuse_body();
  if (!head.chunked && head.content_length == 0) return handle();
  body_left_ = head.content_length;
  if (head.chunked) chunks_.emplace(service_->options.body_bytes_max);
  phase_ = Phase::body;
  set_deadline(service_->options.body_timeout);
  if (head.expects_continue && buffer_.size() == 0) return invite_body();
  take_body();
}

void Connection::invite_body() {
  asio::async_write(socket_, asio::const_buffer(continue_line.data(), continue_line.size()),
                    [self = shared_from_this()](const error_code& ec, std::size_t) {
                      if (self->phase_ != Phase::body) return;
                      if (ec) return self->close();
                      self->read_more();
                    });
}

void Connection::take_body() {
  if (chunks_) return take_chunks();
  take_plain_body();
}

void Connection::take_plain_body() {
  const auto part = bytes().substr(0, static_cast<std::size_t>(body_left_));
  request_.body += part;
  body_left_ -= part.size();
  buffer_.consume(part.size());
  if (body_left_ == 0) return handle();
  read_more();
}

void Connection::take_chunks() {
  const auto progress = chunks_->feed(bytes(), request_.body);
  buffer_.consume(progress.used);
  switch (progress.state) {
    case ChunkedBody::State::more:
      return read_more();
    case ChunkedBody::State::done:
      return handle();
    case ChunkedBody::State::malformed:
      return refuse(400, "MALFORMED_CHUNK",
                    "a chunk must be: size in hexadecimal, CR LF, data, CR LF; extensions and "
                    "trailers are not accepted");
    case ChunkedBody::State::too_large:
      return refuse_body();
  }
}

void Connection::handle() {
  phase_ = Phase::handling;
  deadline_ = Clock::time_point::max();
  const auto slot = std::make_shared<AnswerSlot>(weak_from_this());
  try {
    service_->handler(std::move(request_),
                      [slot](Response response) { slot->give(std::move(response)); });
  } catch (const std::exception& error) {
    slot->fail(std::string("a handler threw: ") + error.what());
  } catch (...) {
    slot->fail("a handler threw something that is no std::exception");
  }
}

void Connection::answer(Response response) {
  if (phase_ != Phase::handling) return;  // closed meanwhile
  if (!is_sendable(response)) {
    service_->report("a handler gave an answer with a bad status, field name or field value");
    response = internal_problem();
  }
  const bool keep_alive = keep_alive_ && !service_->draining && !response.stream;
  send(std::move(response), keep_alive);
}

void Connection::refuse(int status, std::string_view code, std::string_view why) {
  send(problem(status, code, why), false);
}

void Connection::refuse_body() {
  const auto limit = std::to_string(service_->options.body_bytes_max);
  refuse(413, "BODY_TOO_LARGE", "a body may have " + limit + " bytes");
}

void Connection::send(Response response, bool keep_alive) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const Delivery delivery{keep_alive, http_1_0_, head_only_, now};
  keep_alive_ = keep_alive;
  sent_head_ = response_head(response, delivery);
  const bool body = has_body(response, delivery);
  sent_body_ = body ? std::move(response.body) : std::string();
  stream_ = std::move(response.stream);
  if (stream_ && !body) std::exchange(stream_, nullptr)->abandon();
  phase_ = Phase::writing;
  set_deadline(service_->options.body_timeout);
  const std::array<asio::const_buffer, 2> parts = {asio::buffer(sent_head_),
                                                   asio::buffer(sent_body_)};
  asio::async_write(socket_, parts, [self = shared_from_this()](const error_code& ec, std::size_t) {
    self->on_written(ec);
  });
}

void Connection::on_written(const error_code& ec) {
  if (phase_ != Phase::writing) return;
  if (ec) return close();
  if (stream_) return begin_stream();
  if (!keep_alive_) return linger();
  begin_request();
}

void Connection::begin_stream() {
  phase_ = Phase::streaming;
  const auto weak = weak_from_this();
  stream_->attach([weak] { on_strand(weak, [](Connection& self) { self.send_more(); }); },
                  !http_1_0_);
  if (service_->draining) stream_->end();
  watch_client();
  send_more();
}

/// Sends what waits. A client that reads nothing for the time it has for a body is given up; one to
/// whom there is nothing to say may stay.
void Connection::send_more() {
  if (phase_ != Phase::streaming || sending_) return;
  const bool over = stream_->finished();
  sent_body_ = stream_->take();
  if (over || (sent_body_.empty() && stream_->finished())) {
    error_code ignored;  // the read of watch_client() must not take part any more
    socket_.cancel(ignored);
    return linger();
  }
  deadline_ = Clock::time_point::max();
  if (sent_body_.empty()) return;
  sending_ = true;
  set_deadline(service_->options.body_timeout);
  asio::async_write(socket_, asio::buffer(sent_body_),
                    [self = shared_from_this()](const error_code& ec, std::size_t) {
                      self->sending_ = false;
                      if (ec) return self->close();
                      self->send_more();
                    });
}

/// Only by reading does the end of the client become known; what it sends beside that is dropped.
void Connection::watch_client() {
  buffer_.clear();
  socket_.async_read_some(buffer_.prepare(header_read_bytes),
                          [self = shared_from_this()](const error_code& ec, std::size_t) {
                            if (self->phase_ != Phase::streaming) return;
                            if (ec) return self->close();
                            self->watch_client();
                          });
}

void Connection::linger() {
  phase_ = Phase::lingering;
  error_code ec;
  socket_.shutdown(tcp::socket::shutdown_send, ec);
  if (ec) return close();
  set_deadline(linger_time);
  discard();
}

void Connection::discard() {
  buffer_.clear();
  socket_.async_read_some(buffer_.prepare(body_read_bytes),
                          [self = shared_from_this()](const error_code& ec, std::size_t) {
                            if (self->phase_ != Phase::lingering) return;
                            if (ec) return self->close();
                            self->discard();
                          });
}

void Connection::drain() {
  if (phase_ == Phase::idle) return close();
  if (phase_ == Phase::streaming) stream_->end();
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  timer_.cancel();
  error_code ignored;  // the descriptor is released even when close reports an error
  socket_.close(ignored);
  if (stream_) stream_->abandon();
  if (admitted_) service_->admitted.fetch_sub(1);
  service_->roster.remove(this);
}

void Connection::set_deadline(Clock::duration from_now) {
  deadline_ = Clock::now() + from_now;
  if (deadline_ < timer_rings_) arm_timer(deadline_);
}

void Connection::arm_timer(Clock::time_point when) {
  timer_rings_ = when;
  timer_.expires_at(when);
  timer_.async_wait([self = shared_from_this()](const error_code& ec) {
    if (!ec) self->on_timer();
  });
}

void Connection::on_timer() {
  if (phase_ == Phase::closed) return;
  timer_rings_ = Clock::time_point::max();
  if (deadline_ == Clock::time_point::max()) return;  // the handler may take its time
  if (Clock::now() < deadline_) return arm_timer(deadline_);
  on_timeout();
}

void Connection::on_timeout() {
  deadline_ = Clock::time_point::max();
  const bool header = phase_ == Phase::header;
  if (!header && phase_ != Phase::body) return close();
  error_code ignored;  // the read that is cancelled must not take part any more; see read_more()
  socket_.cancel(ignored);
  if (header)
    return refuse(408, "HEADER_TIMEOUT", "the header of the request did not arrive in time");
  refuse(408, "BODY_TIMEOUT", "the body of the request did not arrive in time");
}

void open_connection(const std::shared_ptr<Service>& service, int descriptor, bool ipv6) {
  const auto connection = std::make_shared<Connection>(service, descriptor, ipv6);
  service->roster.add(connection);
  asio::dispatch(connection->strand(), [connection] { connection->begin_request(); });
}

void drain(const std::shared_ptr<Connection>& connection) {
  on_strand(connection, [](Connection& self) { self.drain(); });
}

void close(const std::shared_ptr<Connection>& connection) {
  on_strand(connection, [](Connection& self) { self.close(); });
}

}  // namespace skald::http
