#include "engine/model/status_range.hpp"

#include <charconv>

namespace skald {

namespace {

std::optional<int> parse_status(std::string_view text) {
  int status = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), status);
  const bool whole = failure == std::errc{} && end == text.data() + text.size();
  if (!whole || text.size() != 3 || status < 100) return std::nullopt;
  return status;
}

}  // namespace

std::optional<StatusRange> parse_status_pattern(std::string_view text) {
  if (text.empty()) return StatusRange{};
  if (text.size() == 3 && text.ends_with("xx") && text[0] >= '1' && text[0] <= '9') {
    const int hundreds = (text[0] - '0') * 100;
    return StatusRange{hundreds, hundreds + 99};
  }
  const std::size_t dash = text.find('-');
  const auto first = parse_status(text.substr(0, dash));
  const auto last = dash == text.npos ? first : parse_status(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return StatusRange{*first, *last};
}

bool names_all_of(std::string_view wide, std::string_view narrow) {
  if (wide == narrow) return true;
  const auto outer = parse_status_pattern(wide), inner = parse_status_pattern(narrow);
  return outer && inner && outer->has(*inner);
}

}  // namespace skald
