#include "engine/participants/safe_text.hpp"

#include <algorithm>
#include <cstdint>

namespace skald {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// The bounds of the second byte after `lead`, and how many bytes follow it (RFC 3629 §4).
struct Sequence {
  std::size_t size = 0;  ///< 0: no character begins with this byte
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
};

Sequence sequence_of(unsigned char lead) {
  if (lead < 0x80) return {.size = 1};
  if (lead >= 0xC2 && lead <= 0xDF) return {.size = 2};
  if (lead == 0xE0) return {.size = 3, .low = 0xA0};
  if (lead == 0xED) return {.size = 3, .high = 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {.size = 3};
  if (lead == 0xF0) return {.size = 4, .low = 0x90};
  if (lead == 0xF4) return {.size = 4, .high = 0x8F};
  if (lead >= 0xF1 && lead <= 0xF3) return {.size = 4};
  return {};
}

/// The size of the character at the start of `text`; 0 if there is none.
std::size_t character_size(std::string_view text) {
  const Sequence sequence = sequence_of(static_cast<unsigned char>(text[0]));
  if (sequence.size > text.size()) return 0;
  for (std::size_t i = 1; i < sequence.size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const unsigned char low = i == 1 ? sequence.low : 0x80;
    const unsigned char high = i == 1 ? sequence.high : 0xBF;
    if (byte < low || byte > high) return 0;
  }
  return sequence.size;
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  const bool c1 = first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
  return character.size() == 2 && c1;
}

}  // namespace

std::string safe_text(std::string_view text, std::size_t bytes_max) {
  std::string safe;
  safe.reserve(std::min(text.size(), bytes_max));
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    std::string_view character = size == 0 ? replacement : text.substr(0, size);
    if (is_control(character)) character = " ";
    if (safe.size() + character.size() > bytes_max) break;
    safe += character;
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return safe;
}

}  // namespace skald
