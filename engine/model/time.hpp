#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace skald {

/// Spans of time in the engine, to the millisecond.
using Duration = std::chrono::milliseconds;

/// Points in wall-clock time (UTC), to the millisecond. They come in with events; the core has no
/// clock.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// RFC 3339 in UTC with milliseconds, e.g. "2026-11-21T03:10:10.042Z".
[[nodiscard]] std::string to_rfc3339(Timestamp time);

/// Reads a point in time as RFC 3339 writes it, e.g. "2026-11-21T03:10:10.042Z" or
/// "2026-11-21T04:10:10+01:00"; what is finer than a millisecond is cut off. Nothing for anything
/// else, leap seconds included.
[[nodiscard]] std::optional<Timestamp> parse_rfc3339(std::string_view text);

/// Reads a span of time as documents write it: whole numbers with the units d, h, m, s and ms, the
/// longest first, each at most once: "200ms", "30s", "1h30m". Nothing for anything else, for more
/// than ten years included.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);

/// The shortest text that parse_duration() reads as `span`, e.g. "1h30m"; "0s" for none.
[[nodiscard]] std::string duration_text(Duration span);

}  // namespace skald
