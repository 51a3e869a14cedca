#include <doctest/doctest.h>

#include "engine/participants/outcome_of.hpp"
#include "engine/participants/retry_after.hpp"

using namespace skald;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 3h};

Outcome outcome(int status, std::string body = "", std::optional<std::string> retry_after = {}) {
  return outcome_of({.status = status, .retry_after = std::move(retry_after), .body = body}, {}, {},
                    now);
}

template <class Kind>
Kind as(const Outcome& outcome) {
  REQUIRE(std::holds_alternative<Kind>(outcome));
  return std::get<Kind>(outcome);
}

}  // namespace

TEST_CASE("2xx is done with the body as output") {
  CHECK(as<Done>(outcome(200, R"({ "id": 7 })")).output.text() == R"({"id":7})");
  CHECK(as<Done>(outcome(201, "[1]")).output.text() == "[1]");
  CHECK(as<Done>(outcome(299, "3")).output.text() == "3");
}

TEST_CASE("2xx without a body is done with null") {
  CHECK(as<Done>(outcome(200)).output.is_null());
  CHECK(as<Done>(outcome(204)).output.is_null());
}

TEST_CASE("2xx with a body that is no acceptable JSON is unknown and says where it is wrong") {
  const auto bad = as<Unknown>(outcome(200, "{\"id\":\n oops}"));
  CHECK(bad.reason.starts_with("invalid body: 2:"));
  CHECK(bad.possibly_executed);
  CHECK(as<Unknown>(outcome(200, std::string(100, '[')))
            .reason.ends_with("nested deeper than 64 levels"));
  CHECK(as<Unknown>(outcome(200, R"({"a":1,"a":2})")).possibly_executed);
  CHECK(as<Unknown>(outcome_of({.status = 200, .retry_after = {}, .body = "[1,2,3]"}, {},
                               {.depth = 64, .size = 6}, now))
            .reason.starts_with("invalid body: 1:1: larger than 6 bytes"));
}

TEST_CASE("a body that ended with the connection counts only when a cut would show") {
  const auto closed = [](std::string body) {
    return outcome_of(
        {.status = 200, .retry_after = {}, .body = std::move(body), .ended_by_close = true}, {}, {},
        now);
  };
  CHECK(as<Done>(closed(R"({"id":7})")).output.text() == R"({"id":7})");
  CHECK(as<Unknown>(closed("")).possibly_executed);
  CHECK(as<Unknown>(closed("12")).reason.find("Content-Length") != std::string::npos);
}

TEST_CASE("409 is a business refusal with the body's code and message") {
  const auto refused =
      as<Failed>(outcome(409, R"({"code":"insufficient_funds","message":"too little","x":1})"));
  CHECK(refused.code == "insufficient_funds");
  CHECK(refused.message == "too little");
  CHECK_FALSE(refused.defect);
  CHECK(refused.details.text().find("\"x\":1") != std::string::npos);
  CHECK(as<Failed>(outcome(409, R"({"detail":"d","title":"t"})")).message == "d");
  CHECK(as<Failed>(outcome(409, R"({"title":"t"})")).message == "t");
}

TEST_CASE("409 with an unreadable body is a refusal without a code") {
  for (const char* body : {"", "<html>", "[]", R"({"code":17})"}) {
    CAPTURE(body);
    const auto refused = as<Failed>(outcome(409, body));
    CHECK(refused.code.empty());
    CHECK(refused.message == "HTTP 409");
    CHECK_FALSE(refused.defect);
  }
}

TEST_CASE("202 and 425 mean still working, with the wish of the participant") {
  CHECK(as<StillWorking>(outcome(202)).retry_after == std::nullopt);
  CHECK(as<StillWorking>(outcome(202, "not json", "5")).retry_after == 5s);
  CHECK(as<StillWorking>(outcome(425, "", "7")).retry_after == 7s);
}

