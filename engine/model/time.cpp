#include "engine/model/time.hpp"

#include <array>
#include <cstdio>
#include <limits>

namespace skald {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes the parts of a text from its front; after the first that does not fit, `ok` is false.
struct Scanner {
  std::string_view rest;
  bool ok = true;

  /// Exactly `digits` digits, whose value is from `least` to `most`.
  int number(int digits, int least, int most) {
    int value = 0;
    for (int i = 0; i < digits; ++i) {
      if (rest.empty() || !is_digit(rest.front())) return fail();
      value = value * 10 + (rest.front() - '0');
      rest.remove_prefix(1);
    }
    return value < least || value > most ? fail() : value;
  }
  void literal(char wanted) {
    if (!take(wanted)) fail();
  }
  bool take(char wanted) {
    if (rest.empty() || rest.front() != wanted) return false;
    rest.remove_prefix(1);
    return true;
  }
  int fail() {
    ok = false;
    return 0;
  }
};

/// The digits after a point, as milliseconds.
Duration fraction(Scanner& scan) {
  if (!scan.take('.')) return {};
  int millis = 0;
  int digits = 0;
  for (; !scan.rest.empty() && is_digit(scan.rest.front()); scan.rest.remove_prefix(1), ++digits)
    if (digits < 3) millis = millis * 10 + (scan.rest.front() - '0');
  if (digits == 0) scan.fail();
  for (; digits < 3; ++digits) millis *= 10;
  return Duration{millis};
}

/// "Z", or the distance from UTC.
std::chrono::minutes offset(Scanner& scan) {
  if (scan.take('Z') || scan.take('z')) return {};
  const bool west = scan.take('-');
  if (!west) scan.literal('+');
  const std::chrono::hours hours{scan.number(2, 0, 23)};
  scan.literal(':');
  const std::chrono::minutes distance = hours + std::chrono::minutes{scan.number(2, 0, 59)};
  return west ? -distance : distance;
}

/// The units a duration is written in, longest first.
struct Unit {
  std::string_view name;
  std::int64_t millis;
};
constexpr std::array<Unit, 5> units{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

/// Ten years: whatever is longer is a slip of the pen.
constexpr std::int64_t duration_max = std::int64_t{3660} * 86'400'000;

}  // namespace

std::string to_rfc3339(Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  char text[40];
  const int size = std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text, static_cast<std::size_t>(size)};
}

std::optional<Timestamp> parse_rfc3339(std::string_view text) {
  Scanner scan{text};
  const std::chrono::year year{scan.number(4, 0, 9999)};
  scan.literal('-');
  const std::chrono::month month{static_cast<unsigned>(scan.number(2, 1, 12))};
  scan.literal('-');
  const std::chrono::day day{static_cast<unsigned>(scan.number(2, 1, 31))};
  if (!scan.take('T')) scan.literal('t');
  const std::chrono::hours hours{scan.number(2, 0, 23)};
  scan.literal(':');
  const std::chrono::minutes minutes{scan.number(2, 0, 59)};
  scan.literal(':');
  const std::chrono::seconds seconds{scan.number(2, 0, 59)};
  const Duration millis = fraction(scan);
  const auto distance = offset(scan);
  const std::chrono::year_month_day date{year, month, day};
  if (!scan.ok || !scan.rest.empty() || !date.ok()) return std::nullopt;
  return std::chrono::sys_days{date} + hours + minutes + seconds + millis - distance;
}

std::optional<Duration> parse_duration(std::string_view text) {
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    std::int64_t count = 0;
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0 || digits > 15) return std::nullopt;
    for (const char c : text.substr(0, digits)) count = count * 10 + (c - '0');
    text.remove_prefix(digits);
    const auto word = text.substr(0, std::min(text.find_first_of("0123456789"), text.size()));
    while (next_unit < units.size() && units[next_unit].name != word) ++next_unit;
    if (next_unit == units.size() || count > duration_max / units[next_unit].millis)
      return std::nullopt;
    total += count * units[next_unit++].millis;
    text.remove_prefix(word.size());
  }
  if (total > duration_max) return std::nullopt;
  return Duration{total};
}

std::string duration_text(Duration span) {
  std::int64_t rest = span.count();
  std::string text = rest < 0 ? "-" : "";
  if (rest < 0) rest = -rest;
  for (const auto& unit : units) {
    if (rest < unit.millis) continue;
    text.append(std::to_string(rest / unit.millis)).append(unit.name);
    rest %= unit.millis;
  }
  return text.empty() ? "0s" : text;
}

}  // namespace skald
