#include "http/api/start_request.hpp"

#include <algorithm>

#include "engine/orchestrator/start_check.hpp"
#include "http/api/json_body.hpp"

namespace skald::http {

namespace {

std::string known_definitions(const Registry& definitions) {
  std::string names;
  for (const auto& definition : definitions.all()) {
    const std::string name = "'" + definition->ref.name + "'";
    if (names.find(name) == std::string::npos) names.append(names.empty() ? "" : ", ").append(name);
  }
  return names.empty() ? "none" : names;
}

std::string known_versions(const Registry& definitions, const std::string& name) {
  std::string versions;
  for (const auto& definition : definitions.all())
    if (definition->ref.name == name)
      versions.append(versions.empty() ? "" : ", ").append(std::to_string(definition->ref.version));
  return versions;
}

/// The definition that the document names; null, with findings, when there is none.
std::shared_ptr<const Definition> definition_of(const Registry& definitions, ObjectReader& document,
                                                std::uint32_t version) {
  const auto name = document.text("definition");
  if (!name) return nullptr;
  auto found = definitions.find(*name, version);
  if (found) return found;
  if (definitions.find(*name))
    document.refuse("version",
                    "is not registered; there are: " + known_versions(definitions, *name),
                    "UNKNOWN_VERSION");
  else
    document.refuse("definition", "is not registered; there are: " + known_definitions(definitions),
                    "UNKNOWN_DEFINITION");
  return nullptr;
}

/// Adds what the engine finds wrong with `request`, except where the document itself was wrong: a
/// field that could not be read would be found a second time. Without a definition, everything but
/// the fields of the input is still checked, so that all errors are told at once.
void check_content(StartRequest request, std::vector<Finding>& findings) {
  static const auto any_input = std::make_shared<const Definition>();
  if (!request.definition) request.definition = any_input;
  const std::vector<Finding> known = findings;
  for (auto& finding : check_start(request)) {
    const auto same_place = [&](const Finding& one) { return one.where == finding.where; };
    if (std::none_of(known.begin(), known.end(), same_place))
      findings.push_back(std::move(finding));
  }
}

}  // namespace

Result<StartRequest> read_start(const Registry& definitions, const Json& body,
                                std::optional<std::string> key) {
  std::vector<Finding> findings;
  ObjectReader document(body, findings);
  std::vector<std::string_view> known{"definition",  "version", "id",
                                      "businessKey", "input",   "tags"};
  if (!key) known.emplace_back("idempotencyKey");
  document.expect(known, {"definition", "input"});
  StartRequest request;
  request.version_asked =
      static_cast<std::uint32_t>(document.integer("version", 1, UINT32_MAX).value_or(0));
  request.definition = definition_of(definitions, document, request.version_asked);
  if (auto id = document.text("id")) request.id = SagaId{std::move(*id)};
  request.idempotency_key = key ? std::move(*key) : document.text("idempotencyKey").value_or("");
  request.business_key = document.text("businessKey").value_or("");
  request.tags = document.texts("tags");
  request.input = document.value("input").value_or(Json());
  if (findings.empty()) return request;  // the engine checks its content when it starts
  if (document.is_object()) check_content(request, findings);
  return Error{ErrorCode::invalid_argument, "The saga cannot be started like this.",
               "Every error says where and what would be right.", std::move(findings)};
}

}  // namespace skald::http
