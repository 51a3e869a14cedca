#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/http/api_fixture.hpp"
#include "tests/http/api_sagas.hpp"

using namespace skald;
using namespace skald::http::test;
using nlohmann::json;

namespace {

constexpr auto in_yaml = R"(
saga: greeting   # what it is called
version: 1
steps:
  - id: greet
    kind: retriable
    call: { http: "POST ${participants.mail}/greetings" }
)";

constexpr auto in_json = R"({
  "version": 1, "saga": "greeting", // the same
  "steps": [{"call": {"http": "POST ${participants.mail}/greetings"}, "id": "greet",
             "kind": "retriable"}]
})";

Answer post_as(Api& api, const std::string& type, const std::string& body,
               const std::string& path = "/v1/definitions") {
  return api.exchange("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type +
                      "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

/// The names and versions that are registered, but for the fixture's own.
std::set<std::string> registered(Api& api) {
  std::set<std::string> refs;
  const auto list = json_of(api.get("/v1/definitions"));
  for (const auto& one : list.at("definitions"))
    if (one.at("language") == "json")
      refs.insert(one.at("name").get<std::string>() + " " + one.at("version").dump());
  return refs;
}

std::size_t stored(Api& api) {
  std::size_t count = 0;
  const auto read = api.store->writer().for_each_definition([&](const DefinitionRow&) { ++count; });
  REQUIRE(read.ok());
  return count;
}

}  // namespace

TEST_CASE("a document is registered durably, and sagas run by it at once") {
  Api api;
  const auto answer = api.post("/v1/definitions", approval());
  CHECK(answer.status == 201);
  CHECK(answer.field("Location") == "/v1/definitions/approval?version=1");
  const auto made = json_of(answer);
  CHECK(made["name"] == "approval");
  CHECK(made["version"] == 1);
  CHECK(made["newest"] == true);
  CHECK(made["language"] == "json");
  CHECK(made["hash"].get<std::string>().size() == 64);
  CHECK(made["description"] == "A booking that somebody has to approve.");
  CHECK(made["document"]["steps"]["pay"]["kind"] == "pivot");
  CHECK(json_of(api.get("/v1/definitions/approval?version=1")) == made);
  CHECK(stored(api) == 1);

  api.run("approval", "a-1", R"({"request":"r-1"})");
  auto booking = api.calls.take();
  CHECK(booking.invocation.step == "book");
  CHECK(booking.invocation.definition == DefinitionRef{"approval", 1});
}

TEST_CASE("a document is registered once, however it is written") {
  Api api;
  const auto first = post_as(api, "application/yaml", in_yaml);
  CHECK(first.status == 201);
  CHECK_FALSE(first.field("Idempotency-Replayed"));
  for (const auto& [type, body] :
       {std::pair{"application/json; charset=utf-8", in_json}, {"application/x-yaml", in_yaml}}) {
    const auto again = post_as(api, type, body);
    CHECK(again.status == 200);
    CHECK(again.field("Idempotency-Replayed") == "true");
    CHECK(again.field("Location") == "/v1/definitions/greeting?version=1");
    CHECK(json_of(again) == json_of(first));
  }
  CHECK(stored(api) == 1);
}

TEST_CASE("another document needs another version") {
  Api api;
  api.add(approval());
  const auto changed = approval(1, R"(,"deadline":"30d")");
  const auto refused = api.post("/v1/definitions", changed);
  CHECK(refused.status == 409);
  CHECK(code_of(refused) == "VERSION_CONFLICT");
  CHECK(json_of(refused)["hint"].get<std::string>().find("newest version is 1") !=
        std::string::npos);
  CHECK_FALSE(json_of(api.get("/v1/definitions/approval"))["document"].contains("deadline"));

  CHECK(api.post("/v1/definitions", approval(3, R"(,"deadline":"30d")")).status == 201);
  CHECK(json_of(api.get("/v1/definitions/approval"))["version"] == 3);
  CHECK(json_of(api.get("/v1/definitions/approval?version=1"))["newest"] == false);
  const auto older = json_of(api.post("/v1/definitions", approval(2)));
  CHECK(older["newest"] == false);
  CHECK(registered(api) == std::set<std::string>{"approval 1", "approval 2", "approval 3"});

  CHECK(api.post("/v1/definitions", R"({"saga":"impatient","version":1,"steps":[
            {"id":"a","kind":"readonly","call":{"http":"GET ${participants.b}/c"}}]})")
            .status == 409);
}

