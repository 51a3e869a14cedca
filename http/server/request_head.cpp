#include "http/server/request_head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <limits>

namespace skald::http {
namespace {

using Parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;

void split_target(std::string_view target, Request& request) {
  const auto question_mark = target.find('?');
  request.path = target.substr(0, question_mark);
  if (question_mark != std::string_view::npos) request.query = target.substr(question_mark + 1);
}

RequestHead head_from(const Parser& parser) {
  const auto& message = parser.get();
  RequestHead head;
  head.request.method = std::string(message.method_string());
  split_target({message.target().data(), message.target().size()}, head.request);
  for (const auto& field : message)
    head.request.headers.add(std::string(field.name_string()), std::string(field.value()));
  head.keep_alive = parser.keep_alive();
  head.http_1_0 = message.version() == 10;
  head.chunked = parser.chunked();
  head.content_length = parser.content_length().value_or(0);
  head.expects_continue = !head.http_1_0 && head.request.headers.find("Expect").has_value();
  return head;
}

}  // namespace

std::variant<RequestHead, Refusal> parse_request_head(std::string_view block) {
  if (auto bad = check_header(block)) return std::move(*bad);
  Parser parser;
  // The connection limits both; Beast's own limits would only hide which one was passed.
  parser.body_limit(boost::none);
  parser.header_limit(std::numeric_limits<std::uint32_t>::max());
  boost::system::error_code ec;
  parser.put(boost::asio::const_buffer(block.data(), block.size()), ec);
  if (ec) return Refusal{400, "MALFORMED_REQUEST", ec.message()};
  auto head = head_from(parser);
  const auto host = head.request.headers.find("Host");
  if (host && !is_loopback_host(*host))
    return Refusal{421, "MISDIRECTED", "Host must be localhost, 127.x.x.x or [::1], with any port"};
  return head;
}

}  // namespace skald::http
