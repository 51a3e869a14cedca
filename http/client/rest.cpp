#include "http/client/rest.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace skald::client {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

namespace {

/// More than the longest page of the API.
constexpr std::uint64_t answer_bytes_max = std::uint64_t{256} << 20;

Error unreachable(const BaseUrl& server, std::string_view doing, const error_code& why) {
  return {ErrorCode::overloaded,
          "No answer from http://" + server.authority + server.path + ": " + std::string(doing) +
              ": " + why.message() + ".",
          "Is `skald serve` running there? --url or SKALD_URL names the server.",
          {}};
}

beast::http::request<beast::http::string_body> message_of(const BaseUrl& server,
                                                          const RestRequest& request) {
  beast::http::request<beast::http::string_body> message;
  message.version(11);
  message.method_string(request.method);
  message.target(server.path + request.target);
  message.set(beast::http::field::host, server.authority);
  message.set(beast::http::field::user_agent, "skald");
  message.set(beast::http::field::accept, "application/json, */*;q=0.5");
  for (const auto& [name, value] : request.headers) message.set(name, value);
  if (!request.body.empty()) {
    if (message.find(beast::http::field::content_type) == message.end())
      message.set(beast::http::field::content_type, "application/json");
    message.body() = request.body;
  }
  message.prepare_payload();
  return message;
}

std::string shell_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

struct Rest::Connection {
  asio::io_context io{1};
  beast::tcp_stream stream{io};
  beast::flat_buffer buffer;

  /// Runs one asynchronous operation to its end, so that the stream's time limit holds for it.
  template <class Begin>
  error_code wait_for(Begin begin) {
    error_code result = asio::error::would_block;
    begin([&](const error_code& done, auto&&...) { result = done; });
    io.restart();
    io.run();
    return result;
  }
};

Rest::Rest(BaseUrl server) : server_(std::move(server)) {}
Rest::~Rest() = default;

Result<RestAnswer> Rest::exchange(const RestRequest& request) {
  if (!connection_) {
    connection_ = std::make_unique<Connection>();
    error_code failed;
    asio::ip::tcp::resolver resolver(connection_->io);
    const auto found = resolver.resolve(server_.host, std::to_string(server_.port), failed);
    if (failed) return unreachable(server_, "looking the host up", failed);
    connection_->stream.expires_after(std::chrono::seconds(10));
    failed = connection_->wait_for(
        [&](auto then) { connection_->stream.async_connect(found, std::move(then)); });
    if (failed) return unreachable(server_, "connecting", failed);
  }
  auto& stream = connection_->stream;
  auto& buffer = connection_->buffer;
  const auto message = message_of(server_, request);
  stream.expires_after(request.patience);
  auto failed = connection_->wait_for(
      [&](auto then) { beast::http::async_write(stream, message, std::move(then)); });
  if (failed) return unreachable(server_, "sending", failed);
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(answer_bytes_max);
  failed = connection_->wait_for(
      [&](auto then) { beast::http::async_read(stream, buffer, parser, std::move(then)); });
  if (failed) return unreachable(server_, "waiting for the answer", failed);
  const std::string_view type = parser.get()[beast::http::field::content_type];
  RestAnswer answer{static_cast<int>(parser.get().result_int()),
                    std::string(type.substr(0, type.find(';'))), std::move(parser.get().body())};
  if (!parser.get().keep_alive()) connection_ = nullptr;
  return answer;
}

Result<RestAnswer> Rest::ask(const RestRequest& request) {
  const bool kept_open = connection_ != nullptr;
  auto answer = exchange(request);
  if (answer) return answer;
  connection_ = nullptr;
  if (!kept_open) return answer;
  // The server may close a connection that was idle just when the next request is sent.
  answer = exchange(request);
  if (!answer) connection_ = nullptr;
  return answer;
}

std::string as_curl(const BaseUrl& server, const RestRequest& request) {
  std::string line = "curl -sS";
  if (request.method != "GET") line += " -X " + request.method;
  for (const auto& [name, value] : request.headers)
    line.append(" -H ").append(shell_quoted(std::string(name).append(": ").append(value)));
  const bool typed = std::any_of(request.headers.begin(), request.headers.end(),
                                 [](const auto& one) { return one.first == "Content-Type"; });
  if (!request.body.empty() && !typed) line += " -H 'Content-Type: application/json'";
  if (!request.body.empty()) line += " --data-binary " + shell_quoted(request.body);
  return line + " " + shell_quoted("http://" + server.authority + server.path + request.target);
}

}  // namespace skald::client
