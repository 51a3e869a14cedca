#include <nlohmann/json.hpp>

#include "dsl/json/read.hpp"
#include "tests/dsl/json_loading.hpp"

using namespace skald;
using namespace skald::test;
using document::Limits;
using document::read_yaml;
using document::Report;

namespace {

std::vector<std::string> refused(std::string_view text, const Limits& limits = {}) {
  Report report;
  (void)read_yaml(text, limits, report);
  return places(report.sorted());
}

nlohmann::json read(std::string_view text) {
  Report report;
  const auto tree = read_yaml(text, Limits{}, report);
  REQUIRE_MESSAGE(tree.has_value(), printed(report.sorted()));
  CHECK(report.empty());
  return to_json(tree->root);
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("plain scalars have the types of the core schema") {
  CHECK(read("[~, null, Null, true, FALSE, yes, no, on]") ==
        nlohmann::json{nullptr, nullptr, nullptr, true, false, "yes", "no", "on"});
  CHECK(read("[1, -2, +3, 1.5, 2e3, .5, 1.0]") == nlohmann::json{1, -2, 3, 1.5, 2000, 0.5, 1});
  CHECK(read("['1', \"true\", 1.2.3, 2026-11-21, 5m, '']") ==
        nlohmann::json{"1", "true", "1.2.3", "2026-11-21", "5m", ""});
  CHECK(read("a:\n  - |\n    text\n  - >-\n    folded\n    text\n") ==
        nlohmann::json{{"a", {"text\n", "folded text"}}});
  CHECK(read("a:\nb: 1") == nlohmann::json{{"a", nullptr}, {"b", 1}});
  CHECK(read("on: 1\n# comment\nyes: 2") == nlohmann::json{{"on", 1}, {"yes", 2}});
}

TEST_CASE("what YAML has beyond JSON is refused") {
  CHECK(refused("a: &x 1\nb: *x") == Lines{"YAML_ANCHOR 1:4"});
  CHECK(refused("a: &x {b: 1}") == Lines{"YAML_ANCHOR 1:4"});
  CHECK(refused("a: !!str 1") == Lines{"YAML_TAG 1:4"});
  CHECK(refused("a: !mine [1]") == Lines{"YAML_TAG 1:4"});
  CHECK(refused("1: a") == Lines{"YAML_KEY 1:1"});
  CHECK(refused("true: a") == Lines{"YAML_KEY 1:1"});
  CHECK(refused("[1]: a") == Lines{"YAML_KEY 1:1"});
  CHECK(refused("a: 1\n---\nb: 2") == Lines{"SYNTAX 1:1"});
  CHECK(refused("") == Lines{"SYNTAX 1:1"});
  CHECK(refused("a: [1, 2").size() == 1);
  CHECK(refused("a: 99999999999999999999") == Lines{"SYNTAX 1:4"});
}

TEST_CASE("keys that appear twice, and what is over the limits, are refused in YAML, too") {
  CHECK(refused("a: 1\nb: {c: 1, c: 2}\na: 3") ==
        Lines{"DUPLICATE_KEY 2:11 /b/c", "DUPLICATE_KEY 3:1 /a"});
  Limits small;
  small.depth = 2;
  CHECK(refused("[[1]]", small).empty());
  CHECK(refused("[[[1]]]", small) == Lines{"TOO_DEEP 1:3"});
  CHECK(refused(std::string(10'000, '['), Limits{}).size() == 1);
  small = {};
  small.values = 2;
  CHECK(refused("[1, 2]", small) == Lines{"TOO_LARGE 1:5"});
  CHECK(refused("a: \xFF") == Lines{"ENCODING 1:4"});
}

TEST_CASE("values of YAML know their places") {
  Report report;
  const auto tree = read_yaml("a:\n  - x\n  - b: 1\n    c: {d: 2}\n", Limits{}, report);
  REQUIRE(tree.has_value());
  const auto& second = (*tree->root.find("a")->list())[1];
  const auto& inner = *second.find("c")->find("d");
  CHECK(where(*inner.place, inner.place->value) == "4:12 /a/1/c/d");
  CHECK(where(*inner.place, inner.place->key) == "4:9 /a/1/c/d");
  CHECK(where(*second.place, second.place->value) == "3:5 /a/1");
}

TEST_CASE("both languages give the same definition, and the format is found out") {
  const Definition json = loaded(with_steps(call("a")));
  const Definition yaml = loaded(
      "saga: s\nversion: 1\nsteps:\n  - id: a\n    noUndo: none needed\n"
      "    call: { http: 'POST ${participants.p}/a' }\n");
  CHECK(json.hash == yaml.hash);
  CHECK(json.document == yaml.document);
  CHECK(loaded("// comment\n" + with_steps(call("a"))).hash == json.hash);
}
