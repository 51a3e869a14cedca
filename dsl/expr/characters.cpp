#include "dsl/expr/characters.hpp"

#include <algorithm>
#include <array>

namespace skald::expr {

namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// The code point at the front of `text`, which begins with a whole one.
std::uint32_t front_of(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const auto width = std::min(width_of(text.front()), text.size());
  if (width == 1) return lead;
  std::uint32_t value = lead & (0xFFU >> (width + 1));
  for (std::size_t i = 1; i < width; ++i)
    value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  return value;
}

bool is_valid_front(std::string_view text) {
  static constexpr std::array<std::uint32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  const auto width = width_of(text.front());
  if (width == 1) return static_cast<unsigned char>(text.front()) < 0x80;
  if (width > text.size()) return false;
  for (std::size_t i = 1; i < width; ++i)
    if (!is_continuation(text[i])) return false;
  const auto value = front_of(text);
  return value >= smallest[width] && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
}

/// The property White_Space of Unicode.
bool is_space(std::uint32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

}  // namespace

std::size_t width_of(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte >= 0xF0 && byte < 0xF8) return 4;
  if (byte >= 0xE0 && byte < 0xF0) return 3;
  return byte >= 0xC0 && byte < 0xE0 ? 2 : 1;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    if (!is_valid_front(text)) return false;
    text.remove_prefix(width_of(text.front()));
  }
  return true;
}

std::size_t count_characters(std::string_view text) {
  return text.size() -
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_continuation));
}

std::optional<std::size_t> byte_of(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  for (; index > 0 && at < text.size(); --index) at += width_of(text[at]);
  if (index > 0) return std::nullopt;
  return std::min(at, text.size());
}

std::string clipped(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  while (bytes > 0 && is_continuation(text[bytes])) --bytes;
  return std::string(text.substr(0, bytes)) + "…";
}

bool append_character(std::string& out, std::uint32_t code_point) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  const auto tail = [&](unsigned shift) { put(0x80U | (code_point >> shift & 0x3FU)); };
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) return false;
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0U | code_point >> 6);
    tail(0);
  } else if (code_point < 0x10000) {
    put(0xE0U | code_point >> 12);
    tail(6);
    tail(0);
  } else {
    put(0xF0U | code_point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(front_of(text))) text.remove_prefix(width_of(text.front()));
  while (!text.empty()) {
    auto last = text.size() - 1;
    while (last > 0 && is_continuation(text[last])) --last;
    if (!is_space(front_of(text.substr(last)))) break;
    text.remove_suffix(text.size() - last);
  }
  return text;
}

}  // namespace skald::expr
