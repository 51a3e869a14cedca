#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/http/api_fixture.hpp"

using namespace skald;
using namespace skald::http::test;
using nlohmann::json;

namespace {

Answer act(Api& api, const std::string& action, const std::string& body = "") {
  return api.post("/v1/sagas/t-1/" + action, body);
}

/// Starts t-1, a saga whose policies allow one attempt; returns the call of its first step.
HeldCalls::Call started(Api& api) {
  api.start("impatient", R"(,"id":"t-1")");
  return api.calls.take();
}

/// ... and stuck, because nobody knows whether its pivot took effect.
void stuck_at_pivot(Api& api) {
  started(api).answer(Done{});
  api.calls.take().answer(Unknown{"it was lost"});
  REQUIRE(api.reaches("t-1", "stuck"));
}

/// ... and stuck, because nobody knows whether the undo of its first step took effect.
void stuck_at_undo(Api& api) {
  started(api).answer(Done{});
  api.calls.take().answer(Failed{"closed", "closed"});
  api.calls.take().answer(Unknown{"it was lost"});
  REQUIRE(api.reaches("t-1", "stuck"));
}

}  // namespace

TEST_CASE("an operator retries what is stuck") {
  Api api;
  stuck_at_pivot(api);
  const auto answer = act(api, "retry");
  CHECK(answer.status == 200);
  CHECK(answer.field("ETag") == '"' + json_of(answer)["revision"].dump() + '"');
  CHECK(json_of(answer)["status"] == "running");
  auto again = api.calls.take();
  CHECK(again.invocation.attempt == 2);
  again.answer(Unknown{"it was lost again"});
  REQUIRE(api.reaches("t-1", "stuck"));
  CHECK(act(api, "retry", R"({"step":"credit-target","reason":"the bank is back"})").status == 200);
  api.calls.take().answer(Done{});
  CHECK(api.reaches("t-1", "completed"));
  const auto events = json_of(api.get("/v1/sagas/t-1/events"))["events"];
  CHECK(std::any_of(events.begin(), events.end(), [](const json& event) {
    return event["kind"] == "retried" && event.value("message", "") == "the bank is back";
  }));
}

TEST_CASE("an operator settles a call by hand") {
  SUBCASE("as done, with its output") {
    Api api;
    stuck_at_pivot(api);
    const auto answer = act(api, "skip", R"({"step":"credit-target","as":"done",
                                             "output":{"receipt":9},"reason":"seen in the bank"})");
    CHECK(answer.status == 200);
    CHECK(json_of(answer)["status"] == "completed");
    CHECK(json_of(answer)["steps"][1]["output"] == json{{"receipt", 9}});
  }
  SUBCASE("as failed, so that it is unwound") {
    Api api;
    stuck_at_pivot(api);
    const auto answer =
        act(api, "skip", R"({"step":"credit-target","as":"failed","reason":"not in the bank"})");
    CHECK(json_of(answer)["status"] == "compensating");
    CHECK(api.calls.take().invocation.phase == Phase::undo);
  }
}

TEST_CASE("an operator settles an undo by hand") {
  Api api;
  stuck_at_undo(api);
  SUBCASE("as done") {
    const auto saga =
        json_of(act(api, "skip", R"({"step":"debit-source","as":"done","reason":"paid back"})"));
    CHECK(saga["status"] == "compensated");
    CHECK(saga["steps"][0]["undo"] == "undoneByHand");
  }
  SUBCASE("as skipped: the effect stays, and the saga says so") {
    const auto saga =
        json_of(act(api, "skip", R"({"step":"debit-source","as":"skipped","reason":"so be it"})"));
    CHECK(saga["status"] == "terminated");
    CHECK(saga["steps"][0]["undo"] == "skipped");
  }
  SUBCASE("but not as failed") {
    const auto answer =
        act(api, "skip", R"({"step":"debit-source","as":"failed","reason":"so be it"})");
    CHECK(answer.status == 409);
    CHECK(api.saga("t-1")["status"] == "stuck");
  }
}

TEST_CASE("a saga is cancelled or compensated by undoing what ran") {
  const std::vector<std::tuple<std::string, std::string, std::string>> actions{
      {"cancel", "", "cancelled"},
      {"cancel", R"({"reason":"a change of mind"})", "cancelled"},
      {"compensate", R"({"reason":"a mistake"})", "compensated"}};
  for (const auto& [action, body, end] : actions) {
    CAPTURE(action);
    Api api;
    auto debit = started(api);
    const auto answer = act(api, action, body);
    CHECK(answer.status == 200);
    CHECK(json_of(answer)["status"] == "compensating");
    CHECK(json_of(answer)["unwind"]["cause"] == action);
    debit.answer(Done{});  // the call that was out is awaited, and then undone
    auto undo = api.calls.take();
    CHECK(undo.invocation.phase == Phase::undo);
    undo.answer(Done{});
    CHECK(api.reaches("t-1", end));
  }
}

TEST_CASE("an action that is not allowed is refused with those that are") {
  Api api;
  auto debit = started(api);
  auto before = api.saga("t-1");
  auto refused = act(api, "retry");
  CHECK(refused.status == 409);
  CHECK(code_of(refused) == "ACTION_NOT_ALLOWED");
  CHECK(json_of(refused)["allowedActions"] == json{"compensate", "cancel", "pause", "terminate"});
  CHECK(json_of(refused)["hint"].get<std::string>().find("compensate, cancel") !=
        std::string::npos);
  CHECK(api.saga("t-1") == before);

  debit.answer(Done{});
  api.calls.take().answer(Done{});
  REQUIRE(api.reaches("t-1", "completed"));
  before = api.saga("t-1");
  refused = act(api, "cancel");
  CHECK(refused.status == 409);
  CHECK(json_of(refused)["allowedActions"] == json::array());
  CHECK(api.saga("t-1") == before);
}

TEST_CASE("an action that cannot be understood is refused with every mistake") {
  Api api;
  stuck_at_pivot(api);
  const auto before = api.saga("t-1");
  using Places = std::set<std::string>;
  const auto refused = [&](const std::string& action, const std::string& body) {
    const auto answer = act(api, action, body);
    CHECK(answer.status == 422);
    return places_in(answer);
  };
  CHECK(refused("skip", "") == Places{"/step", "/as", "/reason"});
  CHECK(refused("skip", R"({"step":"pay","as":"gone","why":1,"reason":""})") ==
        Places{"/step", "/as", "/why", "/reason"});
  CHECK(refused("skip", R"({"step":"credit-target","as":"failed","output":1,"reason":"x"})") ==
        Places{"/output"});
  CHECK(refused("retry", R"({"step":"pay","reason":7})") == Places{"/step", "/reason"});
  CHECK(refused("compensate", "") == Places{"/reason"});
  CHECK(refused("compensate", R"({"reason":"   "})") == Places{"/reason"});
  CHECK(refused("cancel", "[]") == Places{""});
  CHECK(refused("cancel", R"({"reason":")" + std::string(1001, 'x') + "\"}") == Places{"/reason"});
  CHECK(why_at(act(api, "retry", R"({"step":"pay"})"), "/step").find("credit-target") !=
        std::string::npos);
  CHECK(act(api, "retry", "{").status == 400);
  CHECK(api.exchange("POST /v1/sagas/t-1/retry HTTP/1.1\r\nHost: localhost\r\n"
                     "Content-Length: 2\r\n\r\n{}")
            .status == 415);
  CHECK(api.saga("t-1") == before);
}
