#pragma once

#include <optional>
#include <string_view>

namespace skald {

/// HTTP statuses that belong together, both ends included.
struct StatusRange {
  int first = 0;
  int last = 999;
  [[nodiscard]] bool has(int status) const { return status >= first && status <= last; }
  [[nodiscard]] bool has(const StatusRange& other) const {
    return other.first >= first && other.last <= last;
  }
};

/// Reads "200", "4xx", "200-204" or "" (any), with statuses from 100 to 999. Nothing when `text` is
/// none of these; such a rule fits no answer, so definitions must be checked for it.
[[nodiscard]] std::optional<StatusRange> parse_status_pattern(std::string_view text);

/// Whether `wide` names every answer that `narrow` names: they are the same, or both are statuses
/// and those of `narrow` lie in those of `wide`.
[[nodiscard]] bool names_all_of(std::string_view wide, std::string_view narrow);

}  // namespace skald
