#include "engine/participants/retry_after.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

namespace skald {

namespace {

constexpr std::string_view digits = "0123456789";

struct DateFields {
  char month[4] = {};
  int day = 0, year = 0, hour = 0, minute = 0, second = 0;
};

/// Fills `fields` from one of the three forms of HTTP-date.
bool scan(const std::string& text, Timestamp now, DateFields& fields) {
  auto& [month, day, year, hour, minute, second] = fields;
  int end = 0;
  const auto whole = [&] { return end != 0 && static_cast<std::size_t>(end) == text.size(); };
  std::sscanf(text.c_str(), "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &day, month, &year,
              &hour, &minute, &second, &end);
  if (whole()) return true;
  std::sscanf(text.c_str(), "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", month, &day, &hour,
              &minute, &second, &year, &end);
  if (whole()) return true;
  std::sscanf(text.c_str(), "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n", &day, month, &year,
              &hour, &minute, &second, &end);
  if (!whole()) return false;
  const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(now)};
  const int this_year = static_cast<int>(today.year());
  year += this_year - this_year % 100;
  // RFC 9110 §5.6.7: two digits that seem more than 50 years ahead mean the last century.
  if (year > this_year + 50) year -= 100;
  return true;
}

std::optional<std::chrono::month> month_of(std::string_view name) {
  constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return std::chrono::month{static_cast<unsigned>(found - names.begin()) + 1};
}

bool is_time_of_day(const DateFields& fields) {
  const auto within = [](int value, int max) { return value >= 0 && value <= max; };
  return within(fields.hour, 23) && within(fields.minute, 59) && within(fields.second, 60);
}

std::optional<Timestamp> parse_http_date(const std::string& text, Timestamp now) {
  DateFields fields;
  if (!scan(text, now, fields)) return std::nullopt;
  const auto month = month_of(fields.month);
  if (!month || fields.day < 1 || !is_time_of_day(fields)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{fields.year}, *month,
                                         std::chrono::day{static_cast<unsigned>(fields.day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{fields.hour} +
         std::chrono::minutes{fields.minute} + std::chrono::seconds{fields.second};
}

}  // namespace

std::optional<Duration> parse_retry_after(std::string_view value, Timestamp now) {
  if (value.empty()) return std::nullopt;
  if (value.find_first_not_of(digits) == value.npos) {
    const std::size_t first = std::min(value.find_first_not_of('0'), value.size());
    // More than nine digits are certainly over the maximum and need not fit into a number.
    if (value.size() - first > 9) return retry_after_max;
    const std::string number{value.substr(first)};
    const std::chrono::seconds wait{number.empty() ? 0 : std::stol(number)};
    return std::min<Duration>(wait, retry_after_max);
  }
  const auto date = parse_http_date(std::string(value), now);
  if (!date) return std::nullopt;
  return std::clamp<Duration>(*date - now, Duration{0}, retry_after_max);
}

}  // namespace skald