TEST_CASE("429, 502, 503 and 504 are unknown and Retry-After is honoured") {
  for (const int status : {429, 502, 503, 504}) {
    CAPTURE(status);
    const auto unknown = as<Unknown>(outcome(status, "", "30"));
    CHECK(unknown.reason == "HTTP " + std::to_string(status));
    CHECK(unknown.retry_after == 30s);
    CHECK(unknown.possibly_executed);
  }
  CHECK(as<Unknown>(outcome(503, R"({"detail":"warming up"})")).reason == "HTTP 503: warming up");
}

TEST_CASE("other 4xx are defects named after their status") {
  for (const int status : {400, 401, 403, 404, 408, 410, 422, 499}) {
    CAPTURE(status);
    const auto failed = as<Failed>(outcome(status, R"({"code":"mine","title":"No such account"})"));
    CHECK(failed.defect);
    CHECK(failed.code == "http_" + std::to_string(status));
    CHECK(failed.message == "No such account");
  }
  CHECK(as<Failed>(outcome(404, "<html>")).message == "HTTP 404");
}

TEST_CASE("other 5xx, 1xx, 3xx and impossible statuses are unknown") {
  for (const int status : {100, 103, 301, 302, 304, 307, 500, 501, 505, 599, 600, 999}) {
    CAPTURE(status);
    const auto unknown = as<Unknown>(outcome(status, "", "30"));
    CHECK(unknown.possibly_executed);
    CHECK(unknown.retry_after == std::nullopt);
  }
  CHECK(as<Unknown>(outcome(302)).reason == "HTTP 302: redirects are not followed");
}

TEST_CASE("texts of a participant are cut to 500 bytes at a character") {
  std::string longest = R"({"code":")" + std::string(2000, 'c') + R"(","message":"x)";
  for (int i = 0; i < 400; ++i) longest += "ö";
  longest += "\"}";
  const auto refused = as<Failed>(outcome(409, longest));
  CHECK(refused.code.size() == 500);
  CHECK(refused.message.size() == 499);
  CHECK(as<Unknown>(outcome(500, longest)).reason.size() <= 500);
  CHECK(as<Unknown>(outcome(200, "\"\xff\"")).reason.find('\xff') == std::string::npos);
}

TEST_CASE("Retry-After takes seconds and all three forms of date, up to one hour") {
  const auto wait = [](std::string_view value) { return parse_retry_after(value, now); };
  CHECK(wait("0") == 0s);
  CHECK(wait("120") == 120s);
  CHECK(wait("0000000000007") == 7s);
  CHECK(wait("3601") == 1h);
  CHECK(wait("99999999999999999999999") == 1h);
  CHECK(wait("Sat, 21 Nov 2026 03:00:30 GMT") == 30s);
  CHECK(wait("Saturday, 21-Nov-26 03:00:30 GMT") == 30s);
  CHECK(wait("Sat Nov 21 03:00:30 2026") == 30s);
  CHECK(wait("Sun, 06 Nov 1994 08:49:37 GMT") == 0s);
  CHECK(wait("Sunday, 06-Nov-94 08:49:37 GMT") == 0s);
  CHECK(wait("Sun Nov  6 08:49:37 1994") == 0s);
  CHECK(wait("Fri, 31 Dec 2027 23:59:59 GMT") == 1h);
}

TEST_CASE("a Retry-After that is neither seconds nor a date is ignored") {
  for (const char* value :
       {"", "-1", "1.5", "soon", "12 ", "Sat, 31 Feb 2026 03:00:30 GMT", "Sat, 21 Nov 2026",
        "Sat, 21 Abc 2026 03:00:30 GMT", "Sat, 21 Nov 2026 25:00:30 GMT",
        "Sat, 21 Nov 2026 03:00:30 GMT+1", "Sat, 21 Nov 2026 -1:00:30 GMT"}) {
    CAPTURE(value);
    CHECK(parse_retry_after(value, now) == std::nullopt);
  }
}
