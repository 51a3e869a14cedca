#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace skald::expr {

__extension__ using Int128 = __int128;

/// An exact decimal number: units · 10^−scale, e.g. 12.30 is 1230 with scale 2. For money.
///
/// At most 38 digits, at most decimal_scale_max of them behind the point. An operation whose exact
/// result does not fit gives none; nothing but round() and divide() ever rounds.
struct Decimal {
  Int128 units = 0;
  std::uint8_t scale = 0;
};

inline constexpr std::uint8_t decimal_scale_max = 28;

/// Exactly digits, with '-' before and a fraction behind, as in "-12.30"; no exponent, no spaces.
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text);

/// Room for the text of any Decimal.
using DecimalText = std::array<char, 48>;
/// The text with as many digits behind the point as the scale says, kept in `room`.
[[nodiscard]] std::string_view print(const Decimal& decimal, DecimalText& room);

/// The larger scale of both.
[[nodiscard]] std::optional<Decimal> add(const Decimal& a, const Decimal& b);
[[nodiscard]] std::optional<Decimal> subtract(const Decimal& a, const Decimal& b);
/// The sum of both scales.
[[nodiscard]] std::optional<Decimal> multiply(const Decimal& a, const Decimal& b);

/// With exactly `places` digits behind the point; a tie goes to the even digit.
[[nodiscard]] std::optional<Decimal> round(const Decimal& decimal, std::uint8_t places);
/// a / b rounded like round(). `b` must not be 0.
[[nodiscard]] std::optional<Decimal> divide(const Decimal& a, const Decimal& b,
                                            std::uint8_t places);

/// Negative, 0 or positive, by value: 1.0 equals 1.00. Always exact.
[[nodiscard]] int compare(const Decimal& a, const Decimal& b);

}  // namespace skald::expr
