#include "http/live/cursor.hpp"

#include <array>
#include <charconv>

namespace skald::http {

namespace {

std::string hex(std::uint64_t value) {
  std::array<char, 16> digits{};
  return {digits.data(),
          std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr};
}

std::optional<std::uint64_t> read_hex(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, value, 16);
  if (text.empty() || failure != std::errc{} || rest != end) return std::nullopt;
  return value;
}

}  // namespace

std::string to_text(const Cursor& cursor) { return hex(cursor.process) + "-" + hex(cursor.place); }

std::optional<Cursor> read_cursor(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto process = read_hex(text.substr(0, dash));
  const auto place = read_hex(text.substr(dash + 1));
  if (!process || !place) return std::nullopt;
  return Cursor{*process, *place};
}

}  // namespace skald::http
