#include "dsl/json/read.hpp"

#include <charconv>
#include <cmath>

namespace skald::document {

namespace {

/// Where the first byte stands that is not UTF-8 (RFC 3629 §4), or none.
std::optional<std::size_t> bad_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned first = byte(i), second = byte(i + 1);
    std::size_t length = 1;
    if (first >= 0xC2 && first < 0xE0) length = 2;
    if (first >= 0xE0 && first < 0xF0) length = 3;
    if (first >= 0xF0 && first < 0xF5) length = 4;
    bool good = first < 0x80 || length > 1;
    for (std::size_t j = 1; j < length; ++j) good = good && (byte(i + j) & 0xC0) == 0x80;
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool surrogate = first == 0xED && second >= 0xA0;
    const bool beyond = first == 0xF4 && second >= 0x90;
    if (!good || overlong || surrogate || beyond) return i;
    i += length;
  }
  return std::nullopt;
}

}  // namespace

bool acceptable_text(std::string_view text, const Limits& limits, Report& report) {
  static const Place root;
  if (text.size() > limits.size) {
    report.add(root, "larger than " + std::to_string(limits.size) + " bytes", "TOO_LARGE");
    return false;
  }
  const auto bad = bad_utf8(text);
  if (!bad) return true;
  Spot spot;
  for (const char c : text.substr(0, *bad)) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++spot.column;
    if (c == '\n') spot = {spot.line + 1, 1};
  }
  report.add_at(root, spot, "is not UTF-8 from here on; save the document as UTF-8", "ENCODING");
  return false;
}

std::optional<Node::Value> read_number(std::string_view text) {
  const char* end = text.data() + text.size();
  if (text.find_first_of(".eE") == text.npos) {
    std::int64_t whole = 0;
    if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc())
      return read.ptr == end ? std::optional<Node::Value>(whole) : std::nullopt;
    std::uint64_t large = 0;
    const auto read = std::from_chars(text.data(), end, large);
    if (read.ec == std::errc() && read.ptr == end) return large;
    return std::nullopt;
  }
  double number = 0;
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || !std::isfinite(number)) return std::nullopt;
  constexpr double exact = 9007199254740992.0;  // 2^53
  if (std::trunc(number) == number && std::fabs(number) <= exact)
    return static_cast<std::int64_t>(number);
  return number;
}

}  // namespace skald::document
