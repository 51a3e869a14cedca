#include "dsl/json/load.hpp"

#include <nlohmann/json.hpp>

#include "dsl/json/build.hpp"
#include "dsl/json/canonical.hpp"
#include "dsl/json/checks.hpp"
#include "dsl/json/expand.hpp"
#include "dsl/json/read.hpp"
#include "engine/core/check.hpp"

namespace skald::document {

namespace {

std::optional<Tree> read(std::string_view text, Format format, std::size_t size_max,
                         Report& report) {
  const Limits limits{.size = size_max};
  if (format == Format::detect) {
    const auto first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    const bool json = first == text.npos || text[first] == '{' || text[first] == '/';
    format = json ? Format::json : Format::yaml;
  }
  return format == Format::json ? read_json(text, limits, report) : read_yaml(text, limits, report);
}

/// Findings of the model's own check name the place we gave, or the definition as a whole.
void check_model(const Definition& definition, const Node& root, Report& report) {
  for (auto finding : check(definition)) {
    const Node* key = finding.code == "BUSINESS_KEY" ? root.find("businessKey") : nullptr;
    const Place& place = key == nullptr ? *root.place : *key->place;
    if (finding.where == definition.ref.name) finding.where = where(place, place.value);
    report.add(std::move(finding));
  }
}

Definition made(const Tree& tree, const LoadOptions& options, Report& report) {
  const Node& root = tree.root;
  Definition definition = build(is_short(root) ? expand(root, report) : root, options, report);
  check_secrets(root, report);
  if (report.is_broken()) return definition;
  check_model(definition, root, report);
  if (options.definitions != nullptr)
    for (auto& finding : check_children(definition, *options.definitions))
      report.add(std::move(finding));
  check_circles(definition, report);
  check_times(definition, report);
  check_tests(root, definition, report);
  return definition;
}

Error refusal(const Report& report) {
  return {ErrorCode::invalid_argument, "The document is not acceptable.",
          "Every finding names line:column and JSON Pointer of what it is about.", report.sorted()};
}

}  // namespace

Result<Definition> load(std::string_view text, Format format, const LoadOptions& options) {
  Report report;
  const auto tree = read(text, format, options.size_max, report);
  if (!tree) return refusal(report);
  Definition definition = made(*tree, options, report);
  if (!report.empty()) return refusal(report);
  std::string canonical = canonical_text(to_json(tree->root));
  definition.hash = sha256(canonical);
  definition.document = Json::from_stored(std::move(canonical));
  return definition;
}

std::vector<Finding> lint(std::string_view text, Format format, const LoadOptions& options) {
  Report report;
  if (const auto tree = read(text, format, options.size_max, report))
    (void)made(*tree, options, report);
  return report.sorted();
}

Result<Json> expanded(std::string_view text, Format format) {
  Report report;
  const auto tree = read(text, format, LoadOptions{}.size_max, report);
  if (!tree) return refusal(report);
  const Node full = is_short(tree->root) ? expand(tree->root, report) : tree->root;
  if (!report.empty()) return refusal(report);
  return Json::from_stored(canonical_text(to_json(full)));
}

}  // namespace skald::document
