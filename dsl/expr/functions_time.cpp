#include "dsl/expr/functions.hpp"

namespace skald::expr {

namespace {

using Arguments = std::span<const Datum>;
using Days = std::chrono::sys_days;

Days day_of(const Datum& value) { return std::chrono::floor<std::chrono::days>(value.timestamp()); }

std::chrono::year_month_day date_of(const Datum& value) { return day_of(value); }

std::chrono::hh_mm_ss<Duration> clock_of(const Datum& value) {
  return std::chrono::hh_mm_ss<Duration>{value.timestamp() - day_of(value)};
}

Datum full_year(const Call&, Arguments a) {
  return of_integer(static_cast<int>(date_of(a[0]).year()));
}

Datum month(const Call&, Arguments a) {
  return of_integer(static_cast<std::int64_t>(static_cast<unsigned>(date_of(a[0]).month())) - 1);
}

Datum date(const Call&, Arguments a) {
  return of_integer(static_cast<unsigned>(date_of(a[0]).day()));
}

Datum day_of_month(const Call& call, Arguments a) { return of_integer(date(call, a).integer - 1); }

Datum day_of_week(const Call&, Arguments a) {
  return of_integer(std::chrono::weekday{day_of(a[0])}.c_encoding());
}

Datum day_of_year(const Call&, Arguments a) {
  const auto first = date_of(a[0]).year() / std::chrono::January / 1;
  return of_integer((day_of(a[0]) - Days{first}).count());
}

Datum clock_hours(const Call&, Arguments a) { return of_integer(clock_of(a[0]).hours().count()); }
Datum clock_minutes(const Call&, Arguments a) {
  return of_integer(clock_of(a[0]).minutes().count());
}
Datum clock_seconds(const Call&, Arguments a) {
  return of_integer(clock_of(a[0]).seconds().count());
}
Datum clock_milliseconds(const Call&, Arguments a) {
  return of_integer(clock_of(a[0]).subseconds().count());
}

/// How many whole units a duration lasts.
template <class Unit>
Datum whole(const Call&, Arguments a) {
  return of_integer(std::chrono::duration_cast<Unit>(a[0].duration()).count());
}

Datum duration_milliseconds(const Call&, Arguments a) { return of_integer(a[0].integer % 1000); }

Function getter(std::string_view name, std::string_view usage, Overload::Run run) {
  return {name, Function::Style::method, {{{Kind::timestamp}, Kind::integer, run}}, usage};
}

Function getter(std::string_view name, std::string_view usage, Overload::Run run,
                Overload::Run of_duration) {
  auto function = getter(name, usage, run);
  function.overloads.push_back({{Kind::duration}, Kind::integer, of_duration});
  return function;
}

}  // namespace

std::vector<Function> time_functions() {
  return {
      getter("getFullYear", "time.getFullYear()", full_year),
      getter("getMonth", "time.getMonth()", month),
      getter("getDate", "time.getDate()", date),
      getter("getDayOfMonth", "time.getDayOfMonth()", day_of_month),
      getter("getDayOfWeek", "time.getDayOfWeek()", day_of_week),
      getter("getDayOfYear", "time.getDayOfYear()", day_of_year),
      getter("getHours", "time.getHours()", clock_hours, whole<std::chrono::hours>),
      getter("getMinutes", "time.getMinutes()", clock_minutes, whole<std::chrono::minutes>),
      getter("getSeconds", "time.getSeconds()", clock_seconds, whole<std::chrono::seconds>),
      getter("getMilliseconds", "time.getMilliseconds()", clock_milliseconds,
             duration_milliseconds),
  };
}

}  // namespace skald::expr
