#include "dsl/expr/instant.hpp"

#include <array>
#include <cstdint>

namespace skald::expr {

namespace {

/// Takes exactly `count` digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// Two numbers of two digits with a colon between, as minutes.
std::optional<int> take_minutes(std::string_view& text) {
  const auto hours = take_digits(text, 2);
  if (!hours || !take(text, ":")) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return *hours * 60 + *minutes;
}

/// Milliseconds of ".123456", or 0 when there is no fraction.
std::optional<int> take_fraction(std::string_view& text) {
  if (!take(text, ".")) return 0;
  int milliseconds = 0;
  int digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; ++digits) {
    if (digits < 3) milliseconds = milliseconds * 10 + (text.front() - '0');
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 3; ++digits) milliseconds *= 10;
  return milliseconds;
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (take(text, "zZ")) return std::chrono::minutes{0};
  const bool west = text.starts_with('-');
  if (!take(text, "+-")) return std::nullopt;
  const auto minutes = take_minutes(text);
  if (!minutes) return std::nullopt;
  return std::chrono::minutes{west ? -*minutes : *minutes};
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};
/// Longer names before those they begin with.
constexpr std::array<Unit, 6> units{{{"ms", 1'000'000},
                                     {"us", 1'000},
                                     {"ns", 1},
                                     {"h", 3'600'000'000'000},
                                     {"m", 60'000'000'000},
                                     {"s", 1'000'000'000}}};

__extension__ using Nanoseconds = __int128;

/// One "1.5h" off the front. At most 18 digits, so nothing overflows 128 bits.
std::optional<Nanoseconds> take_term(std::string_view& text) {
  Nanoseconds value = 0, divisor = 1;
  int digits = 0;
  bool fraction = false;
  for (; !text.empty(); text.remove_prefix(1)) {
    const char c = text.front();
    if (c == '.' && !fraction) {
      fraction = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    if (++digits > 18) return std::nullopt;
    value = value * 10 + (c - '0');
    if (fraction) divisor *= 10;
  }
  for (const auto& unit : units) {
    if (digits == 0 || !text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    const auto product = value * unit.nanoseconds;
    return product % divisor == 0 ? std::optional(product / divisor) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  const auto date = take_date(text);
  if (!date || !take(text, "Tt ")) return std::nullopt;
  const auto minutes = take_minutes(text);
  if (!minutes || !take(text, ":")) return std::nullopt;
  const auto seconds = take_digits(text, 2);
  if (!seconds || *seconds > 59) return std::nullopt;
  const auto milliseconds = take_fraction(text);
  if (!milliseconds) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  const Timestamp time = *date + std::chrono::minutes{*minutes} + std::chrono::seconds{*seconds} +
                         Duration{*milliseconds} - *offset;
  if (time < timestamp_min || time > timestamp_max) return std::nullopt;
  return time;
}

std::optional<Duration> parse_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text == "0") return Duration{0};
  if (text.empty() || text.size() > 64) return std::nullopt;
  Nanoseconds total = 0;
  while (!text.empty()) {
    const auto term = take_term(text);
    if (!term) return std::nullopt;
    total += *term;
  }
  if (total % 1'000'000 != 0 || total / 1'000'000 > duration_max.count()) return std::nullopt;
  const Duration duration{static_cast<std::int64_t>(total / 1'000'000)};
  return negative ? -duration : duration;
}

std::string print_duration(Duration duration) {
  const auto count = duration.count();
  return count % 1000 == 0 ? std::to_string(count / 1000) + "s" : std::to_string(count) + "ms";
}

}  // namespace skald::expr
