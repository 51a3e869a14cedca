#include "dsl/expr/operators.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace skald::expr {

namespace {

Decimal widened(const Datum& value) {
  return value.is(Kind::integer) ? Decimal{value.integer, 0} : value.decimal();
}

Datum no_overload(const Call& call, Op op, const Datum& a, const Datum& b) {
  const bool money = a.is(Kind::decimal) || b.is(Kind::decimal);
  std::string_view hint;
  if (money && (a.is(Kind::real) || b.is(Kind::real)))
    hint = ": a double is not exact; use decimal(\"…\")";
  else if (money && op == Op::divide)
    hint = ": use div(a, b, places), which says how to round";
  else if (a.is(Kind::text) != b.is(Kind::text))
    hint = ": convert with string(), int(), decimal() or timestamp()";
  return call.fail({"there is no ", name_of(a.kind), " ", sign_of(op), " ", name_of(b.kind), hint});
}

Datum overflow(const Call& call) { return call.fail({"the result does not fit 64 bits"}); }

Datum integers(const Call& call, Op op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if ((op == Op::divide || op == Op::remainder) && b == 0)
    return call.fail({op == Op::divide ? "division by zero" : "remainder of a division by zero"});
  if ((op == Op::divide || op == Op::remainder) && b == -1)  // the only quotient that overflows
    return __builtin_sub_overflow(std::int64_t{0}, a, &result)
               ? overflow(call)
               : of_integer(op == Op::divide ? result : 0);
  bool over = false;
  if (op == Op::add) over = __builtin_add_overflow(a, b, &result);
  if (op == Op::subtract) over = __builtin_sub_overflow(a, b, &result);
  if (op == Op::multiply) over = __builtin_mul_overflow(a, b, &result);
  if (op == Op::divide) result = a / b;
  if (op == Op::remainder) result = a % b;
  return over ? overflow(call) : of_integer(result);
}

Datum reals(Op op, double a, double b) {
  if (op == Op::add) return of_real(a + b);
  if (op == Op::subtract) return of_real(a - b);
  return of_real(op == Op::multiply ? a * b : a / b);
}

Datum decimals(const Call& call, Op op, const Datum& a, const Datum& b) {
  std::optional<Decimal> result;
  if (op == Op::add) result = add(widened(a), widened(b));
  if (op == Op::subtract) result = subtract(widened(a), widened(b));
  if (op == Op::multiply) result = multiply(widened(a), widened(b));
  if (!result)
    return call.fail(
        {"the result has more than 38 digits, or more than 28 behind the point: "
         "round() what goes in"});
  return of_decimal(*result);
}

Datum times(const Call& call, Kind kind, std::int64_t a, std::int64_t b, bool minus) {
  // Both are far below the limit of 64 bits: see timestamp_max and duration_max.
  const auto result = minus ? a - b : a + b;
  if (kind == Kind::timestamp) {
    const Timestamp time{Duration{result}};
    if (time < timestamp_min || time > timestamp_max)
      return call.fail({"the timestamp lies outside of the years 1 to 9999"});
    return of_timestamp(time);
  }
  if (result > duration_max.count() || result < -duration_max.count())
    return call.fail({"the duration is longer than 10000 years"});
  return of_duration(Duration{result});
}

Datum concatenated(const Call& call, const Datum& a, const Datum& b) {
  const auto room = call.scratch.items(std::size_t{a.size} + b.size);
  if (call.scratch.spent()) return Scratch::limit_passed();
  for (std::size_t i = 0; i < a.size; ++i) room[i] = item_of(a, i);
  for (std::size_t i = 0; i < b.size; ++i) room[a.size + i] = item_of(b, i);
  return Scratch::list(room);
}

constexpr int unordered = 2;

int sign_of_difference(std::int64_t a, double b) {
  static constexpr double limit = 9223372036854775808.0;  // 2^63
  if (std::isnan(b)) return unordered;
  if (b >= limit) return -1;
  if (b < -limit) return 1;
  const auto whole = static_cast<std::int64_t>(b);
  if (a != whole) return a < whole ? -1 : 1;
  const double rest = b - static_cast<double>(whole);
  return rest > 0 ? -1 : static_cast<int>(rest < 0);
}

template <class T>
int sign_of_difference(const T& a, const T& b) {
  if (a == b) return 0;
  if (a < b) return -1;
  return b < a ? 1 : unordered;
}

/// Negative, 0, positive, or unordered, of two values whose kinds are ordered.
int order(const Datum& a, const Datum& b) {
  if (a.is(Kind::decimal) || b.is(Kind::decimal)) return compare(widened(a), widened(b));
  if (a.is(Kind::real) && b.is(Kind::real)) return sign_of_difference(a.real, b.real);
  if (b.is(Kind::real)) return sign_of_difference(a.integer, b.real);
  if (a.is(Kind::real)) {
    const int other = sign_of_difference(b.integer, a.real);
    return other == unordered ? unordered : -other;
  }
  if (a.is(Kind::text)) return sign_of_difference(a.text(), b.text());
  if (a.is(Kind::boolean)) return static_cast<int>(a.truth) - static_cast<int>(b.truth);
  return sign_of_difference(a.integer, b.integer);
}

/// Whether two lists, maps, optionals or oversized integers are equal.
Datum equal_parts(const Call& call, const Datum& a, const Datum& b) {
  static constexpr std::uint32_t nesting_max = 256;
  if (a.size != b.size) return of_boolean(false);
  if (a.is(Kind::oversized)) return of_boolean(same_oversized(a, b));
  const Call inner{call.scratch, call.offset, call.nesting + 1};
  if (inner.nesting > nesting_max) return call.fail({"the values are nested too deep to compare"});
  Datum same = of_boolean(true);
  const auto go_on = [&](const Datum& left, const Datum& right) {
    same = equality(inner, left, right);
    return !same.is(Kind::failure) && same.truth;
  };
  if (a.is(Kind::map)) {
    const bool all = for_each_entry(a, [&](std::string_view key, const Datum& value) {
      const auto other = entry_of(b, key);
      return other && go_on(value, *other);
    });
    return all || same.is(Kind::failure) ? same : of_boolean(false);
  }
  for (std::size_t i = 0; i < a.size; ++i)
    if (!go_on(item_of(a, i), item_of(b, i))) break;
  return same;
}

bool is_integer_like(Kind kind) { return kind == Kind::integer || kind == Kind::decimal; }

}  // namespace

