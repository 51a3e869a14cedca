#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/http/api_contract.hpp"
#include "tests/http/api_fixture.hpp"

using namespace skald;
using namespace skald::http::test;
using nlohmann::json;

TEST_CASE("the API's description names every route, and no other") {
  Api api;
  const auto document = api.get("/openapi.json");
  CHECK(document.status == 200);
  const auto described = Contract(document.body).operations();
  std::set<std::string> routes;
  for (const auto& route : api.router.routes())
    routes.insert(route.method + " " + route.path_template);
  CHECK(std::set<std::string>(described.begin(), described.end()) == routes);
}

// Every exchange of every test is held against the description; this one leaves out no operation.
TEST_CASE("every operation answers with a status and body of its description") {
  Api api;
  const Contract contract(api.get("/openapi.json").body);
  std::set<std::string> driven;
  const auto drive = [&](const std::string& method, const std::string& path,
                         const std::string& body, const std::vector<int>& statuses) {
    const auto answer = method == "GET" ? api.get(path) : api.post(path, body);
    CHECK_MESSAGE(std::count(statuses.begin(), statuses.end(), answer.status) == 1,
                  method << " " << path << ": " << answer.status);
    driven.insert(contract.operation_of({method, path, answer.status, "", ""}));
  };
  drive("POST", "/v1/sagas", transfer("impatient", R"(,"id":"a")"), {202});
  drive("POST", "/v1/sagas", transfer("impatient", R"(,"id":"b")"), {202});
  api.calls.take().answer(Done{});
  auto debit = api.calls.take();
  api.calls.take().answer(Unknown{"lost"});
  REQUIRE(api.reaches("a", "stuck"));
  drive("GET", "/v1/sagas", "", {200});
  drive("GET", "/v1/sagas/a", "", {200});
  drive("GET", "/v1/sagas/a/events", "", {200});
  drive("GET", "/v1/sagas/a/explain", "", {200});
  drive("POST", "/v1/sagas/a/compensate", R"({"reason":"x"})", {409});
  drive("POST", "/v1/sagas/b/cancel", "", {200});
  drive("POST", "/v1/sagas/a/retry", "", {200});
  drive("POST", "/v1/sagas/a/pause", "", {200});
  drive("POST", "/v1/sagas/a/resume", "", {200});
  drive("POST", "/v1/sagas/a/notes", R"({"text":"x"})", {200});
  drive("POST", "/v1/sagas/a/rerun", "", {409});
  drive("POST", "/v1/sagas:batch", "[]", {422});
  api.calls.take().answer(Unknown{"lost"});
  REQUIRE(api.reaches("a", "stuck"));
  drive("POST", "/v1/sagas/a/skip", R"({"step":"credit-target","as":"done","reason":"x"})", {200});
  drive("POST", "/v1/sagas/a/terminate", R"({"reason":"x"})", {409});
  drive("POST", "/v1/sagas/a/migrate", R"({"toVersion":1})", {409});
  drive("POST", "/v1/sagas/a/signals/paid", "", {409});
  drive("POST", "/v1/signals/paid", "", {404});
  drive("POST", "/v1/definitions", "{}", {422});
  drive("POST", "/v1/definitions/validate", "{}", {200});
  drive("POST", "/v1/definitions/impatient/migrate", R"({"toVersion":1})", {200});
  for (const std::string path :
       {"/v1/definitions", "/v1/definitions/impatient", "/v1/definitions/impatient/diagram",
        "/v1/schemas/definition.json", "/v1/sagas/count", "/v1/stream", "/v1/changes", "/livez",
        "/readyz", "/metrics", "/openapi.json"})
    drive("GET", path, "", {200});
  const auto all = contract.operations();
  CHECK(driven == std::set<std::string>(all.begin(), all.end()));
}

TEST_CASE("the check of schemas finds what does not fit") {
  const auto document = json::parse(R"({"components":{"schemas":{"Name":{"type":"string"}}}})");
  const SchemaCheck check(document);
  const auto count = [&](const std::string& schema, const std::string& value) {
    return check.errors(json::parse(schema), json::parse(value)).size();
  };
  const std::string schema = R"({"type":"object","required":["a"],"additionalProperties":false,
    "properties":{"a":{"$ref":"#/components/schemas/Name"},
                  "b":{"type":"array","items":{"type":"integer"}},
                  "c":{"type":"string","enum":["x","y"]},
                  "d":{"type":"object","additionalProperties":{"type":"boolean"}},
                  "e":{"oneOf":[{"type":"object","required":["p"]},
                                {"type":"object","required":["q"]}]}}})";
  CHECK(count(schema, R"({"a":"n","b":[1,2],"c":"y","d":{"k":true},"e":{"p":1}})") == 0);
  CHECK(count(schema, "[]") == 1);
  CHECK(count(schema, "{}") == 1);
  CHECK(count(schema, R"({"a":1,"b":[1,"2",2.5],"c":"z","d":{"k":0},"f":1})") == 6);
  CHECK(count(schema, R"({"a":"n","e":{"p":1,"q":2}})") == 1);
  CHECK(count(schema, R"({"a":"n","e":{}})") == 1);
  CHECK(count(R"({"not":{}})", "1") == 1);
}

TEST_CASE("an answer that breaks the description is found") {
  const Contract contract(R"({"paths":{"/a/{id}":{"get":{"responses":{
    "200":{"content":{"application/json":{"schema":{"type":"object"}}}},
    "304":{"description":"nothing"}}}}}})");
  const auto broken = [&](int status, const std::string& type, const std::string& body) {
    return !contract.errors({"GET", "/a/7", status, type, body}).empty();
  };
  CHECK_FALSE(broken(200, "application/json", "{}"));
  CHECK_FALSE(broken(304, "", ""));
  CHECK(broken(404, "application/json", "{}"));
  CHECK(broken(200, "text/html", "{}"));
  CHECK(broken(200, "application/json", "[]"));
  CHECK(broken(200, "application/json", "{"));
  CHECK(broken(304, "application/json", "{}"));
  CHECK(contract.operation_of({"GET", "/a/7/b", 200, "", ""}).empty());
  CHECK(contract.operation_of({"POST", "/a/7", 200, "", ""}).empty());
}
