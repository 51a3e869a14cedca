#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/http/api_fixture.hpp"

using namespace skald;
using namespace skald::http::test;
using nlohmann::json;

namespace {

/// The kinds of events on a page, joined with blanks.
std::string kinds_on(const Answer& answer) {
  REQUIRE(answer.status == 200);
  std::string kinds;
  const auto page = json_of(answer);
  for (const auto& event : page.at("events"))
    kinds.append(kinds.empty() ? "" : " ").append(event.at("kind").get<std::string>());
  return kinds;
}

/// Starts t-1 of `definition`, whose first step is done with this output.
HeldCalls::Call debited(Api& api, const std::string& definition) {
  api.start(definition, R"(,"id":"t-1")");
  api.millis += 1000;
  api.calls.take().answer(Done{Json(parsed(R"({"receipt":7})"))});
  return api.calls.take();
}

}  // namespace

TEST_CASE("a saga shows what ran, what is under way and what may be done") {
  Api api;
  auto credit = debited(api, "money-transfer");
  auto saga = api.saga("t-1");
  CHECK(saga["states"] == json{"SourceAccountDebited"});
  CHECK(saga["steps"] == parsed(R"([{"step":"debit-source","run":1,"kind":"compensatable",
      "confirmed":true,"undo":"standing","input":{"account":"alice","amount":5},
      "output":{"receipt":7},"at":"2026-01-01T00:00:01.000Z"}])"));
  CHECK(saga["pending"] == parsed(R"([{"step":"credit-target","run":1,"phase":"forward",
      "attempt":1,"waitingFor":"participant","since":"2026-01-01T00:00:01.000Z"}])"));
  CHECK(saga["pivotPassed"] == false);
  CHECK(saga["allowedActions"] == json{"pause", "terminate"});
  CHECK_FALSE(saga.contains("unwind"));
  CHECK_FALSE(saga.contains("ended"));

  credit.answer(Unknown{"HTTP 503"});
  CHECK(eventually([&] { return api.saga("t-1")["pending"][0]["waitingFor"] == "retry"; }));
  saga = api.saga("t-1");
  CHECK(saga["pending"][0]["lastError"] == "HTTP 503");
  CHECK(saga["pending"][0]["until"] > saga["pending"][0]["since"]);
  CHECK(saga["allowedActions"] == json{"retry", "skip", "pause", "terminate"});
}

TEST_CASE("an unwound saga shows what was undone and why") {
  Api api;
  debited(api, "money-transfer").answer(Failed{"closed", "the account is closed"});
  auto undo = api.calls.take();
  CHECK(undo.invocation.phase == Phase::undo);
  REQUIRE(api.reaches("t-1", "compensating"));
  auto saga = api.saga("t-1");
  CHECK(saga["unwind"]["cause"] == "transition");
  CHECK(saga["unwind"]["target"] == "SourceAccountCreditedBack");
  CHECK(saga["unwind"]["finished"] == false);
  CHECK(saga["pending"][0]["phase"] == "undo");
  undo.answer(Done{});
  REQUIRE(api.reaches("t-1", "compensated"));
  saga = api.saga("t-1");
  CHECK(saga["steps"][0]["undo"] == "undone");
  CHECK(saga["unwind"]["finished"] == true);
  CHECK(saga["ended"] == "2026-01-01T00:00:01.000Z");
  CHECK(saga["allowedActions"] == json::array());
}

TEST_CASE("a saga is not sent again while it is at the revision the client has") {
  Api api;
  auto credit = debited(api, "money-transfer");
  const auto etag = api.get("/v1/sagas/t-1").field("ETag").value_or("");
  CHECK(etag == "\"2\"");
  for (const auto& known : {etag, "W/" + etag, "\"1\", " + etag, std::string("*")}) {
    const auto answer = api.get("/v1/sagas/t-1", "If-None-Match: " + known + "\r\n");
    CHECK(answer.status == 304);
    CHECK(answer.body.empty());
    CHECK(answer.field("ETag") == etag);
  }
  CHECK(api.get("/v1/sagas/t-1", "If-None-Match: \"1\"\r\n").status == 200);
  credit.answer(Done{});
  REQUIRE(api.reaches("t-1", "completed"));
  CHECK(api.get("/v1/sagas/t-1", "If-None-Match: " + etag + "\r\n").status == 200);
}

TEST_CASE("a saga that does not exist is not found, whatever is asked of it") {
  Api api;
  for (const std::string what : {"", "/events", "/explain"}) {
    const auto answer = api.get("/v1/sagas/t%201" + what);
    CHECK(answer.status == 404);
    CHECK(code_of(answer) == "NOT_FOUND");
    CHECK(json_of(answer)["detail"].get<std::string>().find("'t 1'") != std::string::npos);
    CHECK(api.get("/v1/sagas/t-1" + what + "?verbose=1").status == 400);
  }
  for (const std::string action : {"retry", "skip", "compensate", "cancel", "pause", "terminate"})
    CHECK(api.post("/v1/sagas/t-1/" + action, "").status == 404);
  api.check_nothing_stored();
}

TEST_CASE("the history tells every transition in order, page by page") {
  Api api;
  debited(api, "money-transfer").answer(Done{});
  REQUIRE(api.reaches("t-1", "completed"));
  const auto all = api.get("/v1/sagas/t-1/events");
  CHECK(kinds_on(all) == "started entered called done entered called done entered entered ended");
  const auto events = json_of(all)["events"];
  CHECK(events[2]["step"] == "debit-source");
  CHECK(events[2]["phase"] == "forward");
  CHECK(events[2]["attempt"] == 1);
  CHECK(events[2]["revision"] == 1);
  CHECK(events[2]["at"] == "2026-01-01T00:00:00.000Z");
  CHECK(events[3]["payload"] == json{{"receipt", 7}});
  CHECK(events[3]["at"] == "2026-01-01T00:00:01.000Z");

  std::string kinds;
  json after = 0;
  for (int page = 1; page <= 3; ++page) {
    const auto answer = api.get("/v1/sagas/t-1/events?pageSize=1&after=" + after.dump());
    kinds.append(kinds.empty() ? "" : " ").append(kinds_on(answer));
    after = json_of(answer).value("nextAfter", json());
    CHECK(after.is_null() == (page == 3));
  }
  CHECK(kinds == kinds_on(all));
  CHECK(places_in(api.get("/v1/sagas/t-1/events?after=-1&pageSize=many")) ==
        std::set<std::string>{"after", "pageSize"});
}

TEST_CASE("a saga explains what it waits for and what it would undo") {
  Api api;
  auto credit = debited(api, "impatient");
  auto why = json_of(api.get("/v1/sagas/t-1/explain"));
  CHECK(why["status"] == "running");
  CHECK(why["undoPlan"] == json{"debit-source"});
  CHECK(why["waiting"] == parsed(R"([{"for":"participant","step":"credit-target",
      "phase":"forward","participant":"accounts","attempt":1,"attemptsMax":1,"failures":0,
      "since":"2026-01-01T00:00:01.000Z"}])"));
  credit.answer(Unknown{"timeout after 5000 ms"});
  REQUIRE(api.reaches("t-1", "stuck"));
  why = json_of(api.get("/v1/sagas/t-1/explain"));
  CHECK(why["waiting"][0]["for"] == "operator");
  CHECK(why["waiting"][0]["lastError"].get<std::string>().find("timeout") != std::string::npos);
  CHECK(why["allowedActions"] == json{"retry", "skip", "pause", "terminate"});
  CHECK(why["summary"].get<std::string>().find("waits for an operator") != std::string::npos);
}
