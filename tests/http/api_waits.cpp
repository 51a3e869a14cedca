#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/http/api_fixture.hpp"

using namespace skald;
using namespace skald::http::test;
using nlohmann::json;

namespace {

/// A document with these steps.
std::string saga_of(const std::string& name, const std::string& steps,
                    const std::string& more = "") {
  return R"({"saga":")" + name + R"(","version":1)" + more + R"(,"steps":[)" + steps + "]}";
}

/// A first step, without effect.
const std::string ask =
    R"({"id":"ask","kind":"readonly","call":{"http":"GET ${participants.mail}/state"}})";

/// A last step, which must go through in the end.
const std::string greet =
    R"({"id":"greet","kind":"retriable","call":{"http":"POST ${participants.mail}/greetings"}})";

json explained(Api& api, const std::string& id) {
  return json_of(api.get("/v1/sagas/" + id + "/explain"));
}

}  // namespace

TEST_CASE("a parked saga shows why, and goes on when an operator retries it") {
  Api api;
  api.add(saga_of("parked", ask + R"(,{"id":"look","park":"somebody has to look"},)" + greet));
  api.run("parked", "p");
  api.calls.take().answer(Done{});
  REQUIRE(api.reaches("p", "stuck"));
  const auto saga = api.saga("p");
  CHECK(saga["parking"] == parsed(R"({"reason":"somebody has to look","state":"ask",
                                      "target":"look"})"));
  CHECK(saga["allowedActions"][0] == "retry");
  const auto why = explained(api, "p");
  CHECK(why["waiting"].size() == 1);
  CHECK(why["waiting"][0]["for"] == "operator");
  CHECK(why["waiting"][0]["state"] == "ask");
  CHECK_FALSE(why["waiting"][0].contains("step"));

  CHECK(api.post("/v1/sagas/p/retry", R"({"step":"greet"})").status == 409);
  const auto on = json_of(api.post("/v1/sagas/p/retry", R"({"reason":"it is fine"})"));
  CHECK(on["status"] == "running");
  CHECK(on["states"] == json{"greet"});
  CHECK_FALSE(on.contains("parking"));
  api.calls.take().answer(Done{});
  REQUIRE(api.reaches("p", "completed"));
  const auto events = json_of(api.get("/v1/sagas/p/events"))["events"];
  CHECK(std::any_of(events.begin(), events.end(), [](const json& event) {
    return event["kind"] == "wentOn" && event["message"] == "it is fine";
  }));
}

TEST_CASE("a saga that waits for time shows when it goes on") {
  Api api;
  api.add(saga_of("slow", R"({"id":"pause","wait":{"for":"1h"}},)" + greet));
  api.run("slow", "s");
  CHECK(api.saga("s")["timers"] ==
        parsed(R"([{"state":"pause","due":"2026-01-01T01:00:00.000Z","expired":false}])"));
  const auto waiting = explained(api, "s")["waiting"];
  CHECK(waiting.size() == 1);
  CHECK(waiting[0]["for"] == "timer");
  CHECK(waiting[0]["state"] == "pause");
  CHECK(waiting[0]["until"] == "2026-01-01T01:00:00.000Z");
  api.millis += 3'600'000;
  CHECK(api.calls.take().invocation.step == "greet");
  CHECK_FALSE(api.saga("s").contains("timers"));
}

TEST_CASE("a saga that waits for its locks says so") {
  Api api;
  api.add(saga_of("one-by-one", greet, R"(,"locks":["${input.account}"],"input":{"type":"object",
      "properties":{"account":{"type":"string"}},"required":["account"]})"));
  api.run("one-by-one", "first", R"({"account":"alice"})");
  api.run("one-by-one", "second", R"({"account":"alice"})");
  CHECK(api.saga("first")["locked"] == true);
  const auto second = api.saga("second");
  CHECK(second["locks"] == json{"alice"});
  CHECK(second["locked"] == false);
  CHECK(second["states"] == json::array());
  const auto waiting = explained(api, "second")["waiting"];
  CHECK(waiting.size() == 1);
  CHECK(waiting[0]["for"] == "locks");
  CHECK(waiting[0]["names"] == json{"alice"});
  api.calls.take().answer(Done{});
  CHECK(api.calls.take().invocation.saga.value == "second");
  CHECK(api.saga("second")["locked"] == true);
}

