#include "http/api/rfc3339.hpp"

namespace skald::http {

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

}  // namespace

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

}  // namespace skald::http