std::string_view sign_of(Op op) {
  static constexpr std::array<std::string_view, 12> signs{
      "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%"};
  return signs[static_cast<std::size_t>(op) - static_cast<std::size_t>(Op::equal)];
}

Kind arithmetic_result(Op op, Kind a, Kind b) {
  const auto both = [&](Kind kind) { return a == kind && b == kind; };
  const auto numeric = [](Kind k) {
    return k == Kind::integer || k == Kind::real || k == Kind::number;
  };
  if (a == Kind::dyn || b == Kind::dyn) return Kind::dyn;
  if (both(Kind::integer)) return Kind::integer;
  if (op == Op::remainder) {
    const bool maybe = (a != Kind::real && b != Kind::real) && numeric(a) && numeric(b);
    return maybe ? Kind::integer : Kind::failure;
  }
  if (both(Kind::real)) return Kind::real;
  if (numeric(a) && numeric(b))
    return a == Kind::number || b == Kind::number ? Kind::number : Kind::failure;
  if (op == Op::divide) return Kind::failure;
  if (is_integer_like(a) && is_integer_like(b)) return Kind::decimal;
  if (a == Kind::number && b == Kind::decimal) return Kind::decimal;
  if (a == Kind::decimal && b == Kind::number) return Kind::decimal;
  if (op == Op::multiply) return Kind::failure;
  if (op == Op::add && (both(Kind::text) || both(Kind::list))) return a;
  if (both(Kind::duration)) return Kind::duration;
  if (a == Kind::timestamp && b == Kind::duration) return Kind::timestamp;
  if (op == Op::add && a == Kind::duration && b == Kind::timestamp) return Kind::timestamp;
  return op == Op::subtract && both(Kind::timestamp) ? Kind::duration : Kind::failure;
}

