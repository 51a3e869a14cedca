#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "dsl/json/load.hpp"
#include "engine/testing/cases.hpp"

/// The reference page of the language: its examples are documents that load and run, and it names
/// every key there is.
namespace skald::test {

namespace {

using nlohmann::json;

const std::string& page() {
  static const std::string text = [] {
    std::ifstream file(SKALD_JSON_README);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }();
  return text;
}

struct Block {
  std::string language;
  std::string text;
};

std::vector<Block> blocks() {
  std::vector<Block> all;
  for (auto at = page().find("\n```"); at != std::string::npos; at = page().find("\n```", at)) {
    const auto line = page().find('\n', at + 1);
    const auto end = page().find("\n```", line);
    REQUIRE(end != std::string::npos);
    all.push_back({page().substr(at + 4, line - at - 4), page().substr(line + 1, end - line)});
    at = end + 4;
  }
  return all;
}

/// A list of steps becomes a document whose input is whatever the steps read.
std::string document_of(const Block& block) {
  if (block.text.front() != '[') return block.text;
  return R"({"saga":"example","version":1,"steps":)" + block.text + "}";
}

TEST_CASE("every example of the reference page loads, and runs to where it waits or ends") {
  std::size_t examples = 0;
  for (const auto& block : blocks()) {
    if (block.language != "json" && block.language != "yaml") continue;
    ++examples;
    const auto definition = document::load(document_of(block), document::Format::detect);
    if (!definition)
      for (const auto& finding : definition.error().findings)
        FAIL_CHECK(block.text.substr(0, 60), "…\n", finding.where, ": ", finding.why);
    if (!definition) continue;
    const Json input(json{{"source", "a"},
                          {"target", "b"},
                          {"amount", 5},
                          {"trip", "t"},
                          {"price", 7},
                          {"sku", "s"},
                          {"boxes", json::array({1, 2})}});
    const auto& schema = definition->input.source.value();
    json test{{"name", "example"}, {"expect", json::object()}};
    if (schema.is_null()) test["input"] = input.value();
    const auto results = testing::run_cases(*definition, Json(json::array({test})));
    REQUIRE_MESSAGE(results.ok(), results.error().message);
    CHECK_MESSAGE(results->front().passed(), testing::text_of(*results));
  }
  CHECK(examples >= 5);
}

/// The names of all properties in a schema of the language, but those of a saga's own schemas.
void keys_of(const json& schema, std::set<std::string>& keys) {
  if (schema.is_array())
    for (const auto& one : schema) keys_of(one, keys);
  if (!schema.is_object()) return;
  for (const auto& [name, value] : schema.items()) {
    if (name == "properties")
      for (const auto& [key, of] : value.items()) keys.insert(key);
    keys_of(value, keys);
  }
}

TEST_CASE("the reference page names every key of the language") {
  std::set<std::string> keys;
  json schema = json::parse(document::definition_schema());
  schema["definitions"].erase("test");  // a page of its own: engine/testing/README.md
  keys_of(schema, keys);
  CHECK(keys.size() > 60);
  for (const auto& key : keys) {
    CAPTURE(key);
    const bool named = page().find("`" + key + "`") != std::string::npos ||
                       page().find("\"" + key + "\"") != std::string::npos ||
                       page().find(key + ":") != std::string::npos;
    CHECK(named);
  }
}

}  // namespace

}  // namespace skald::test
