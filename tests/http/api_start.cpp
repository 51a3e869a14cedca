#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/http/api_fixture.hpp"

using namespace skald;
using namespace skald::http::test;

namespace {

const std::string patient = "Prefer: wait=30\r\n";

std::string keyed(const std::string& key) { return "Idempotency-Key: " + key + "\r\n"; }

std::string post_text(const std::string& fields, const std::string& body) {
  return "POST /v1/sagas HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
         fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("a saga that is started is accepted, and shown as it is") {
  Api api;
  const auto answer =
      api.post("/v1/sagas", transfer("money-transfer", R"(,"id":"t-1","tags":{"run":"7"})"));
  CHECK(answer.status == 202);
  CHECK(answer.field("Location") == "/v1/sagas/t-1");
  CHECK(answer.field("ETag") == "\"1\"");
  CHECK(answer.field("Content-Type") == "application/json");
  CHECK(answer.field("Preference-Applied") == std::nullopt);
  const auto saga = json_of(answer);
  CHECK(saga == api.saga("t-1"));
  CHECK(saga["definition"] == "money-transfer");
  CHECK(saga["version"] == 1);
  CHECK(saga["status"] == "running");
  CHECK(saga["businessKey"] == "alice");
  CHECK(saga["tags"] == nlohmann::json{{"run", "7"}});
  CHECK(saga["created"] == "2026-01-01T00:00:00.000Z");
}

TEST_CASE("without a version the newest one is started, without an id one is made") {
  Api api;
  CHECK(api.saga(api.start("impatient"))["version"] == 2);
  const auto id = api.start("impatient", R"(,"version":1,"businessKey":"b-1")");
  CHECK(id.starts_with("sk_"));
  CHECK(api.saga(id)["version"] == 1);
  CHECK(api.saga(id)["businessKey"] == "b-1");
}

TEST_CASE("a client that prefers to wait is answered when the saga has ended") {
  Api api;
  Client client(api.server->port());
  client.send(post_text(patient, transfer("money-transfer")));
  api.calls.take().answer(Done{});
  auto credit = api.calls.take();
  CHECK_FALSE(client.answered_within(std::chrono::milliseconds{0}));
  credit.answer(Done{});
  const auto answer = client.receive();
  CHECK(answer.status == 201);
  CHECK(answer.field("Preference-Applied") == "wait=30");
  CHECK(answer.field("Location") == "/v1/sagas/" + json_of(answer)["id"].get<std::string>());
  CHECK(json_of(answer)["status"] == "completed");
}

TEST_CASE("a client whose patience ends before the saga is told how far it is") {
  Api api;
  const auto at_once = api.post("/v1/sagas", transfer("money-transfer"), "Prefer: wait=0\r\n");
  CHECK(at_once.status == 202);
  CHECK(at_once.field("Preference-Applied") == "wait=0");
  const auto later = api.post("/v1/sagas", transfer("money-transfer"), "Prefer: wait=1\r\n");
  CHECK(later.status == 202);
  CHECK(json_of(later)["status"] == "running");
}

TEST_CASE("preferences that are no wait are ignored") {
  Api api;
  for (const std::string preference : {"wait=soon", "wait", "wait=-1", "respond-async", "wait="}) {
    const auto answer =
        api.post("/v1/sagas", transfer("money-transfer"), "Prefer: " + preference + "\r\n");
    CHECK(answer.status == 202);
    CHECK(answer.field("Preference-Applied") == std::nullopt);
  }
}

TEST_CASE("closing the agenda answers those who wait, and later starts still are") {
  Api api;
  Client client(api.server->port());
  client.send(post_text(patient, transfer("money-transfer")));
  auto call = api.calls.take();
  api.agenda.close();
  CHECK(client.receive().status == 202);
  CHECK(api.post("/v1/sagas", transfer("money-transfer"), patient).status == 202);
  call.answer(Done{});  // nobody waits for this saga any more, and that harms nothing
  CHECK(api.calls.take().invocation.step == "debit-source");
}

TEST_CASE("a client that goes away while it waits leaves the saga running") {
  Api api;
  Client client(api.server->port());
  client.send(post_text(patient, transfer("money-transfer", R"(,"id":"t-1")")));
  auto debit = api.calls.take();
  client.reset();
  debit.answer(Done{});
  api.calls.take().answer(Done{});
  CHECK(api.reaches("t-1", "completed"));
}

TEST_CASE("a start repeated under its key shows the same saga and starts nothing") {
  Api api;
  const auto first = api.post("/v1/sagas", transfer("money-transfer"), keyed("\"k-1\""));
  REQUIRE(first.status == 202);
  for (const std::string key : {"\"k-1\"", "k-1"}) {
    const auto again = api.post("/v1/sagas", transfer("money-transfer"), keyed(key));
    CHECK(again.status == 200);
    CHECK(again.field("Idempotency-Replayed") == "true");
    CHECK(json_of(again) == json_of(first));
  }
  CHECK(json_of(api.get("/v1/sagas"))["sagas"].size() == 1);
}

TEST_CASE("a start repeated under its id shows the same saga, and waits like the first") {
  Api api;
  const auto body = transfer("money-transfer", R"(,"id":"t-1")");
  REQUIRE(api.post("/v1/sagas", body).field("Idempotency-Replayed") == std::nullopt);
  Client client(api.server->port());
  client.send(post_text(patient, body));
  api.calls.take().answer(Failed{"insufficient_funds", "no money"});
  const auto again = client.receive();
  CHECK(again.status == 200);
  CHECK(again.field("Idempotency-Replayed") == "true");
  CHECK(again.field("Preference-Applied") == "wait=30");
  CHECK(json_of(again)["status"] == "failed");
}

TEST_CASE("many clients start and wait at once, and each gets its own saga's end") {
  Api api;
  constexpr int count = 50;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < count; ++i) {
    clients.push_back(std::make_unique<Client>(api.server->port()));
    const auto id = R"(,"id":"t-)" + std::to_string(i) + '"';
    clients.back()->send(post_text(patient, transfer("money-transfer", id)));
  }
  for (int i = 0; i < 2 * count; ++i) api.calls.take().answer(Done{});
  for (int i = 0; i < count; ++i) {
    const auto answer = clients[static_cast<std::size_t>(i)]->receive();
    CHECK(answer.status == 201);
    CHECK(json_of(answer)["id"] == "t-" + std::to_string(i));
  }
}