Datum arithmetic(const Call& call, Op op, const Datum& a, const Datum& b) {
  const auto result = arithmetic_result(op, a.kind, b.kind);
  switch (result) {
    case Kind::integer:
      return integers(call, op, a.integer, b.integer);
    case Kind::real:
      return reals(op, a.real, b.real);
    case Kind::decimal:
      return decimals(call, op, a, b);
    case Kind::text:
      return call.scratch.text({a.text(), b.text()});
    case Kind::list:
      return concatenated(call, a, b);
    case Kind::timestamp:
    case Kind::duration:
      return times(call, result, a.integer, b.integer, op == Op::subtract);
    default:
      return no_overload(call, op, a, b);
  }
}

Datum negated(const Call& call, const Datum& value) {
  switch (value.kind) {
    case Kind::integer:
      return integers(call, Op::subtract, 0, value.integer);
    case Kind::real:
      return of_real(-value.real);
    case Kind::decimal:
      return of_decimal({-value.units, value.scale});
    case Kind::duration:
      return of_duration(-value.duration());
    default:
      return call.fail({"there is no -", name_of(value.kind)});
  }
}

bool are_ordered(Kind a, Kind b) {
  const auto number = [](Kind k) {
    return k == Kind::integer || k == Kind::real || k == Kind::number;
  };
  if (a == Kind::dyn || b == Kind::dyn || (number(a) && number(b))) return true;
  if (a == Kind::decimal || b == Kind::decimal) {
    const auto other = a == Kind::decimal ? b : a;
    return is_integer_like(other) || other == Kind::number;
  }
  return a == b &&
         (a == Kind::text || a == Kind::boolean || a == Kind::timestamp || a == Kind::duration);
}

Datum ordered(const Call& call, Op op, const Datum& a, const Datum& b) {
  if (!are_ordered(a.kind, b.kind)) return no_overload(call, op, a, b);
  if (a.is(Kind::text) && !call.scratch.charge_text(std::min(a.size, b.size)))
    return Scratch::limit_passed();
  const int sign = order(a, b);
  if (sign == unordered) return of_boolean(false);
  if (op == Op::less) return of_boolean(sign < 0);
  if (op == Op::less_equal) return of_boolean(sign <= 0);
  return of_boolean(op == Op::greater ? sign > 0 : sign >= 0);
}

bool are_comparable(Kind a, Kind b) {
  const auto one_way = [](Kind own, Kind other) {
    if (other == Kind::null || other == Kind::dyn || other == own) return true;
    if (own == Kind::decimal)
      return other != Kind::text && other != Kind::real && other != Kind::oversized;
    if (own == Kind::timestamp || own == Kind::duration)
      return other != Kind::text && other != Kind::integer && other != Kind::real &&
             other != Kind::number;
    return own != Kind::oversized || (other != Kind::integer && other != Kind::real);
  };
  return one_way(a, b) && one_way(b, a);
}

Datum equality(const Call& call, const Datum& a, const Datum& b) {
  if (!are_comparable(a.kind, b.kind)) return no_overload(call, Op::equal, a, b);
  if (!call.scratch.charge(1)) return Scratch::limit_passed();
  if (are_ordered(a.kind, b.kind) && !a.is(Kind::text)) return of_boolean(order(a, b) == 0);
  if (a.kind != b.kind) return of_boolean(false);
  if (a.is(Kind::null)) return of_boolean(true);
  if (a.is(Kind::text)) {
    if (!call.scratch.charge_text(a.size)) return Scratch::limit_passed();
    return of_boolean(a.text() == b.text());
  }
  return equal_parts(call, a, b);
}

Datum contained(const Call& call, const Datum& value, const Datum& in) {
  if (in.is(Kind::map) && value.is(Kind::text)) {
    return of_boolean(entry_of(in, value.text()).has_value());
  }
  if (!in.is(Kind::list)) return no_overload(call, Op::contained, value, in);
  for (std::size_t i = 0; i < in.size; ++i) {
    const auto same = equality(call, value, item_of(in, i));
    if (same.is(Kind::failure) || same.truth) return same;
  }
  return of_boolean(false);
}

}  // namespace skald::expr