TEST_CASE("a step for each item of a list shows its items") {
  Api api;
  api.add(saga_of("parcels", R"({"id":"ship","forEach":"${input.parcels}",
      "call":{"http":"POST ${participants.shipping}/parcels"},
      "undo":{"http":"POST ${participants.shipping}/cancellations"}})",
                  R"(,"input":{"type":"object","properties":{"parcels":{"type":"array"}},
                               "required":["parcels"]})"));
  api.run("parcels", "p", R"({"parcels":["a","b","c"]})");
  api.calls.take().answer(Done{});
  auto second = api.calls.take();
  const auto saga = api.saga("p");
  CHECK(saga["loops"] == parsed(R"([{"step":"ship","items":3,"begun":2,"done":1}])"));
  CHECK(saga["steps"][0]["item"] == "a");
  CHECK(saga["pending"][0]["item"] == "b");
  CHECK(saga["pending"][0]["run"] == 2);
}

TEST_CASE("a child shows its parent, and a saga its latest failure") {
  Api api;
  api.add(saga_of("child", R"({"id":"try","kind":"readonly",
                               "call":{"http":"GET ${participants.mail}/x"}})"));
  api.add(saga_of("parent", R"({"id":"have-tried","noUndo":"nothing stays",
                                "call":{"saga":"child"}})"));
  api.run("parent", "p");
  auto call = api.calls.take();
  CHECK(call.invocation.saga.value == "p.have-tried");
  CHECK(api.saga("p.have-tried")["parent"] ==
        parsed(R"({"saga":"p","step":"have-tried","run":1})"));
  call.answer(Failed{"shut", "they are closed"});
  REQUIRE(api.reaches("p.have-tried", "failed"));
  const auto error = api.saga("p.have-tried")["error"];
  CHECK(error["step"] == "try");
  CHECK(error["code"] == "shut");
  CHECK(error["message"].get<std::string>().find("they are closed") != std::string::npos);
  REQUIRE(api.reaches("p", "failed"));
  CHECK(api.saga("p")["error"]["step"] == "have-tried");
}

TEST_CASE("a probe shows what it asks, and the call what it was sent to") {
  Api api;
  api.add(saga_of("careful", R"({"id":"pay","kind":"pivot","retry":{"attempts":1},
      "call":{"http":"POST ${participants.bank}/payments/${saga.id}"},
      "undo":{"http":"DELETE ${participants.bank}/payments/${saga.id}"},
      "probe":{"http":"GET ${participants.bank}/payments/${saga.id}"}})"));
  api.run("careful", "c");
  auto call = api.calls.take();
  CHECK(api.saga("c")["pending"][0]["address"] == "/payments/c");
  call.answer(Unknown{"timeout after 5000 ms"});
  auto probe = api.calls.take();
  CHECK(probe.invocation.phase == Phase::probe);
  CHECK(api.saga("c")["pending"][0]["phase"] == "probe");
  CHECK(explained(api, "c")["waiting"][0]["phase"] == "probe");
  probe.answer(Done{Json(json{{"id", 7}})});
  REQUIRE(api.reaches("c", "completed"));
  CHECK(json_of(api.get("/v1/sagas/c/events"))["events"].size() > 4);
}

TEST_CASE("an action under the same key is carried out once") {
  Api api;
  api.add(saga_of(
      "parked", ask + R"(,{"id":"look","park":"first"},{"id":"again","park":"second"},)" + greet));
  api.run("parked", "p");
  api.calls.take().answer(Done{});
  REQUIRE(api.reaches("p", "stuck"));
  const std::string key = "Idempotency-Key: k-1\r\n";
  const std::string body = R"({"reason":"seen"})";
  CHECK(api.post("/v1/sagas/p/retry", body, key).status == 200);
  const auto after = api.saga("p");
  CHECK(after["parking"]["reason"] == "second");
  CHECK(json_of(api.post("/v1/sagas/p/retry", body, key)) == after);
  CHECK(code_of(api.post("/v1/sagas/p/retry", R"({"reason":"other"})", key)) ==
        "IDEMPOTENCY_MISMATCH");
  CHECK(code_of(api.post("/v1/sagas/p/cancel", body, key)) == "IDEMPOTENCY_MISMATCH");
  CHECK(api.post("/v1/sagas/p/retry", body, key + key).status == 400);
  CHECK(api.saga("p") == after);
}