TEST_CASE("a document that is wrong is refused with everything that is, and leaves nothing") {
  Api api;
  api.documents.participants = {"budget"};
  const std::string wrong = R"({"saga": "wrong", "version": 0, "deadline": "soon",
    "steps": [{"id": "pay", "call": {"http": "POST ${participants.bank}/payments"}},
              {"id": "pay", "kind": "odd", "call": {"http": "POST ${participants.budget}/x"}}]})";
  const auto refused = api.post("/v1/definitions", wrong);
  CHECK(refused.status == 422);
  CHECK(code_of(refused) == "INVALID_DEFINITION");
  const auto places = places_in(refused);
  CHECK(places.size() == 5);
  CHECK(places.contains("1:30 /version"));
  CHECK(why_at(refused, "1:45 /deadline").find("span of time") != std::string::npos);
  CHECK(why_at(refused, "2:46 /steps/0/call/http").find("'bank'") != std::string::npos);

  const auto verdict = api.post("/v1/definitions/validate", wrong);
  CHECK(verdict.status == 200);
  CHECK(json_of(verdict)["valid"] == false);
  CHECK(json_of(verdict)["findings"] == json_of(refused)["errors"]);

  const auto unreadable = api.post("/v1/definitions", "{\n  \"saga\": \"x\"\n  \"version\": 1}");
  CHECK(unreadable.status == 400);
  CHECK(code_of(unreadable) == "MALFORMED_DOCUMENT");
  CHECK(places_in(unreadable) == std::set<std::string>{"3:3"});
  CHECK(post_as(api, "application/yaml", "saga: [").status == 400);
  CHECK(post_as(api, "text/plain", in_yaml).status == 415);
  CHECK(post_as(api, "text/plain", in_yaml, "/v1/definitions/validate").status == 415);
  CHECK(api.post("/v1/definitions?validateOnly=true", approval()).status == 400);
  CHECK(registered(api).empty());
  CHECK(stored(api) == 0);
}

TEST_CASE("validating registers nothing") {
  Api api;
  const auto right = api.post("/v1/definitions/validate", approval());
  CHECK(right.status == 200);
  CHECK(json_of(right) == parsed(R"({"valid":true,"findings":[]})"));
  const auto yaml = post_as(api, "application/yaml", "saga: x", "/v1/definitions/validate");
  CHECK(json_of(yaml)["valid"] == false);
  CHECK_FALSE(json_of(yaml)["findings"].empty());
  CHECK(registered(api).empty());
  CHECK(stored(api) == 0);
}

TEST_CASE("a definition that cannot be stored is not registered") {
  Api api;
  api.disk->fail_next_commits(ErrorCode::disk_full);
  const auto refused = api.post("/v1/definitions", approval());
  CHECK(refused.status == 507);
  CHECK(api.get("/v1/definitions/approval").status == 404);
  CHECK(api.post("/v1/definitions", approval()).status == 201);
  api.orchestrator.drain(std::chrono::milliseconds{0});
  CHECK(api.post("/v1/definitions", approval(2)).status == 503);
  CHECK(registered(api) == std::set<std::string>{"approval 1"});
}

TEST_CASE("documents name the C++ functions that the program gives them") {
  Api api;
  const std::string document = R"({"saga": "inside", "version": 1, "steps": [
      {"id": "greet", "kind": "retriable", "call": {"function": "greet"}}]})";
  CHECK(api.post("/v1/definitions", document).status == 422);
  api.documents.natives.functions["greet"] = [](const Invocation&) { return Done{}; };
  CHECK(api.post("/v1/definitions", document).status == 201);
}

TEST_CASE("a saga does not wait until a document is read") {
  Api api;
  Awaited<bool> released;
  api.long_work.soon([&] { CHECK(released.get() == true); });
  Client client(api.server->port());
  const auto body = approval();
  REQUIRE(
      client.send("POST /v1/definitions/validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                  "application/json\r\nContent-Length: " +
                  std::to_string(body.size()) + "\r\n\r\n" + body));
  CHECK(api.post("/v1/sagas", transfer("money-transfer")).status == 202);
  CHECK_FALSE(client.answered_within(std::chrono::milliseconds{0}));
  released.set(true);
  CHECK(client.receive().status == 200);
}
