#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/http/api_fixture.hpp"
#include "tests/http/api_sagas.hpp"

using namespace skald;
using namespace skald::http::test;
using nlohmann::json;

namespace {

constexpr auto by_boss = R"({"by":"the boss"})";

/// A node with the saga `id` of approval, which is booking.
HeldCalls::Call booking(Api& api, const std::string& id) {
  api.run("approval", id, R"({"request":"r-)" + id + "\"}");
  return api.calls.take();
}

/// ... which waits for its decision.
void deciding(Api& api, const std::string& id) {
  booking(api, id).answer(Done{});
  REQUIRE(eventually([&] { return api.saga(id)["states"] == json{"decide"}; }));
}

Answer signal(Api& api, const std::string& id, const std::string& name, const std::string& body,
              const std::string& fields = "") {
  return api.post("/v1/sagas/" + id + "/signals/" + name, body, fields);
}

}  // namespace

TEST_CASE("a signal moves the saga that waits for it") {
  Api api;
  api.add(approval());
  deciding(api, "a");
  const auto answer = signal(api, "a", "approved", by_boss);
  CHECK(answer.status == 200);
  CHECK(answer.field("ETag") == '"' + json_of(answer)["revision"].dump() + '"');
  CHECK(json_of(answer)["pending"][0]["step"] == "pay");
  api.calls.take().answer(Done{Json(json{{"id", "p-1"}})});
  REQUIRE(api.reaches("a", "completed"));
  CHECK(api.saga("a")["output"] == json{{"paid", "p-1"}});
  const auto events = json_of(api.get("/v1/sagas/a/events"))["events"];
  CHECK(std::any_of(events.begin(), events.end(), [](const json& event) {
    return event["kind"] == "signalled" && event["payload"] == parsed(by_boss);
  }));
}

TEST_CASE("an early signal is kept and shown until it is awaited") {
  Api api;
  api.add(approval());
  auto book = booking(api, "a");
  const auto saga = json_of(signal(api, "a", "approved", by_boss));
  CHECK(saga["states"] == json{"book"});
  CHECK(saga["kept"] == parsed(R"([{"event":"approved","payload":{"by":"the boss"},
      "at":"2026-01-01T00:00:00.000Z","deferred":false}])"));
  CHECK(saga["correlations"] == json{{"approved", "r-a"}});
  book.answer(Done{});
  CHECK(api.calls.take().invocation.step == "pay");
  CHECK_FALSE(api.saga("a").contains("kept"));
}

TEST_CASE("a signal under the same key is taken once, and another one is refused") {
  Api api;
  api.add(approval());
  deciding(api, "a");
  const std::string key = "Idempotency-Key: \"k-1\"\r\n";
  const auto first = json_of(signal(api, "a", "approved", by_boss, key));
  const auto again = signal(api, "a", "approved", by_boss, key);
  CHECK(again.status == 200);
  CHECK(json_of(again)["revision"] == first["revision"]);
  const auto other = signal(api, "a", "approved", R"({"by":"me"})", key);
  CHECK(other.status == 422);
  CHECK(code_of(other) == "IDEMPOTENCY_MISMATCH");
  CHECK(code_of(signal(api, "a", "approved", by_boss, "Idempotency-Key: \r\n")) ==
        "BAD_IDEMPOTENCY_KEY");
  CHECK(api.saga("a")["revision"] == first["revision"]);
  api.calls.take().answer(Done{});
  REQUIRE(api.reaches("a", "completed"));
  CHECK(signal(api, "a", "approved", by_boss, key).status == 200);
}

TEST_CASE("a signal that cannot be taken is refused with the reason") {
  Api api;
  api.add(approval());
  auto book = booking(api, "a");
  const auto before = api.saga("a");
  const auto unknown = signal(api, "a", "aproved", by_boss);
  CHECK(unknown.status == 404);
  CHECK(json_of(unknown)["hint"].get<std::string>().find("approved") != std::string::npos);
  CHECK(signal(api, "b", "approved", by_boss).status == 404);
  const auto misfit = signal(api, "a", "approved", R"({"by":7})");
  CHECK(misfit.status == 422);
  CHECK(places_in(misfit) == std::set<std::string>{"/by"});
  CHECK(places_in(signal(api, "a", "approved", "")).size() == 1);
  CHECK(signal(api, "a", "approved", "{").status == 400);
  const auto unawaited = signal(api, "a", "withdrawn", "");
  CHECK(unawaited.status == 409);
  CHECK(code_of(unawaited) == "ACTION_NOT_ALLOWED");
  CHECK(json_of(unawaited)["allowedActions"] == json{"compensate", "cancel", "pause", "terminate"});
  CHECK(api.saga("a") == before);

  book.answer(Failed{"full", "the budget is spent"});
  REQUIRE(api.reaches("a", "failed"));
  CHECK(signal(api, "a", "approved", by_boss).status == 409);
}

TEST_CASE("a signal reaches every saga with its correlation key") {
  Api api;
  api.add(approval());
  deciding(api, "a");
  deciding(api, "b");
  const auto publish = [&](const std::string& name, const std::string& body,
                           const std::string& fields = "") {
    return api.post("/v1/signals/" + name, body, fields);
  };
  const std::string to_a = R"({"correlationKey":"r-a","payload":{"by":"the boss"}})";
  const std::string key = "Idempotency-Key: e-1\r\n";
  const auto answer = publish("approved", to_a, key);
  CHECK(answer.status == 200);
  CHECK(json_of(answer) == json{{"delivered", 1}, {"refused", 0}});
  CHECK(json_of(publish("approved", to_a, key)) == json{{"delivered", 1}, {"refused", 0}});
  CHECK(api.saga("a")["states"] == json{"pay"});
  CHECK_FALSE(api.saga("a").contains("kept"));
  CHECK(api.saga("b")["states"] == json{"decide"});

  CHECK(json_of(publish("approved", R"({"correlationKey":"nobody","payload":{"by":"x"}})")) ==
        json{{"delivered", 0}, {"refused", 0}});
  CHECK(json_of(publish("withdrawn", "")) == json{{"delivered", 1}, {"refused", 1}});
  CHECK(api.saga("b")["status"] == "compensating");
}

TEST_CASE("a signal for all that cannot be understood reaches nobody") {
  Api api;
  const auto unknown = api.post("/v1/signals/approved", "{}");
  CHECK(unknown.status == 404);
  api.add(approval());
  deciding(api, "a");
  const auto before = api.saga("a");
  CHECK(api.post("/v1/signals/aproved", "{}").status == 404);
  CHECK(places_in(api.post("/v1/signals/approved",
                           R"({"correlationKey":7,"key":"r-a","payload":{"by":"x"}})")) ==
        std::set<std::string>{"/correlationKey", "/key"});
  CHECK(api.post("/v1/signals/approved", "[]").status == 422);
  CHECK(json_of(api.post("/v1/signals/approved", R"({"payload":{"by":7}})")) ==
        json{{"delivered", 0}, {"refused", 1}});
  CHECK(api.saga("a") == before);
}
