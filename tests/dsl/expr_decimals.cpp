#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>

#include "dsl/expr/decimal.hpp"
#include "tests/dsl/expr_saga.hpp"

namespace skald::test {

namespace {

TEST_CASE("decimals are exact and keep their scale") {
  check_all({}, {{"decimal('12.30')", "\"12.30\""},
                 {"decimal('-0.05') + decimal('0')", "\"-0.05\""},
                 {"decimal(7)", "\"7\""},
                 {"decimal('0.1') + decimal('0.2') == decimal('0.3')", "true"},
                 {"decimal('12.30') + decimal('0.7')", "\"13.00\""},
                 {"decimal('12.30') - 20", "\"-7.70\""},
                 {"3 * decimal('12.30')", "\"36.90\""},
                 {"decimal('0.10') * decimal('0.10')", "\"0.0100\""},
                 {"-decimal('1.50')", "\"-1.50\""},
                 {"string(decimal('1.50')) + '!'", "\"1.50!\""},
                 {"decimal(input.price) * input.items[0].quantity", "\"24.60\""},
                 {"int(decimal('12.00')) + 1", "13"},
                 {"int(decimal('12.30'))", "!the decimal is no whole number: round(d, 0) it first"},
                 {"int(decimal('9223372036854775808'))", "!the decimal does not fit an int"}});
}

TEST_CASE("decimals compare by value with decimals and ints, and with nothing else") {
  check_all({}, {{"decimal('1.0') == decimal('1.00') && decimal('1.00') == 1", "true"},
                 {"decimal('1.01') > 1 && 1 < decimal('1.01') && decimal('-1') < 0", "true"},
                 {"decimal('99999999999999999999999999999999999999') > decimal('0.1')", "true"},
                 {"decimal('-99999999999999999999999999999999999999') < decimal('0.1')", "true"},
                 {"decimal('0.1') < decimal('99999999999999999999999999999999999999')", "true"},
                 {"decimal('1.5') == 1.5", "EXPR_TYPE"},
                 {"decimal('1.5') < 1.5", "EXPR_TYPE"},
                 {"decimal('1.5') + 1.5", "EXPR_TYPE"},
                 {"decimal('1.5') == '1.5'", "EXPR_TYPE"},
                 {"decimal(input.price) == input.rate",
                  "!there is no decimal == double: a double is not exact; use decimal(\"…\")"},
                 {"decimal('12.30') == input.price",
                  "!there is no decimal == string: convert with string(), int(), decimal() or "
                  "timestamp()"},
                 {"[decimal('1')] == ['1']",
                  "!there is no decimal == string: convert with string(), int(), decimal() or "
                  "timestamp()"}});
}

TEST_CASE("only digits with a point make a decimal") {
  check_all({}, {{"decimal('')", "EXPR_LITERAL"},
                 {"decimal('-')", "EXPR_LITERAL"},
                 {"decimal('.5')", "EXPR_LITERAL"},
                 {"decimal('5.')", "EXPR_LITERAL"},
                 {"decimal('1.2.3')", "EXPR_LITERAL"},
                 {"decimal('+1')", "EXPR_LITERAL"},
                 {"decimal('1e3')", "EXPR_LITERAL"},
                 {"decimal('1,5')", "EXPR_LITERAL"},
                 {"decimal(' 1')", "EXPR_LITERAL"},
                 {"decimal('0.00000000000000000000000000001')", "EXPR_LITERAL"},
                 {"decimal('100000000000000000000000000000000000000')", "EXPR_LITERAL"},
                 {"decimal('0000000000000000000000000000000000000000000001')", "\"1\""},
                 {"decimal(1.5)", "EXPR_TYPE"},
                 {"decimal(input.rate)", "!decimal() does not take (double)"},
                 {"decimal(input.tier)",
                  "!'gold' is no decimal (digits with at most 28 behind a point)"}});
}

TEST_CASE("what does not fit is an error, never a rounded value") {
  constexpr std::string_view over =
      "!the result has more than 38 digits, or more than 28 behind the point: round() what goes in";
  check_all({}, {{"decimal('99999999999999999999999999999999999999') + 1", over},
                 {"decimal('-99999999999999999999999999999999999999') - 1", over},
                 {"decimal('99999999999999999999999999999999999999') + decimal('0.1')", over},
                 {"decimal('9999999999999999999') * decimal('99999999999999999999')", over},
                 {"decimal('0.000000000000001') * decimal('0.00000000000001')", over},
                 {"decimal('0.00000000000001') * decimal('0.00000000000001')",
                  "\"0.0000000000000000000000000001\""}});
}

TEST_CASE("round() and div() go to the nearest, ties to the even digit") {
  check_all(
      {},
      {{"round(decimal('2.345'), 2)", "\"2.34\""},
       {"round(decimal('2.355'), 2)", "\"2.36\""},
       {"round(decimal('2.3450001'), 2)", "\"2.35\""},
       {"round(decimal('-2.345'), 2)", "\"-2.34\""},
       {"round(decimal('-2.355'), 2)", "\"-2.36\""},
       {"round(decimal('0.5'), 0) + round(decimal('1.5'), 0)", "\"2\""},
       {"round(decimal('1.5'), 3)", "\"1.500\""},
       {"round(7, 2)", "\"7.00\""},
       {"round(decimal('1'), 29)", "!the result has more than 38 digits, or places is not 0 to 28"},
       {"round(decimal('1'), -1)", "!the result has more than 38 digits, or places is not 0 to 28"},
       {"round(1.5, 0)", "EXPR_TYPE"},
       {"div(10, 3, 2)", "\"3.33\""},
       {"div(decimal('20'), 3, 2)", "\"6.67\""},
       {"div(-1, 8, 2)", "\"-0.12\""},
       {"div(3, decimal('-8'), 2)", "\"-0.38\""},
       {"div(decimal('0.001'), decimal('0.02'), 1)", "\"0.0\""},
       {"div(decimal('0.003'), decimal('0.02'), 1)", "\"0.2\""},
       {"div(1, 0, 2)", "!division by zero"},
       {"div(1, decimal('0.00'), 2)", "!division by zero"},
       {"div(decimal('99999999999999999999999999999999999999'), 3, 2)",
        "!the division takes more than 38 digits, or places is not 0 to 28"},
       {"decimal('1') / 3", "EXPR_TYPE"},
       {"decimal(input.price) / input.amount",
        "!there is no decimal / int: use div(a, b, places), which says how to round"}});
}

/// The same arithmetic the way it is done on paper, on digits in text: an independent check.
struct Paper {
  bool negative = false;
  std::string digits;  ///< all of them, without a point
  std::size_t scale = 0;
};

Paper paper(std::string text) {
  Paper result;
  result.negative = text.starts_with('-');
  if (result.negative) text.erase(0, 1);
  const auto point = text.find('.');
  if (point != std::string::npos) result.scale = text.size() - point - 1;
  if (point != std::string::npos) text.erase(point, 1);
  result.digits = text;
  return result;
}

void strip(std::string& digits) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
}

std::string shown(Paper value) {
  if (value.digits.size() <= value.scale)
    value.digits.insert(0, value.scale + 1 - value.digits.size(), '0');
  strip(value.digits);
  if (value.digits.size() <= value.scale)
    value.digits.insert(0, value.scale + 1 - value.digits.size(), '0');
  const bool zero = value.digits.find_first_not_of('0') == std::string::npos;
  if (value.scale > 0) value.digits.insert(value.digits.size() - value.scale, ".");
  return (value.negative && !zero ? "-" : "") + value.digits;
}

/// a ± b for a >= b >= 0 of the same length.
std::string columns(const std::string& a, const std::string& b, int sign) {
  std::string result(a.size() + 1, '0');
  int carry = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto at = a.size() - 1 - i;
    int digit = (a[at] - '0') + sign * (b[at] - '0') + carry;
    carry = digit < 0 ? -1 : digit / 10;
    digit = (digit + 10) % 10;
    result[at + 1] = static_cast<char>('0' + digit);
  }
  result[0] = static_cast<char>('0' + carry);
  return result;
}

