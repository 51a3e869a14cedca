#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "dsl/json/load.hpp"
#include "tests/http/api_fixture.hpp"
#include "tests/http/api_sagas.hpp"

using namespace skald;
using namespace skald::http::test;
using nlohmann::json;

TEST_CASE("definitions are listed, tables and documents alike") {
  Api api;
  api.add(approval());
  const auto list = json_of(api.get("/v1/definitions"))["definitions"];
  CHECK(list.size() == 5);
  CHECK(list[0]["name"] == "approval");
  CHECK(list[0]["language"] == "json");
  CHECK(list[0]["hash"] == json_of(api.get("/v1/definitions/approval"))["hash"]);
  const std::string description = list[1]["description"];
  CHECK(list[1] == json{{"name", "impatient"},
                        {"version", 1},
                        {"newest", false},
                        {"language", "c++"},
                        {"description", description}});
  CHECK(list[2] == json{{"name", "impatient"},
                        {"version", 2},
                        {"newest", true},
                        {"language", "c++"},
                        {"description", description}});
}

TEST_CASE("a table is shown as the document that says the same") {
  Api api;
  const auto order = json_of(api.get("/v1/definitions/order-fulfilment"));
  CHECK(order["language"] == "c++");
  CHECK(order["form"] == "full");
  CHECK_FALSE(order.contains("hash"));
  const auto& document = order["document"];
  CHECK(document["saga"] == "order-fulfilment");
  CHECK(document["deadline"] == "1d");
  CHECK(document["businessKey"] == "${input.order}");
  CHECK(document["states"]["Preparing"]["states"].contains("TakingPayment"));
  CHECK(document["steps"]["take-payment"].contains("undo"));
  const auto& transitions = document["transitions"];
  CHECK(std::any_of(transitions.begin(), transitions.end(), [](const json& transition) {
    return transition.value("on", "") == "stock_refused" && transition["to"] == "OrderCancelled";
  }));
}

TEST_CASE("a definition is shown in the version and form asked for") {
  Api api;
  api.add(approval());
  CHECK(json_of(api.get("/v1/definitions/impatient"))["version"] == 2);
  CHECK(json_of(api.get("/v1/definitions/impatient?version=1"))["version"] == 1);
  const auto steps = json_of(api.get("/v1/definitions/approval?form=steps"));
  CHECK(steps["form"] == "steps");
  CHECK(steps["document"] == parsed(approval()));
  const auto full = json_of(api.get("/v1/definitions/approval?form=full"));
  CHECK(full["document"]["states"].is_object());
  CHECK(full["hash"] == steps["hash"]);

  const auto refused = api.get("/v1/definitions/order-fulfilment?form=steps");
  CHECK(refused.status == 409);
  CHECK(code_of(refused) == "NO_SHORT_FORM");
  CHECK(api.get("/v1/definitions/approval?version=2").status == 404);
  CHECK(api.get("/v1/definitions/nothing").status == 404);
  CHECK(places_in(api.get("/v1/definitions/impatient?version=new&form=short&x=1")) ==
        std::set<std::string>{"version", "form", "x"});
}

TEST_CASE("what is shown of a document can be registered elsewhere") {
  Api one;
  one.add(approval());
  const auto document = json_of(one.get("/v1/definitions/approval"))["document"];
  Api other;
  const auto answer = other.post("/v1/definitions", document.dump());
  CHECK(answer.status == 201);
  CHECK(json_of(answer)["document"] == document);
}

TEST_CASE("a definition is drawn in the format asked for") {
  Api api;
  api.add(approval());
  const auto drawn = [&](const std::string& query) {
    const auto answer = api.get("/v1/definitions/approval/diagram" + query);
    CHECK(answer.status == 200);
    CHECK(answer.field("X-Content-Type-Options") == "nosniff");
    CHECK(answer.body.find("decide") != std::string::npos);
    return std::pair{answer.field("Content-Type").value_or(""), answer.body};
  };
  const auto [svg_type, svg] = drawn("");
  CHECK(svg_type == "image/svg+xml");
  CHECK(svg.find("<svg") != std::string::npos);
  CHECK(drawn("?format=svg&version=1").second == svg);
  const auto [mermaid_type, mermaid] = drawn("?format=mermaid");
  CHECK(mermaid_type == "text/vnd.mermaid; charset=utf-8");
  CHECK(mermaid.find("stateDiagram-v2") != std::string::npos);
  const auto [dot_type, dot] = drawn("?format=dot");
  CHECK(dot_type == "text/vnd.graphviz; charset=utf-8");
  CHECK(dot.starts_with("digraph"));
  const auto [plantuml_type, plantuml] = drawn("?format=plantuml");
  CHECK(plantuml_type == "text/plain; charset=utf-8");
  CHECK(plantuml.starts_with("@startuml"));

  CHECK(places_in(api.get("/v1/definitions/approval/diagram?format=png")) ==
        std::set<std::string>{"format"});
  CHECK(api.get("/v1/definitions/approval/diagram?version=7").status == 404);
  CHECK(api.get("/v1/definitions/nothing/diagram").status == 404);
}

TEST_CASE("the schema of documents is served to editors") {
  Api api;
  const auto answer = api.get("/v1/schemas/definition.json");
  CHECK(answer.status == 200);
  CHECK(answer.field("Content-Type") == "application/schema+json");
  CHECK(answer.body == document::definition_schema());
  CHECK(json_of(answer)["$schema"] == "http://json-schema.org/draft-07/schema#");
}
