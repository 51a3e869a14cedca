#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/http/api_fixture.hpp"

using namespace skald;
using namespace skald::http::test;

using Places = std::set<std::string>;

TEST_CASE("a body that is not acceptable JSON is refused with its place") {
  Api api;
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  const std::vector<std::pair<std::string, std::string>> bodies{
      {"{\"definition\": }", "1:16"},
      {"", ""},
      {"{\n\"definition\":\"a\",\"definition\":\"b\"}", "2:"},
      {R"({"definition":"money-transfer","input":)" + deep + "}", "1:10"},
      {"{\"definition\":\"\xff\"}", "1:16"},
      {"{} {}", "1:"},
  };
  for (const auto& [body, place] : bodies) {
    CAPTURE(body);
    const auto answer =
        api.post("/v1/sagas", body, body.empty() ? "Content-Type: application/json\r\n" : "");
    CHECK(answer.status == 400);
    CHECK(code_of(answer) == "MALFORMED_JSON");
    CHECK(answer.field("Content-Type") == "application/problem+json");
    CHECK(json_of(answer)["retryable"] == false);
    REQUIRE(places_in(answer).size() == 1);
    CHECK(places_in(answer).begin()->starts_with(place));
  }
  api.check_nothing_stored();
}

TEST_CASE("everything wrong with a start is told at once, by the document and by the engine") {
  Api api;
  const auto answer = api.post("/v1/sagas", R"({
    "definition": "money-transfer", "ID": "x", "version": "1", "id": "sk_mine",
    "input": {"source": "alice", "amount": "5", "colour": "red"}, "tags": {"a/b": 1}})");
  CHECK(answer.status == 422);
  CHECK(code_of(answer) == "INVALID_ARGUMENT");
  CHECK(places_in(answer) == Places{"/ID", "/version", "/id", "/input/target", "/input/amount",
                                    "/input/colour", "/tags/a~1b"});
  api.check_nothing_stored();
}

TEST_CASE("what is wrong is named together with what would be right") {
  Api api;
  const auto unknown = api.post("/v1/sagas", transfer("money-transfr", R"(,"id":"a b")"));
  CHECK(unknown.status == 422);
  CHECK(places_in(unknown) == Places{"/definition", "/id"});
  CHECK(why_at(unknown, "/definition").find("'money-transfer'") != std::string::npos);
  const auto version = api.post("/v1/sagas", transfer("impatient", R"(,"version":3)"));
  CHECK(version.status == 422);
  CHECK(why_at(version, "/version").find("1, 2") != std::string::npos);
  api.check_nothing_stored();
}

TEST_CASE("fields that are missing, of a wrong type or out of range are refused") {
  Api api;
  const auto refused_at = [&](const std::string& body) {
    const auto answer = api.post("/v1/sagas", body);
    CHECK(answer.status == 422);
    return places_in(answer);
  };
  CHECK(refused_at("{}") == Places{"/definition", "/input"});
  CHECK(refused_at("[]") == Places{""});
  CHECK(refused_at("null") == Places{""});
  CHECK(refused_at(R"({"definition":"money-transfer"})") == Places{"/input"});
  CHECK(refused_at(R"({"definition":7,"input":[]})") == Places{"/definition", "/input"});
  CHECK(refused_at(R"({"definition":" ","input":{}})") == Places{"/definition"});
  CHECK(refused_at(transfer("money-transfer", R"(,"version":0)")) == Places{"/version"});
  CHECK(refused_at(transfer("money-transfer", R"(,"version":4294967296)")) == Places{"/version"});
  CHECK(refused_at(transfer("money-transfer", R"(,"version":18446744073709551615)")) ==
        Places{"/version"});
  CHECK(refused_at(transfer("money-transfer", R"(,"version":1.0)")) == Places{"/version"});
  CHECK(refused_at(transfer("money-transfer", R"(,"id":"")")) == Places{"/id"});
  CHECK(refused_at(transfer("money-transfer", R"(,"businessKey":[])")) == Places{"/businessKey"});
  CHECK(refused_at(transfer("money-transfer", R"(,"tags":[])")) == Places{"/tags"});
  CHECK(refused_at(R"({"definition":"order-fulfilment","input":{"order":"o","customer":"c",
                       "amount":1,"address":"a","items":[{"sku":"s","quantity":0},7]}})") ==
        Places{"/input/items/0/quantity", "/input/items/1"});
  api.check_nothing_stored();
}

TEST_CASE("only JSON is taken, and nothing larger than the limit") {
  Api api;
  const auto body = transfer("money-transfer");
  const auto with_type = [&](const std::string& type) {
    return api.exchange("POST /v1/sagas HTTP/1.1\r\nHost: localhost\r\n" + type +
                        "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  CHECK(with_type("").status == 415);
  CHECK(with_type("Content-Type: text/plain\r\n").status == 415);
  CHECK(code_of(with_type("Content-Type: application/jsonp\r\n")) == "UNSUPPORTED_MEDIA_TYPE");
  const std::string huge(10'000'000, ' ');
  CHECK(api.post("/v1/sagas", huge).status == 413);
  CHECK(api.exchange("BREW /v1/sagas HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 501);
  CHECK(api.exchange("DELETE /v1/sagas HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 405);
  CHECK(api.post("/v1/sagas?wait=5", body).status == 400);
  api.check_nothing_stored();
  CHECK(with_type("Content-Type: Application/JSON; charset=utf-8\r\n").status == 202);
}

TEST_CASE("an idempotency key that cannot be told from another is refused") {
  Api api;
  for (const std::string& key :
       {std::string(), std::string("\"\""), std::string("\"open"), std::string("a b"),
        std::string("a,b"), std::string("\"a\tb\""), std::string("\"a\"b\""), std::string(501, 'k'),
        std::string("a\r\nIdempotency-Key: b")}) {
    CAPTURE(key);
    const auto answer =
        api.post("/v1/sagas", transfer("money-transfer"), "Idempotency-Key: " + key + "\r\n");
    CHECK(answer.status == 400);
    CHECK(code_of(answer) == "BAD_IDEMPOTENCY_KEY");
  }
  api.check_nothing_stored();
}

TEST_CASE("a key or id that was used with other content is refused") {
  Api api;
  const std::string key = "Idempotency-Key: k-1\r\n";
  REQUIRE(api.post("/v1/sagas", transfer("impatient", R"(,"id":"t-1")"), key).status == 202);
  const auto call = api.calls.take();  // sent after its transition was counted
  const auto before = api.orchestrator.metrics().transitions;

  const auto other_key = api.post("/v1/sagas", transfer("money-transfer"), key);
  CHECK(other_key.status == 422);
  CHECK(code_of(other_key) == "IDEMPOTENCY_MISMATCH");
  const auto other_id = api.post("/v1/sagas", transfer("money-transfer", R"(,"id":"t-1")"));
  CHECK(other_id.status == 409);
  CHECK(code_of(other_id) == "ID_CONFLICT");
  // The newest version is 2; asked for by number it is still another request.
  CHECK(api.post("/v1/sagas", transfer("impatient", R"(,"id":"t-1","version":2)")).status == 409);

  CHECK(api.orchestrator.metrics().transitions == before);
  CHECK(json_of(api.get("/v1/sagas"))["sagas"].size() == 1);
}
