#include "dsl/diagram/text.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace skald::diagram {

namespace {

constexpr char32_t replacement = 0xFFFD;

/// Length of the sequence that begins with `lead`; 0 when none does.
std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

/// The character of a sequence of the right length. RFC 3629 §3 allows no overlong forms, no
/// surrogates and nothing above U+10FFFF.
std::optional<char32_t> decoded(std::string_view sequence) {
  static constexpr std::array<unsigned char, 5> lead_bits{0, 0x7F, 0x1F, 0x0F, 0x07};
  static constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  const std::size_t length = sequence.size();
  char32_t character = static_cast<unsigned char>(sequence[0]) & lead_bits[length];
  for (const char c : sequence.substr(1)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) return std::nullopt;
    character = (character << 6) | (byte & 0x3F);
  }
  const bool surrogate = character >= 0xD800 && character < 0xE000;
  if (character < smallest[length] || surrogate || character > 0x10FFFF) return std::nullopt;
  return character;
}

bool between(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

bool is_control(char32_t c) {
  return c < 0x20 || between(c, 0x7F, 0x9F) || between(c, 0x2028, 0x2029);
}

/// Invisible marks that reorder what stands around them (Unicode Standard Annex 9), and
/// noncharacters.
bool is_unfit(char32_t c) {
  return between(c, 0x202A, 0x202E) || between(c, 0x2066, 0x2069) || between(c, 0x200E, 0x200F) ||
         c == 0x061C || c == 0xFEFF || (c & 0xFFFE) == 0xFFFE || between(c, 0xFDD0, 0xFDEF);
}

bool is_wide(char32_t c) {
  return between(c, 0x1100, 0x115F) || between(c, 0x2E80, 0xA4CF) || between(c, 0xAC00, 0xD7A3) ||
         between(c, 0xF900, 0xFAFF) || between(c, 0xFE30, 0xFE4F) || between(c, 0xFF00, 0xFF60) ||
         c >= 0x1F000;
}

/// Advance widths of Helvetica in thousandths, from ' ' to '~' (Adobe Core 14 AFM files); Arial and
/// Liberation Sans have the same.
constexpr std::array<short, 95> helvetica{
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};

double width_of(char32_t c) {
  if (c >= ' ' && c <= '~') return helvetica[c - ' '] / 1000.0;
  if (is_wide(c)) return 1.0;
  return c < 0x2000 ? 0.6 : 0.8;
}

}  // namespace

std::u32string characters(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = length_of(static_cast<unsigned char>(text[at]));
    const bool whole = length > 0 && at + length <= text.size();
    const auto character = whole ? decoded(text.substr(at, length)) : std::nullopt;
    out += character.value_or(replacement);
    at += character ? length : 1;
  }
  return out;
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0 | (c >> 6));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

std::string one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool space = false;
  for (const char32_t c : characters(text)) {
    const bool blank = c == ' ' || is_control(c);
    if (!blank && space && !out.empty()) out += ' ';
    if (!blank) append_utf8(out, is_unfit(c) ? replacement : c);
    space = blank;
  }
  return out;
}

std::string shortened(const std::string& text, std::size_t most) {
  const auto all = characters(text);
  if (all.size() <= most) return text;
  std::string out;
  for (std::size_t i = 0; i + 1 < most; ++i) append_utf8(out, all[i]);
  return out + "…";
}

double width_of(std::string_view text) {
  double width = 0;
  for (const char32_t c : characters(text)) width += width_of(c);
  return width;
}

std::vector<std::string> wrapped(const std::string& text, std::size_t most) {
  std::vector<std::string> lines;
  std::u32string rest = characters(text);
  while (rest.size() > most) {
    auto end = rest.rfind(U' ', most);
    if (end == rest.npos || end == 0) end = most;
    std::string line;
    for (const char32_t c : rest.substr(0, end)) append_utf8(line, c);
    lines.push_back(std::move(line));
    rest.erase(0, rest[end] == U' ' ? end + 1 : end);
  }
  std::string line;
  for (const char32_t c : rest) append_utf8(line, c);
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace skald::diagram