std::string paper_sum(const std::string& left, const std::string& right) {
  Paper a = paper(left), b = paper(right);
  const auto scale = std::max(a.scale, b.scale);
  a.digits.append(scale - a.scale, '0');
  b.digits.append(scale - b.scale, '0');
  const auto size = std::max(a.digits.size(), b.digits.size());
  a.digits.insert(0, size - a.digits.size(), '0');
  b.digits.insert(0, size - b.digits.size(), '0');
  if (a.digits < b.digits) std::swap(a, b);
  const int sign = a.negative == b.negative ? 1 : -1;
  return shown({a.negative, columns(a.digits, b.digits, sign), scale});
}

std::string paper_product(const std::string& left, const std::string& right) {
  const Paper a = paper(left), b = paper(right);
  std::vector<int> places(a.digits.size() + b.digits.size(), 0);
  for (std::size_t i = 0; i < a.digits.size(); ++i)
    for (std::size_t j = 0; j < b.digits.size(); ++j)
      places[i + j + 1] += (a.digits[i] - '0') * (b.digits[j] - '0');
  std::string digits(places.size(), '0');
  int carry = 0;
  for (std::size_t i = places.size(); i-- > 0;) {
    carry += places[i];
    digits[i] = static_cast<char>('0' + carry % 10);
    carry /= 10;
  }
  return shown({a.negative != b.negative, digits, a.scale + b.scale});
}

