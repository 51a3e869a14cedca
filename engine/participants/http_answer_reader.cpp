#include "engine/participants/http_answer_reader.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <limits>

#include "engine/model/invariant.hpp"

namespace skald {

namespace beast = boost::beast;
namespace wire = boost::beast::http;

struct HttpAnswerReader::Impl {
  AnswerLimits limits;
  wire::response_parser<wire::string_body> parser;
  std::string unparsed;  ///< what the parser has seen but can use only with what comes next
  std::string refusal;
  bool ended_by_close = false;

  State refuse(std::string why) {
    refusal = std::move(why);
    return State::refused;
  }
  State refuse(const beast::error_code& failure);
  [[nodiscard]] bool has_unknown_coding();
};

HttpAnswerReader::State HttpAnswerReader::Impl::refuse(const beast::error_code& failure) {
  if (failure == wire::error::header_limit)
    return refuse("the header is over " + std::to_string(limits.header_bytes) + " bytes");
  if (failure == wire::error::body_limit || failure == wire::error::buffer_overflow)
    return refuse("the body is over " + std::to_string(limits.body_bytes) + " bytes");
  if (failure == wire::error::partial_message)
    return refuse("the connection was closed in the middle of the answer");
  return refuse("it is not HTTP: " + failure.message());
}

/// Only "chunked" says where a body ends; the parser would ignore any other coding.
bool HttpAnswerReader::Impl::has_unknown_coding() {
  const auto field = parser.get().find(wire::field::transfer_encoding);
  return field != parser.get().end() && !beast::iequals(field->value(), "chunked");
}

HttpAnswerReader::HttpAnswerReader(AnswerLimits limits, bool is_answer_to_head)
    : impl_(std::make_unique<Impl>()) {
  constexpr std::size_t header_bytes_max = std::numeric_limits<std::uint32_t>::max();
  limits.header_bytes = std::min(limits.header_bytes, header_bytes_max);
  impl_->limits = limits;
  impl_->parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  impl_->parser.body_limit(limits.body_bytes);
  impl_->parser.eager(true);
  impl_->parser.skip(is_answer_to_head);
}

HttpAnswerReader::~HttpAnswerReader() = default;

HttpAnswerReader::State HttpAnswerReader::feed(std::string_view bytes) {
  Impl& me = *impl_;
  me.unparsed += bytes;
  std::string_view rest = me.unparsed;
  beast::error_code failure;
  while (!rest.empty() && !me.parser.is_done() && !failure)
    rest.remove_prefix(me.parser.put({rest.data(), rest.size()}, failure));
  if (failure && failure != wire::error::need_more) return me.refuse(failure);
  if (me.parser.is_header_done() && me.has_unknown_coding())
    return me.refuse("its Transfer-Encoding is not chunked");
  me.unparsed.erase(0, me.unparsed.size() - rest.size());
  if (me.parser.is_done()) return State::complete;
  // The parser itself limits neither chunk extensions nor trailers.
  if (me.unparsed.size() > me.limits.header_bytes)
    return me.refuse("a chunk extension or trailer is over " +
                     std::to_string(me.limits.header_bytes) + " bytes");
  return State::more;
}

HttpAnswerReader::State HttpAnswerReader::end() {
  Impl& me = *impl_;
  if (!me.parser.got_some()) return me.refuse("the connection was closed before an answer came");
  beast::error_code failure;
  me.parser.put_eof(failure);
  if (failure) return me.refuse(failure);
  me.ended_by_close = true;
  return State::complete;
}

const std::string& HttpAnswerReader::refusal() const { return impl_->refusal; }

bool HttpAnswerReader::reusable() const {
  const Impl& me = *impl_;
  // After 1xx the final answer is still to come, and it must not meet another request.
  return me.parser.is_done() && me.parser.keep_alive() && me.unparsed.empty() &&
         me.parser.get().result_int() >= 200;
}

HttpAnswer HttpAnswerReader::take() {
  Impl& me = *impl_;
  invariant(me.parser.is_done(), "take() of an answer that is not complete");
  HttpAnswer answer;
  answer.status = static_cast<int>(me.parser.get().result_int());
  const auto retry_after = me.parser.get().find(wire::field::retry_after);
  if (retry_after != me.parser.get().end()) answer.retry_after = std::string(retry_after->value());
  answer.body = std::move(me.parser.get().body());
  answer.ended_by_close = me.ended_by_close;
  return answer;
}

}  // namespace skald
