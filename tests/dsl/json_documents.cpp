#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
// The adapter comes first: the parser needs its traits.
#include <valijson/adapters/nlohmann_json_adapter.hpp>

#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "dsl/json/read.hpp"
#include "tests/dsl/json_loading.hpp"

using namespace skald;
using namespace skald::test;
namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The documents in a folder of tests/dsl/documents, by name.
std::vector<fs::path> documents(const std::string& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(fs::path(SKALD_TEST_DOCUMENTS) / folder))
    if (entry.path().extension() != ".expected") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

const valijson::Schema& schema() {
  static const auto compiled = [] {
    auto made = std::make_unique<valijson::Schema>();
    const auto source = nlohmann::json::parse(document::definition_schema());
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(source), *made);
    return made;
  }();
  return *compiled;
}

/// What the JSON Schema of the language says against a document; empty: nothing.
std::string against_schema(const nlohmann::json& document) {
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(schema(), valijson::adapters::NlohmannJsonAdapter(document), &results))
    return {};
  std::string text = "refused";
  for (const auto& error : results) {
    text += "\n";
    for (const auto& token : error.context) text += token;
    text += " " + error.description;
  }
  return text;
}

/// The values of a text that can be read, whatever they mean.
std::optional<nlohmann::json> values_of(const fs::path& path) {
  document::Report report;
  const std::string text = text_of(path);
  const auto tree = path.extension() == ".yaml"
                        ? document::read_yaml(text, document::Limits{}, report)
                        : document::read_json(text, document::Limits{}, report);
  if (!tree || !report.empty()) return std::nullopt;
  return to_json(tree->root);
}

/// What no JSON Schema of the language can say: it depends on other places of the document, on the
/// program, or on the languages inside texts.
bool is_structural(const std::string& code) {
  static const std::set<std::string, std::less<>> codes{
      "TYPE", "MISSING_KEY", "UNKNOWN_KEY", "RANGE", "UNKNOWN_WORD", "NAME", "EMPTY", "DURATION"};
  return codes.contains(code);
}

/// Wrong documents in which one value is too large or small beside another, or a span of time is:
/// neither can a JSON Schema say.
bool is_beyond_schema(const std::string& name) {
  static const std::set<std::string> names{"header_deadline_long.json", "header_deadline_zero.json",
                                           "machine_join_too_large.json", "parallel_join.json",
                                           "retry_max.json"};
  return names.contains(name);
}

}  // namespace

TEST_CASE("every good document loads, and fits the JSON Schema of the language") {
  const auto paths = documents("good");
  CHECK(paths.size() >= 6);
  for (const auto& path : paths) {
    CAPTURE(path.filename().string());
    const auto definition = document::load(text_of(path), document::Format::detect, test_options());
    CHECK_MESSAGE(definition.ok(),
                  printed(definition ? std::vector<Finding>{} : definition.error().findings));
    const auto values = values_of(path);
    REQUIRE(values);
    CHECK(against_schema(*values) == "");
  }
}

TEST_CASE("what a good document becomes is the same after printing and reading again") {
  for (const auto& path : documents("good")) {
    CAPTURE(path.filename().string());
    const Definition first = loaded(text_of(path));
    const Json full = document::full_document(first);
    auto options = test_options();
    options.natives = document::natives_of(first);
    const auto again = document::load(full.text(), document::Format::json, options);
    REQUIRE_MESSAGE(again.ok(), printed(again ? std::vector<Finding>{} : again.error().findings));
    CHECK(document::full_document(*again).text() == full.text());
    CHECK(against_schema(full.value()) == "");

    const auto canonical = document::load(first.document.text(), document::Format::json, options);
    REQUIRE(canonical.ok());
    CHECK(canonical->hash == first.hash);
    CHECK(document::full_document(*canonical).text() == full.text());
  }
}

TEST_CASE("the full form that a document expands to is the document that its definition prints") {
  for (const auto& path : documents("good")) {
    CAPTURE(path.filename().string());
    const Definition definition = loaded(text_of(path));
    const auto expanded = document::expanded(text_of(path), document::Format::detect);
    REQUIRE(expanded.ok());
    CHECK(against_schema(expanded->value()) == "");
    const Definition again = loaded(expanded->text());
    CHECK(document::full_document(again).text() == document::full_document(definition).text());
  }
}

TEST_CASE("every wrong document is refused with its codes and places") {
  const auto paths = documents("wrong");
  CHECK(paths.size() >= 260);
  for (const auto& path : paths) {
    CAPTURE(path.filename().string());
    const auto findings = document::lint(text_of(path), document::Format::detect, test_options());
    auto expected = path;
    expected.replace_extension(".expected");
    REQUIRE(fs::exists(expected));
    CHECK_MESSAGE(joined(places(findings)) == text_of(expected), printed(findings));
  }
}

TEST_CASE("a document that was registered before reads `error` as it did then") {
  const auto text = text_of(fs::path(SKALD_TEST_DOCUMENTS) / "wrong" / "expr_error.json");
  auto options = test_options();
  CHECK_FALSE(document::load(text, document::Format::detect, options).ok());
  options.registered = true;
  CHECK(joined(places(document::lint(text, document::Format::detect, options))) == "");
}

TEST_CASE("a document of wrong structure does not fit the JSON Schema of the language either") {
  for (const auto& path : documents("wrong")) {
    CAPTURE(path.filename().string());
    const auto findings = document::lint(text_of(path), document::Format::detect, test_options());
    const bool structural = std::any_of(findings.begin(), findings.end(),
                                        [](const Finding& f) { return is_structural(f.code); });
    const auto values = values_of(path);
    if (structural && values && !is_beyond_schema(path.filename().string()))
      CHECK(against_schema(*values) != "");
  }
}
