#include "dsl/expr/decimal.hpp"

#include <algorithm>

namespace skald::expr {

namespace {

constexpr int digits_max = 38;

constexpr std::array<Int128, digits_max + 1> powers = [] {
  std::array<Int128, digits_max + 1> table{};
  table[0] = 1;
  for (std::size_t i = 1; i < table.size(); ++i) table[i] = table[i - 1] * 10;
  return table;
}();

Int128 magnitude(Int128 value) { return value < 0 ? -value : value; }

bool fits(Int128 units) { return magnitude(units) < powers[digits_max]; }

/// `units` · 10^`places`, when it fits.
std::optional<Int128> shifted(Int128 units, int places) {
  Int128 result = 0;
  if (places > digits_max) return units == 0 ? std::optional<Int128>(0) : std::nullopt;
  if (__builtin_mul_overflow(units, powers[static_cast<std::size_t>(places)], &result) ||
      !fits(result))
    return std::nullopt;
  return result;
}

/// a / b to the nearest integer, a tie to the even one.
Int128 nearest(Int128 a, Int128 b) {
  const Int128 quotient = a / b;
  const Int128 rest = magnitude(a % b);
  const Int128 other = magnitude(b) - rest;  // 2 · rest may not fit
  const bool away = rest > other || (rest == other && quotient % 2 != 0);
  if (!away) return quotient;
  return (a < 0) == (b < 0) ? quotient + 1 : quotient - 1;
}

std::optional<Decimal> sum(const Decimal& a, const Decimal& b, bool negative) {
  const auto scale = std::max(a.scale, b.scale);
  const auto left = shifted(a.units, scale - a.scale);
  const auto right = shifted(b.units, scale - b.scale);
  if (!left || !right) return std::nullopt;
  const Int128 units = negative ? *left - *right : *left + *right;  // both below 10^38
  if (!fits(units)) return std::nullopt;
  return Decimal{units, scale};
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto point = text.find('.');
  const auto scale = point == std::string_view::npos ? 0 : text.size() - point - 1;
  if (text.empty() || point == 0 || text.back() == '.' || scale > decimal_scale_max)
    return std::nullopt;
  Decimal decimal{0, static_cast<std::uint8_t>(scale)};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == point) continue;
    if (text[i] < '0' || text[i] > '9' || decimal.units >= powers[digits_max - 1])
      return std::nullopt;
    decimal.units = decimal.units * 10 + (text[i] - '0');
  }
  if (negative) decimal.units = -decimal.units;
  return decimal;
}

std::string_view print(const Decimal& decimal, DecimalText& room) {
  auto at = room.size();
  Int128 left = magnitude(decimal.units);
  for (int digit = 0; left != 0 || digit <= decimal.scale; ++digit) {
    if (digit == decimal.scale && digit != 0) room[--at] = '.';
    room[--at] = static_cast<char>('0' + static_cast<int>(left % 10));
    left /= 10;
  }
  if (decimal.units < 0) room[--at] = '-';
  return {room.data() + at, room.size() - at};
}

std::optional<Decimal> add(const Decimal& a, const Decimal& b) { return sum(a, b, false); }

std::optional<Decimal> subtract(const Decimal& a, const Decimal& b) { return sum(a, b, true); }

std::optional<Decimal> multiply(const Decimal& a, const Decimal& b) {
  Int128 units = 0;
  const int scale = a.scale + b.scale;
  if (__builtin_mul_overflow(a.units, b.units, &units) || !fits(units) || scale > decimal_scale_max)
    return std::nullopt;
  return Decimal{units, static_cast<std::uint8_t>(scale)};
}

std::optional<Decimal> round(const Decimal& decimal, std::uint8_t places) {
  if (places > decimal_scale_max) return std::nullopt;
  if (places < decimal.scale) {
    const auto divisor = powers[static_cast<std::size_t>(decimal.scale - places)];
    return Decimal{nearest(decimal.units, divisor), places};
  }
  const auto units = shifted(decimal.units, places - decimal.scale);
  if (!units) return std::nullopt;
  return Decimal{*units, places};
}

std::optional<Decimal> divide(const Decimal& a, const Decimal& b, std::uint8_t places) {
  if (places > decimal_scale_max) return std::nullopt;
  const int shift = places + b.scale - a.scale;
  const auto numerator = shifted(a.units, std::max(shift, 0));
  const auto denominator = shifted(b.units, std::max(-shift, 0));
  if (!numerator || !denominator) return std::nullopt;
  return Decimal{nearest(*numerator, *denominator), places};
}

int compare(const Decimal& a, const Decimal& b) {
  const auto scale = std::max(a.scale, b.scale);
  const auto left = shifted(a.units, scale - a.scale);
  const auto right = shifted(b.units, scale - b.scale);
  // What does not fit is larger in magnitude than everything that does; both cannot overflow,
  // because one of them already has the common scale.
  if (!left) return a.units < 0 ? -1 : 1;
  if (!right) return b.units < 0 ? 1 : -1;
  return *left < *right ? -1 : static_cast<int>(*left > *right);
}

}  // namespace skald::expr
