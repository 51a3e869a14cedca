#include <doctest/doctest.h>

#include "dsl/expr/instant.hpp"
#include "tests/dsl/expr_saga.hpp"

namespace skald::test {

namespace {

TEST_CASE("timestamps are RFC 3339, to the millisecond") {
  check_all({}, {{"timestamp('2026-11-21T03:10:10Z')", "\"2026-11-21T03:10:10.000Z\""},
                 {"timestamp('2026-11-21t03:10:10.0429z')", "\"2026-11-21T03:10:10.042Z\""},
                 {"timestamp('2026-11-21 03:10:10.5+05:30')", "\"2026-11-20T21:40:10.500Z\""},
                 {"timestamp('2024-02-29T23:59:59-00:01')", "\"2024-03-01T00:00:59.000Z\""},
                 {"timestamp(0)", "\"1970-01-01T00:00:00.000Z\""},
                 {"timestamp(253402300799)", "\"9999-12-31T23:59:59.000Z\""},
                 {"timestamp(-62135596800)", "\"0001-01-01T00:00:00.000Z\""},
                 {"int(timestamp('2009-02-13T23:31:30.9Z'))", "1234567890"},
                 {"int(timestamp('1969-12-31T23:59:59.5Z'))", "-1"},
                 {"timestamp(input.when) < saga.now", "true"},
                 {"timestamp(253402300800)", "!outside of the years 1 to 9999"},
                 {"timestamp(-62135596801)", "!outside of the years 1 to 9999"}});
  for (const char* wrong :
       {"2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:60Z", "2026-01-01T00:00:00", "2026-01-01", "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00+24:00", "2026-1-1T00:00:00Z", "2026-01-01T00:00:00Zx", "",
        "0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
        "26-01-01T00:00:00Z", "2026-01-01T00:00Z"})
    CHECK_MESSAGE(!expr::parse_timestamp(wrong), wrong);
}

TEST_CASE("durations are sums of units") {
  check_all({}, {{"duration('90s')", "\"90s\""},
                 {"duration('1h30m')", "\"5400s\""},
                 {"duration('500ms')", "\"500ms\""},
                 {"duration('1.5s')", "\"1500ms\""},
                 {"duration('-1m0.25s')", "\"-60250ms\""},
                 {"duration('0')", "\"0s\""},
                 {"duration('2000us')", "\"2ms\""},
                 {"duration('3000000ns')", "\"3ms\""},
                 {"duration(duration('1s'))", "\"1s\""},
                 {"string(duration('2m'))", "\"120s\""},
                 {"duration(input.tier)", "!'gold' is no duration such as 1h30m, 90s or 500ms"}});
  for (const char* wrong : {"", "-", "1", "s", "1x", "1s ", "1 s", "+1s", "1500us", "1.5ms",
                            "1.2.3s", "--1s", "1d", "9999999999999999999s", "87660001h", "1e3s"})
    CHECK_MESSAGE(!expr::parse_duration(wrong), wrong);
  CHECK(expr::parse_duration("87660000h") == expr::duration_max);
  CHECK_FALSE(expr::parse_duration(std::string(65, '1') + "ns"));
}

TEST_CASE("times add and subtract") {
  check_all(
      {},
      {{"timestamp('2026-02-28T23:00:00Z') + duration('2h')", "\"2026-03-01T01:00:00.000Z\""},
       {"duration('2h') + timestamp('2026-02-28T23:00:00Z')", "\"2026-03-01T01:00:00.000Z\""},
       {"timestamp('2026-03-01T01:00:00Z') - duration('2h')", "\"2026-02-28T23:00:00.000Z\""},
       {"saga.now - timestamp(input.when)", "\"42ms\""},
       {"duration('90s') - duration('2m')", "\"-30s\""},
       {"-duration('90s')", "\"-90s\""},
       {"saga.now + duration('24h') > saga.now && duration('59s') < duration('1m')", "true"},
       {"duration('60s') == duration('1m') && duration('1s') != duration('1ms')", "true"},
       {"timestamp('9999-12-31T23:59:59Z') + duration('1s')", "!outside of the years 1 to 9999"},
       {"timestamp('0001-01-01T00:00:00Z') - duration('1ms')", "!outside of the years 1 to 9999"},
       {"duration('87660000h') + duration('1ms')", "!the duration is longer than 10000 years"},
       {"-duration('87660000h') - duration('1ms')", "!the duration is longer than 10000 years"},
       {"saga.now + saga.now", "EXPR_TYPE"},
       {"saga.now + 5", "EXPR_TYPE"},
       {"duration('1s') * 2", "EXPR_TYPE"},
       {"duration('1s') - saga.now", "EXPR_TYPE"}});
}

TEST_CASE("a timestamp or duration is not the text that JSON has for it") {
  check_all({}, {{"saga.now == '2026-11-21T03:10:10.042Z'", "EXPR_TYPE"},
                 {"saga.now == input.when",
                  "!there is no timestamp == string: convert with string(), int(), decimal() or "
                  "timestamp()"},
                 {"saga.now == input.amount", "!there is no timestamp == int"},
                 {"duration('1s') == input.rate", "!there is no duration == double"},
                 {"duration('1s') == saga.now", "EXPR_TYPE"},
                 {"timestamp(input.when) == timestamp('2026-11-21T04:10:10+01:00')", "true"}});
}

TEST_CASE("the parts of a timestamp are those of UTC, counted as in CEL") {
  check_all({}, {{"timestamp('2009-02-13T23:31:30.123Z').getFullYear()", "2009"},
                 {"timestamp('2009-02-13T23:31:30.123Z').getMonth()", "1"},
                 {"timestamp('2009-02-13T23:31:30.123Z').getDate()", "13"},
                 {"timestamp('2009-02-13T23:31:30.123Z').getDayOfMonth()", "12"},
                 {"timestamp('2009-02-13T23:31:30.123Z').getDayOfWeek()", "5"},
                 {"timestamp('2009-02-13T23:31:30.123Z').getDayOfYear()", "43"},
                 {"timestamp('2024-12-31T00:00:00Z').getDayOfYear()", "365"},
                 {"timestamp('2009-02-13T23:31:30.123Z').getHours()", "23"},
                 {"timestamp('2009-02-13T23:31:30.123Z').getMinutes()", "31"},
                 {"timestamp('2009-02-13T23:31:30.123Z').getSeconds()", "30"},
                 {"timestamp('2009-02-13T23:31:30.123Z').getMilliseconds()", "123"},
                 {"timestamp('1969-12-31T23:59:59.5Z').getMilliseconds()", "500"},
                 {"duration('10000s').getHours()", "2"},
                 {"duration('3730s').getMinutes()", "62"},
                 {"duration('-3730.5s').getSeconds()", "-3730"},
                 {"duration('123.321s').getMilliseconds()", "321"},
                 {"saga.now.getHours('UTC')", "EXPR_FUNCTION"},
                 {"duration('1s').getFullYear()", "EXPR_TYPE"}});
}

}  // namespace

}  // namespace skald::test
