#pragma once

#include <optional>
#include <string_view>

#include "engine/model/time.hpp"

namespace skald {

/// The longest wait a participant can ask for; what is longer is cut to this.
inline constexpr Duration retry_after_max = std::chrono::hours{1};

/// The wait that a Retry-After field asks for (RFC 9110 §10.2.3): from 0 to retry_after_max.
///
/// Takes delta-seconds and the three forms of HTTP-date (RFC 9110 §5.6.7), which are counted from
/// `now`; a date in the past is 0. Nothing when the value is neither.
[[nodiscard]] std::optional<Duration> parse_retry_after(std::string_view value, Timestamp now);

}  // namespace skald
