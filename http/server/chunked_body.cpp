#include "http/server/chunked_body.hpp"

#include <algorithm>

#include "http/server/field_syntax.hpp"

namespace skald::http {

ChunkedBody::ChunkedBody(std::size_t bytes_max)
    : bytes_left_(std::min(bytes_max, std::size_t{1} << 56)) {}
ChunkedBody::Progress ChunkedBody::feed(std::string_view bytes, std::string& body) {
  std::size_t used = 0;
  while (used < bytes.size()) {
    if (expect_ == Expect::data) {
      const auto part = bytes.substr(used, size_);
      body += part;
      used += part.size();
      size_ -= part.size();
      if (size_ == 0) expect_ = Expect::data_cr;
      continue;
    }
    const auto state = take_framing(bytes[used++]);
    if (state != State::more) return {state, used};
  }
  return {State::more, used};
}

ChunkedBody::State ChunkedBody::take_framing(char c) {
  switch (expect_) {
    case Expect::size_first:
    case Expect::size:
      return take_size(c);
    case Expect::size_lf:
      return expect(c, '\n', size_ == 0 ? Expect::end_cr : Expect::data);
    case Expect::data:
      break;  // taken in whole parts by feed()
    case Expect::data_cr:
      return expect(c, '\r', Expect::data_lf);
    case Expect::data_lf:
      return expect(c, '\n', Expect::size_first);
    case Expect::end_cr:
      return expect(c, '\r', Expect::end_lf);
    case Expect::end_lf:
      return c == '\n' ? State::done : State::malformed;
  }
  return State::malformed;
}

ChunkedBody::State ChunkedBody::take_size(char c) {
  if (c == '\r' && expect_ == Expect::size) {
    bytes_left_ -= size_;
    expect_ = Expect::size_lf;
    return State::more;
  }
  const int digit = hex_value(c);
  if (digit < 0) return State::malformed;
  // Cannot overflow: what it grows from is at most 2^56, by this check and the constructor.
  size_ = size_ * 16 + static_cast<std::size_t>(digit);
  if (size_ > bytes_left_) return State::too_large;
  expect_ = Expect::size;
  return State::more;
}

ChunkedBody::State ChunkedBody::expect(char c, char wanted, Expect next) {
  if (c != wanted) return State::malformed;
  expect_ = next;
  return State::more;
}

}  // namespace skald::http
