#include <nlohmann/json.hpp>

#include "http/api/json_body.hpp"
#include "http/api/saga_json.hpp"
#include "http/api/saga_routes.hpp"
#include "http/api/start_answer.hpp"

namespace skald::http {

namespace {

Error not_ended(const SagaId& id, Status status) {
  return {ErrorCode::action_not_allowed,
          "The saga '" + id.value + "' has not ended; its status is '" +
              std::string(name_of(status)) + "'.",
          "A saga is run again when it has ended.",
          {}};
}

/// By the version that is asked for, or the newest.
std::shared_ptr<const Definition> definition_for(const ApiParts& parts, ObjectReader& document,
                                                 const std::string& name) {
  const auto version = document.integer("version", 1, UINT32_MAX);
  auto found = version ? parts.definitions.find(name, static_cast<std::uint32_t>(*version))
                       : parts.definitions.find(name);
  if (!found) document.refuse("version", "is not registered", "UNKNOWN_VERSION");
  return found;
}

/// The saga's start, once more; `document` may give another id, version and parts of the input.
StartRequest again(const ApiParts& parts, const Instance& saga, ObjectReader& document) {
  document.expect({"id", "version", "input", "reason", "actor"}, {});
  StartRequest request;
  request.definition = definition_for(parts, document, saga.definition.name);
  if (request.definition) request.version_asked = request.definition->ref.version;
  if (auto id = document.text("id")) request.id = SagaId{std::move(*id)};
  request.business_key = saga.business_key;
  request.tags = saga.tags;
  request.tags["rerunOf"] = saga.id.value;
  auto input = saga.input.value();
  if (const auto patch = document.value("input")) input.merge_patch(patch->value());
  request.input = Json(std::move(input));
  const auto reason = short_text(document, "reason");
  request.reason = "again, as " + saga.id.value + (reason.empty() ? "" : ": " + reason);
  request.actor = short_text(document, "actor");
  return request;
}

}  // namespace

void rerun_saga(const ApiParts& parts, const SagaId& id, const Request& request, Respond respond) {
  auto key = read_key(request);
  if (const auto* refused = std::get_if<Problem>(&key)) return respond(to_response(*refused));
  const auto body = read_body(request, Body::may_be_empty);
  if (const auto* refused = std::get_if<Problem>(&body)) return respond(to_response(*refused));
  const auto saga = read_saga(parts, id);
  if (!saga) return respond(to_response(problem_of(saga.error())));
  if (!is_end(saga->instance.status))
    return respond(to_response(problem_of(not_ended(id, saga->instance.status))));
  std::vector<Finding> findings;
  ObjectReader document(std::get<Json>(body), findings);
  auto start = again(parts, saga->instance, document);
  if (!findings.empty())
    return respond(refused_body("The saga cannot be run again like this.", std::move(findings)));
  start.idempotency_key = std::get<std::string>(std::move(key));
  start_and_answer(parts, request, std::move(start), std::move(respond));
}

}  // namespace skald::http
