#include <nlohmann/json.hpp>

#include "tests/dsl/json_loading.hpp"

using namespace skald;
using namespace skald::test;
using nlohmann::json;

namespace {

using Lines = std::vector<std::string>;

Lines schema_findings(const std::string& schema) {
  return wrong(with_steps(call("a"), R"("input":)" + schema + ","));
}

/// What the schema says against an input, as "/pointer".
Lines against(const std::string& schema, const json& input) {
  const Definition d = loaded(with_steps(call("a"), R"("input":)" + schema + ","));
  Lines lines;
  for (const auto& finding : d.input.check(input, "/input")) lines.push_back(finding.where);
  return lines;
}

}  // namespace

TEST_CASE("an input is checked by its schema, with a pointer for everything wrong") {
  const std::string schema =
      R"({"type":"object","required":["a"],"additionalProperties":false,"properties":{)"
      R"("a":{"type":"string","pattern":"^x+$"},"b":{"type":"array","items":{"type":"object",)"
      R"("properties":{"c":{"type":"integer","minimum":1}}}},"d/e":{"format":"date-time"}}})";
  CHECK(against(schema, {{"a", "xx"}, {"b", {{{"c", 1}}}}, {"d/e", "2026-11-21T00:00:00Z"}}) ==
        Lines{});
  CHECK(against(schema, {{"a", "y"}}) == Lines{"/input/a"});
  CHECK(against(schema, {{"a", "x"}, {"b", {{{"c", 1}}, {{"c", 0}}, {{"c", "z"}}}}}) ==
        Lines{"/input/b/1/c", "/input/b/2/c"});
  CHECK(against(schema, {{"a", "x"}, {"d/e", "today"}}) == Lines{"/input/d~1e"});
  CHECK(against(schema, json::object()) == Lines{"/input"});
  CHECK(against(schema, {{"a", "x"}, {"z", 1}}) == Lines{"/input"});
  CHECK(against(schema, json::array()) == Lines{"/input"});
}

TEST_CASE("combined and recursive schemas") {
  const std::string tree = R"({"type":"object","definitions":{"t":{"type":"object","properties":{)"
                           R"("left":{"$ref":"#/definitions/t"},"v":{"type":"integer"}}}},)"
                           R"("properties":{"t":{"$ref":"#/definitions/t"}},)"
                           R"("anyOf":[{"required":["t"]},{"required":["u"]}]})";
  CHECK(against(tree, {{"t", {{"left", {{"left", {{"v", 1}}}}}}}}) == Lines{});
  CHECK(against(tree, {{"t", {{"left", {{"left", {{"v", "x"}}}}}}}}) ==
        Lines{"/input/t/left/left/v"});
  CHECK_FALSE(against(tree, {{"w", 1}}).empty());
  const std::string choice =
      R"({"properties":{"kind":{"enum":["a","b"]}},"if":{"properties":{"kind":{"const":"a"}}},)"
      R"("then":{"required":["x"]},"else":{"required":["y"]}})";
  CHECK(against(choice, {{"kind", "a"}, {"x", 1}}) == Lines{});
  CHECK_FALSE(against(choice, {{"kind", "b"}, {"x", 1}}).empty());
}

TEST_CASE("a pattern cannot be made to run for ever") {
  const std::string schema = R"({"properties":{"a":{"pattern":"^(a+)+$"}}})";
  CHECK(against(schema, {{"a", std::string(100'000, 'a') + "b"}}) == Lines{"/input/a"});
}

TEST_CASE("schemas that cannot be checked, or would mean nothing, are refused") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"([])", "TYPE 1:33 /input"},
      {R"({"type":"array"})", "SCHEMA 1:41 /input/type"},
      {R"({"properties":[]})", "SCHEMA 1:47 /input/properties"},
      {R"({"properties":{"a":{"type":"strin"}}})", "SCHEMA 1:60 /input/properties/a/type"},
      {R"({"requird":["a"]})", "SCHEMA_KEYWORD 1:34 /input/requird"},
      {R"({"required":"a"})", "SCHEMA 1:45 /input/required"},
      {R"({"patternProperties":{"^a":{}}})", "SCHEMA_KEYWORD 1:34 /input/patternProperties"},
      {R"({"properties":{"a":{"pattern":"("}}})", "REGEX 1:63 /input/properties/a/pattern"},
      {R"({"$schema":"http://json-schema.org/draft-04/schema#"})", "SCHEMA 1:44 /input/$schema"},
      {R"({"properties":{"a":{"$ref":"http://x/y"}}})", "SCHEMA_REF 1:60 /input/properties/a/$ref"},
      {R"({"properties":{"a":{"$ref":"#/definitions/b"}}})",
       "SCHEMA_REF 1:60 /input/properties/a/$ref"},
      {R"({"allOf":[{"$ref":"#"}]})", "SCHEMA_REF 1:51 /input/allOf/0/$ref"},
      {R"({"definitions":{"a":{"$ref":"#/definitions/b"},"b":{"$ref":"#/definitions/a"}}})",
       "SCHEMA_REF 1:61 /input/definitions/a/$ref"},
      {R"({"anyOf":[{"properties":{"a":{"$ref":"#"}}}]})",
       "SCHEMA_REF 1:70 /input/anyOf/0/properties/a/$ref"},
      {R"({"properties":{"a":{"uniqueItems":true}}})",
       "SCHEMA 1:53 /input/properties/a/uniqueItems"},
      {R"({"minProperties":-1})", "SCHEMA 1:50 /input/minProperties"},
      {R"({"anyOf":[]})", "SCHEMA 1:42 /input/anyOf"},
  };
  for (const auto& [schema, expected] : cases) {
    CAPTURE(schema);
    const auto findings = schema_findings(schema);
    CHECK_FALSE(findings.empty());
    CHECK_MESSAGE(std::find(findings.begin(), findings.end(), expected) != findings.end(),
                  joined(findings));
  }
}

TEST_CASE("references that multiply are refused") {
  std::string definitions = R"("d0":{"type":"string"})";
  for (int i = 1; i < 40; ++i) {
    const std::string ref = R"({"$ref":"#/definitions/d)" + std::to_string(i - 1) + R"("})";
    definitions += R"(,"d)" + std::to_string(i) + R"(":{"anyOf":[)" + ref + "," + ref + "]}";
  }
  CHECK(schema_findings(R"({"definitions":{)" + definitions +
                        R"(},"properties":{"a":{"$ref":"#/definitions/d39"}}})") ==
        Lines{"SCHEMA_REF 1:33 /input"});
}
