#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/model/time.hpp"

namespace skald::expr {

/// 0001-01-01T00:00:00Z … 9999-12-31T23:59:59.999Z.
inline constexpr Timestamp timestamp_min{Duration{-62'135'596'800'000}};
inline constexpr Timestamp timestamp_max{Duration{253'402'300'799'999}};
/// About ten thousand years either way.
inline constexpr Duration duration_max{315'576'000'000'000};

/// A timestamp of RFC 3339 §5.6 with any offset. Digits finer than a millisecond are cut off; a
/// leap second (":60") is refused, because the engine's clock has none.
[[nodiscard]] std::optional<Timestamp> parse_timestamp(std::string_view text);

/// A sum of numbers with units h, m, s, ms, us, ns, as in "1h30m", "-1.5s" or "500ms"; also "0".
/// Refused when it is no whole number of milliseconds.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);

/// In seconds when they are whole, else in milliseconds: "5400s", "1500ms".
[[nodiscard]] std::string print_duration(Duration duration);

}  // namespace skald::expr
