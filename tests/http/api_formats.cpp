#include <doctest/doctest.h>

#include "http/api/page_token.hpp"
#include "http/api/problem_of.hpp"
#include "http/api/query.hpp"
#include "http/api/request_fields.hpp"

using namespace skald;
using namespace skald::http;
using namespace std::chrono_literals;

namespace {

Headers prefer(std::vector<std::string> values) {
  Headers headers;
  for (auto& value : values) headers.add("prefer", std::move(value));
  return headers;
}

std::string round_trip(std::string_view text) {
  const auto time = parse_rfc3339(text);
  return time ? to_rfc3339(*time) : "";
}

}  // namespace

TEST_CASE("a wait is read as RFC 7240 writes preferences") {
  CHECK(preferred_wait(prefer({"wait=10"})) == 10s);
  CHECK(preferred_wait(prefer({"respond-async, WAIT = 10; foo=\"a,b\""})) == 10s);
  CHECK(preferred_wait(prefer({"handling=lenient", "wait=\"7\""})) == 7s);
  CHECK(preferred_wait(prefer({"foo=\"wait=3, \\\"\", wait=4"})) == 4s);
  CHECK(preferred_wait(prefer({"wait=5, wait=9"})) == 5s);
  CHECK(preferred_wait(prefer({"wait=99999999999999999999999"})) == 60s);
  for (const std::string wrong : {"wait", "wait=", "wait=x, wait=5", "wait=1.5", "await=5", ""})
    CHECK_MESSAGE(preferred_wait(prefer({wrong})) == std::nullopt, wrong);
  CHECK(preferred_wait({}) == std::nullopt);
}

TEST_CASE("an idempotency key is the same quoted and bare") {
  const auto key = [](std::string value) {
    Headers headers;
    headers.add("idempotency-key", std::move(value));
    const auto read = idempotency_key(headers);
    return read ? *read : "refused";
  };
  CHECK(key("\"a-1\"") == "a-1");
  CHECK(key("a-1") == "a-1");
  CHECK(key("\"a \\\"b\\\\\"") == "a \"b\\");
  CHECK(key("order/7:a+b==") == "order/7:a+b==");
  CHECK(key(std::string(500, 'k')) == std::string(500, 'k'));
  for (const std::string wrong : {"\"a\\\"", "\"a\\b\"", "\"", "\"\xc3\xa9\"", "\xc3\xa9", "a;b"})
    CHECK_MESSAGE(key(wrong) == "refused", wrong);
  CHECK(idempotency_key({}).value().empty());
}

TEST_CASE("times are read as RFC 3339 writes them, and nothing else is") {
  CHECK(round_trip("2026-11-21T03:10:10.042Z") == "2026-11-21T03:10:10.042Z");
  CHECK(round_trip("2024-02-29t23:59:59z") == "2024-02-29T23:59:59.000Z");
  CHECK(round_trip("2026-01-01T00:30:00.5+01:00") == "2025-12-31T23:30:00.500Z");
  CHECK(round_trip("2026-01-01T00:30:00.9999999-00:30") == "2026-01-01T01:00:00.999Z");
  for (const std::string_view wrong :
       {"", "2026-11-21", "2026-11-21T03:10Z", "2026-11-21T03:10:10", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T03:10:60Z",
        "2026-11-21T03:10:10.Z", "2026-11-21T03:10:10Z ", "2026-11-21 03:10:10Z",
        "2026-11-21T03:10:10+1:00", "26-11-21T03:10:10Z", "2026-11-21T03:10:10+01:60"})
    CHECK_MESSAGE(parse_rfc3339(wrong) == std::nullopt, wrong);
}

TEST_CASE("a page token gives its key back under the same filter, whatever the key") {
  SagaFilter filter;
  filter.definition = "a";
  for (const std::int64_t key : {std::int64_t{1}, std::int64_t{255}, INT64_MAX}) {
    const auto token = page_token(SagaKey{key}, filter);
    CHECK(read_page_token(token, filter) == SagaKey{key});
    SagaFilter other;
    other.business_key = "a";
    CHECK(read_page_token(token, other) == std::nullopt);
    other = filter;
    other.created_from = Timestamp{};
    CHECK(read_page_token(token, other) == std::nullopt);
  }
}

TEST_CASE("a query is written again without its page token") {
  Query query("status=a,b&pageToken=x&businessKey=b+%26c%C3%A9",
              {"status", "pageToken", "businessKey"});
  CHECK_FALSE(query.error());
  CHECK(query.without("pageToken") == "status=a%2Cb&businessKey=b%20%26c%C3%A9");
}

TEST_CASE("each error has its status, and what comes from below is not shown") {
  const auto status = [](ErrorCode code, std::vector<Finding> findings = {}) {
    return problem_of({code, "a message", "a hint", std::move(findings)}).status;
  };
  CHECK(status(ErrorCode::invalid_argument) == 400);
  CHECK(status(ErrorCode::invalid_argument, {{"1:7", "", ""}}) == 400);
  CHECK(status(ErrorCode::invalid_argument, {{"/input/a", "", ""}}) == 422);
  CHECK(status(ErrorCode::not_found) == 404);
  CHECK(status(ErrorCode::id_conflict) == 409);
  CHECK(status(ErrorCode::idempotency_mismatch) == 422);
  CHECK(status(ErrorCode::action_not_allowed) == 409);
  CHECK(status(ErrorCode::overloaded) == 429);
  CHECK(status(ErrorCode::shutting_down) == 503);
  CHECK(status(ErrorCode::disk_full) == 507);
  CHECK(status(ErrorCode::storage_failed) == 503);
  const auto overloaded = to_response(problem_of({ErrorCode::overloaded, "full", "", {}}));
  CHECK(overloaded.headers.find("Retry-After") == "1");
  for (const auto code : {ErrorCode::disk_full, ErrorCode::storage_failed, ErrorCode::internal,
                          ErrorCode::storage_unreadable, ErrorCode::storage_in_use}) {
    const auto shown = to_response(problem_of({code, "SECRET", "SECRET", {}}));
    CHECK(shown.status >= 500);
    CHECK(shown.body.find("SECRET") == std::string::npos);
  }
}
