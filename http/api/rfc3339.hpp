#pragma once

#include <optional>
#include <string_view>

#include "engine/model/time.hpp"

namespace skald::http {

/// Reads a point in time as RFC 3339 writes it, e.g. "2026-11-21T03:10:10.042Z" or
/// "2026-11-21T04:10:10+01:00"; what is finer than a millisecond is cut off. Nothing for anything
/// else, leap seconds included.
[[nodiscard]] std::optional<Timestamp> parse_rfc3339(std::string_view text);

}  // namespace skald::http
