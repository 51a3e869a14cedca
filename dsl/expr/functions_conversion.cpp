#include <charconv>
#include <cmath>
#include <optional>

#include "dsl/expr/characters.hpp"
#include "dsl/expr/functions.hpp"
#include "dsl/expr/json_form.hpp"

namespace skald::expr {

namespace {

using Arguments = std::span<const Datum>;

Datum same(const Call&, Arguments a) { return a[0]; }

Datum no_conversion(const Call& call, std::string_view text, std::string_view what) {
  return call.fail({"'", clipped(text, 60), "' is no ", what});
}

Datum string_of(const Call& call, Arguments a) { return to_text(a[0], call.offset, call.scratch); }

Datum int_of_double(const Call& call, Arguments a) {
  // CEL leaves out both ends, where a double is no longer exact.
  if (!(std::abs(a[0].real) < 9223372036854775807.0))
    return call.fail({"the double does not fit an int"});
  return of_integer(static_cast<std::int64_t>(a[0].real));
}

Datum int_of_text(const Call& call, Arguments a) {
  const auto text = a[0].text();
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size())
    return no_conversion(call, text, "int");
  return of_integer(value);
}

Datum int_of_decimal(const Call& call, Arguments a) {
  const auto whole = round(a[0].decimal(), 0);
  if (!whole || compare(*whole, a[0].decimal()) != 0)
    return call.fail({"the decimal is no whole number: round(d, 0) it first"});
  const auto value = static_cast<std::int64_t>(whole->units);
  if (value != whole->units) return call.fail({"the decimal does not fit an int"});
  return of_integer(value);
}

Datum int_of_timestamp(const Call&, Arguments a) {
  return of_integer(
      std::chrono::floor<std::chrono::seconds>(a[0].timestamp()).time_since_epoch().count());
}

Datum double_of_int(const Call&, Arguments a) { return of_real(static_cast<double>(a[0].integer)); }

std::optional<double> parse_double(std::string_view text) {
  const auto digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || !(digits[0] == '.' || (digits[0] >= '0' && digits[0] <= '9')))
    return std::nullopt;
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Datum double_of_text(const Call& call, Arguments a) {
  const auto value = parse_double(a[0].text());
  return value ? of_real(*value) : no_conversion(call, a[0].text(), "double");
}

Datum double_of_decimal(const Call& call, Arguments a) {
  DecimalText room;
  const auto value = parse_double(print(a[0].decimal(), room));
  return value ? of_real(*value) : call.fail({"the decimal does not fit a double"});
}

Datum bool_of_text(const Call& call, Arguments a) {
  const auto text = a[0].text();
  for (const std::string_view yes : {"true", "1", "t", "TRUE", "True"})
    if (text == yes) return of_boolean(true);
  for (const std::string_view no : {"false", "0", "f", "FALSE", "False"})
    if (text == no) return of_boolean(false);
  return no_conversion(call, text, "bool");
}

Datum decimal_of_text(const Call& call, Arguments a) {
  const auto value = parse_decimal(a[0].text());
  return value
             ? of_decimal(*value)
             : no_conversion(call, a[0].text(), "decimal (digits with at most 28 behind a point)");
}

Datum decimal_of_int(const Call&, Arguments a) { return of_decimal({a[0].integer, 0}); }

Datum timestamp_of_text(const Call& call, Arguments a) {
  const auto value = parse_timestamp(a[0].text());
  return value ? of_timestamp(*value)
               : no_conversion(call, a[0].text(), "timestamp such as 2026-11-21T03:10:10Z");
}

Datum timestamp_of_int(const Call& call, Arguments a) {
  const auto seconds = a[0].integer;
  if (seconds < timestamp_min.time_since_epoch().count() / 1000 ||
      seconds > timestamp_max.time_since_epoch().count() / 1000)
    return call.fail({"the timestamp lies outside of the years 1 to 9999"});
  return of_timestamp(Timestamp{std::chrono::seconds{seconds}});
}

Datum duration_of_text(const Call& call, Arguments a) {
  const auto value = parse_duration(a[0].text());
  return value ? of_duration(*value)
               : no_conversion(call, a[0].text(), "duration such as 1h30m, 90s or 500ms");
}

Decimal widened(const Datum& value) {
  return value.is(Kind::integer) ? Decimal{value.integer, 0} : value.decimal();
}

std::optional<std::uint8_t> places_of(const Datum& value) {
  if (value.integer < 0 || value.integer > decimal_scale_max) return std::nullopt;
  return static_cast<std::uint8_t>(value.integer);
}

Datum rounded(const Call& call, Arguments a) {
  const auto places = places_of(a[1]);
  const auto result = places ? round(widened(a[0]), *places) : std::nullopt;
  return result ? of_decimal(*result)
                : call.fail({"the result has more than 38 digits, or places is not 0 to 28"});
}

Datum divided(const Call& call, Arguments a) {
  const auto places = places_of(a[2]);
  const auto divisor = widened(a[1]);
  if (divisor.units == 0) return call.fail({"division by zero"});
  const auto result = places ? divide(widened(a[0]), divisor, *places) : std::nullopt;
  return result ? of_decimal(*result)
                : call.fail({"the division takes more than 38 digits, or places is not 0 to 28"});
}

}  // namespace

std::vector<Function> conversion_functions() {
  using enum Kind;
  using enum Function::Style;
  return {
      {"string",
       global,
       {{{text}, text, same},
        {{boolean}, text, string_of},
        {{integer}, text, string_of},
        {{real}, text, string_of},
        {{decimal}, text, string_of},
        {{timestamp}, text, string_of},
        {{duration}, text, string_of}},
       "string(value)"},
      {"int",
       global,
       {{{integer}, integer, same},
        {{real}, integer, int_of_double},
        {{text}, integer, int_of_text},
        {{decimal}, integer, int_of_decimal},
        {{timestamp}, integer, int_of_timestamp}},
       "int(value)"},
      {"double",
       global,
       {{{real}, real, same},
        {{integer}, real, double_of_int},
        {{text}, real, double_of_text},
        {{decimal}, real, double_of_decimal}},
       "double(value)"},
      {"bool",
       global,
       {{{boolean}, boolean, same}, {{text}, boolean, bool_of_text}},
       "bool(value)"},
      {"decimal",
       global,
       {{{decimal}, decimal, same},
        {{text}, decimal, decimal_of_text},
        {{integer}, decimal, decimal_of_int}},
       "decimal(\"12.30\")"},
      {"timestamp",
       global,
       {{{timestamp}, timestamp, same},
        {{text}, timestamp, timestamp_of_text},
        {{integer}, timestamp, timestamp_of_int}},
       "timestamp(\"2026-11-21T03:10:10Z\")"},
      {"duration",
       global,
       {{{duration}, duration, same}, {{text}, duration, duration_of_text}},
       "duration(\"90s\")"},
      {"round",
       global,
       {{{decimal, integer}, decimal, rounded}, {{integer, integer}, decimal, rounded}},
       "round(decimal, places)"},
      {"div",
       global,
       {{{decimal, decimal, integer}, decimal, divided},
        {{decimal, integer, integer}, decimal, divided},
        {{integer, decimal, integer}, decimal, divided},
        {{integer, integer, integer}, decimal, divided}},
       "div(a, b, places)"},
  };
}

}  // namespace skald::expr