/// The digits of a number that differs each time, from a fixed sequence.
std::string next_number(std::uint64_t& state) {
  const auto next = [&] {
    return (state = state * 6364136223846793005U + 1442695040888963407U) >> 33;
  };
  std::string text = next() % 2 == 0 ? "-" : "";
  const auto whole = 1 + next() % 12, fraction = next() % 7;
  for (std::uint64_t i = 0; i < whole; ++i) text += static_cast<char>('0' + next() % 10);
  for (std::uint64_t i = 0; i < fraction; ++i)
    text += (i == 0 ? "." : "") + std::string(1, static_cast<char>('0' + next() % 10));
  return text;
}

std::string text_of(const std::optional<expr::Decimal>& decimal) {
  expr::DecimalText room;
  return decimal ? std::string(print(*decimal, room)) : "none";
}

TEST_CASE("sums, differences and products are those that paper gives") {
  std::uint64_t state = 1;
  for (int i = 0; i < 20'000; ++i) {
    const auto left = next_number(state), right = next_number(state);
    const auto a = expr::parse_decimal(left), b = expr::parse_decimal(right);
    REQUIRE((a && b));
    const auto minus = right.starts_with('-') ? right.substr(1) : "-" + right;
    const bool right_sum = text_of(add(*a, *b)) == paper_sum(left, right);
    const bool right_difference = text_of(subtract(*a, *b)) == paper_sum(left, minus);
    const bool right_product = text_of(multiply(*a, *b)) == paper_product(left, right);
    if (!right_sum || !right_difference || !right_product) FAIL_CHECK(left, " ", right);
  }
}

TEST_CASE("a quotient times the divisor is nearest to the dividend") {
  std::uint64_t state = 2;
  for (int i = 0; i < 20'000; ++i) {
    const auto a = *expr::parse_decimal(next_number(state));
    const auto b = *expr::parse_decimal(next_number(state));
    if (b.units == 0) continue;
    const auto quotient = *divide(a, b, 4);
    const auto error = [&](std::int64_t units_off) {
      const expr::Decimal other{quotient.units + units_off, 4};
      auto rest = *subtract(a, *multiply(other, b));
      if (rest.units < 0) rest.units = -rest.units;
      return rest;
    };
    const auto least = error(0);
    const int up = compare(least, error(1)), down = compare(least, error(-1));
    if (up > 0 || down > 0) FAIL_CHECK(i);
    if ((up == 0 || down == 0) && quotient.units % 2 != 0) FAIL_CHECK("tie to odd ", i);
  }
}

}  // namespace

}  // namespace skald::test
