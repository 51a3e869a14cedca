#include <doctest/doctest.h>

#include "engine/model/time.hpp"

namespace skald::test {

namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

TEST_CASE("a point in time prints as RFC 3339 in UTC with milliseconds") {
  CHECK(to_rfc3339(Timestamp{}) == "1970-01-01T00:00:00.000Z");
  CHECK(to_rfc3339(sys_days{2026y / November / 21} + 3h + 10min + 10s + 42ms) ==
        "2026-11-21T03:10:10.042Z");
  CHECK(to_rfc3339(sys_days{9999y / December / 31} + 24h - 1ms) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("times before 1970 and leap days are right") {
  CHECK(to_rfc3339(Timestamp{-1ms}) == "1969-12-31T23:59:59.999Z");
  CHECK(to_rfc3339(sys_days{1900y / March / 1} - 1ms) == "1900-02-28T23:59:59.999Z");
  CHECK(to_rfc3339(sys_days{1y / January / 1}) == "0001-01-01T00:00:00.000Z");
  CHECK(to_rfc3339(sys_days{2024y / February / 29} + 12h) == "2024-02-29T12:00:00.000Z");
  CHECK(to_rfc3339(sys_days{2000y / March / 1} - 1ms) == "2000-02-29T23:59:59.999Z");
}

}  // namespace

}  // namespace skald::test
