#pragma once

#include <chrono>
#include <string>

namespace skald {

/// Spans of time in the engine, to the millisecond.
using Duration = std::chrono::milliseconds;

/// Points in wall-clock time (UTC), to the millisecond. They come in with events; the core has no
/// clock.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// RFC 3339 in UTC with milliseconds, e.g. "2026-11-21T03:10:10.042Z".
[[nodiscard]] std::string to_rfc3339(Timestamp time);

}  // namespace skald
