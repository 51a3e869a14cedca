#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/http/api_fixture.hpp"

using namespace skald;
using namespace skald::http::test;
using nlohmann::json;

namespace {

/// The last event of a saga with this kind.
json event_of(Api& api, const std::string& id, const std::string& kind) {
  json found;
  const auto page = json_of(api.get("/v1/sagas/" + id + "/events"));
  for (const auto& event : page["events"])
    if (event["kind"] == kind) found = event;
  return found;
}

}  // namespace

TEST_CASE("a paused saga sends nothing until it is resumed, and its history says who and why") {
  Api api;
  api.start("money-transfer", R"(,"id":"a")");
  auto debit = api.calls.take();
  auto paused = json_of(api.post("/v1/sagas/a/pause", R"({"reason":"audit","actor":"egil"})"));
  CHECK(paused["status"] == "paused");
  CHECK(paused["paused"] == parsed(R"({"since":"2026-01-01T00:00:00.000Z","reason":"audit"})"));
  CHECK(paused["allowedActions"] == json{"resume", "terminate"});
  CHECK(event_of(api, "a", "paused")["message"] == "audit");
  CHECK(event_of(api, "a", "paused")["actor"] == "egil");
  const auto why = json_of(api.get("/v1/sagas/a/explain"));
  CHECK(why["waiting"][0]["for"] == "resume");
  CHECK(why["summary"].get<std::string>().find("because: audit") != std::string::npos);

  debit.answer(Done{});
  CHECK(eventually([&] { return !api.saga("a")["steps"].empty(); }));
  CHECK(api.saga("a")["status"] == "paused");
  CHECK(code_of(api.post("/v1/sagas/a/cancel", "")) == "ACTION_NOT_ALLOWED");
  CHECK(json_of(api.get("/v1/sagas/count?groupBy=status"))["groups"][0]["status"] == "paused");
  CHECK(api.post("/v1/sagas/a/resume", R"({"reason":"done"})").status == 200);
  CHECK(api.calls.take().invocation.step == "credit-target");
  CHECK(api.saga("a")["status"] == "running");
  CHECK(code_of(api.post("/v1/sagas/a/resume", "")) == "ACTION_NOT_ALLOWED");
}

TEST_CASE("a saga is terminated as it stands, for a reason") {
  Api api;
  api.start("money-transfer", R"(,"id":"a")");
  api.calls.take().answer(Done{});
  auto credit = api.calls.take();
  CHECK(places_in(api.post("/v1/sagas/a/terminate", "")) == std::set<std::string>{"/reason"});
  const auto ended = json_of(api.post("/v1/sagas/a/terminate", R"({"reason":"by hand"})"));
  CHECK(ended["status"] == "terminated");
  CHECK(ended["steps"].size() == 2);
  CHECK(ended["steps"][0]["undo"] == "standing");
  CHECK(ended["steps"][1]["confirmed"] == false);
  CHECK(event_of(api, "a", "terminated")["message"] == "by hand");
  credit.answer(Done{});
  CHECK(code_of(api.post("/v1/sagas/a/terminate", R"({"reason":"again"})")) ==
        "ACTION_NOT_ALLOWED");
  CHECK(api.saga("a") == ended);
}

TEST_CASE("a note stands in the history, once under one key") {
  Api api;
  api.start("money-transfer", R"(,"id":"a")");
  const std::string note = R"({"text":"called the bank","actor":"astrid"})";
  const std::string key = "Idempotency-Key: n-1\r\n";
  CHECK(api.post("/v1/sagas/a/notes", note, key).status == 200);
  CHECK(api.post("/v1/sagas/a/notes", note, key).status == 200);
  CHECK(api.saga("a")["revision"] == 2);
  CHECK(event_of(api, "a", "noted")["message"] == "called the bank");
  CHECK(event_of(api, "a", "noted")["actor"] == "astrid");
  CHECK(places_in(api.post("/v1/sagas/a/notes", R"({"reason":"x"})")) ==
        std::set<std::string>{"/text", "/reason"});
  CHECK(code_of(api.post("/v1/sagas/a/notes", R"({"text":"other"})", key)) ==
        "IDEMPOTENCY_MISMATCH");
}

TEST_CASE("an action with If-Match happens only to the revision that was looked at") {
  Api api;
  api.start("money-transfer", R"(,"id":"a")");
  const auto etag = api.get("/v1/sagas/a").field("ETag").value_or("");
  const auto match = [](const std::string& tag) { return "If-Match: " + tag + "\r\n"; };
  CHECK(api.post("/v1/sagas/a/pause", "", match(etag)).status == 200);
  const auto late = api.post("/v1/sagas/a/resume", "", match(etag));
  CHECK(late.status == 412);
  CHECK(code_of(late) == "REVISION_MISMATCH");
  CHECK(api.saga("a")["status"] == "paused");
  for (const std::string tag : {"7", "\"x\"", "\"\"", "W/\"2\"", "\"1\", \"2\""})
    CHECK(api.post("/v1/sagas/a/resume", "", match(tag)).status == 400);
  CHECK(api.post("/v1/sagas/a/resume", "", match("*")).status == 200);
}

TEST_CASE("an ended saga is run again with its input, or a changed one") {
  Api api;
  api.start("impatient", R"(,"id":"a","version":1,"businessKey":"b-1","tags":{"x":"y"})");
  CHECK(code_of(api.post("/v1/sagas/a/rerun", "")) == "ACTION_NOT_ALLOWED");
  api.calls.take().answer(Failed{"no", "no"});
  REQUIRE(api.reaches("a", "failed"));

  const std::string body =
      R"({"id":"b","input":{"amount":9},"reason":"more money","actor":"egil"})";
  const std::string key = "Idempotency-Key: r-1\r\n";
  const auto answer = api.post("/v1/sagas/a/rerun", body, key);
  CHECK(answer.status == 202);
  CHECK(answer.field("Location") == "/v1/sagas/b");
  const auto again = json_of(answer);
  CHECK(again["version"] == 2);
  CHECK(again["input"] == parsed(R"({"source":"alice","target":"bob","amount":9})"));
  CHECK(again["businessKey"] == "b-1");
  CHECK(again["tags"] == parsed(R"({"x":"y","rerunOf":"a"})"));
  CHECK(event_of(api, "b", "started")["message"] == "again, as a: more money");
  CHECK(event_of(api, "b", "started")["actor"] == "egil");
  CHECK(api.post("/v1/sagas/a/rerun", body, key).status == 200);

  CHECK(json_of(api.post("/v1/sagas/a/rerun", R"({"version":1})"))["version"] == 1);
  CHECK(places_in(api.post("/v1/sagas/a/rerun", R"({"input":{"amount":null}})")) ==
        std::set<std::string>{"/input/amount"});
  CHECK(places_in(api.post("/v1/sagas/a/rerun", R"({"version":7,"x":1})")) ==
        std::set<std::string>{"/version", "/x"});
  CHECK(api.post("/v1/sagas/nobody/rerun", "").status == 404);
}
