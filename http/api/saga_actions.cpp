#include "http/api/acting.hpp"
#include "http/api/json_body.hpp"
#include "http/api/request_fields.hpp"
#include "http/api/saga_routes.hpp"
#include "http/api/stored_saga.hpp"

namespace skald::http {

namespace {

/// What a document asks for; its findings tell what is wrong with it.
using ReadAction = Event (*)(ObjectReader& document, const Definition& definition);

std::string known_steps(const Definition& definition) {
  std::string ids;
  for (const auto& step : definition.steps) ids.append(ids.empty() ? "" : ", ").append(step.id);
  return ids;
}

/// The step that the document names, or empty.
std::string step_in(ObjectReader& document, const Definition& definition) {
  auto step = document.text("step");
  if (!step) return {};
  if (!definition.find_step(*step))
    document.refuse("step", "is not a step of this saga; there are: " + known_steps(definition),
                    "UNKNOWN_STEP");
  return std::move(*step);
}

std::string reason_in(ObjectReader& document) { return short_text(document, "reason"); }

Skip::As as_in(ObjectReader& document) {
  const auto as = document.text("as");
  if (as == "done") return Skip::As::done;
  if (as == "failed") return Skip::As::failed;
  if (as && as != "skipped")
    document.refuse("as", "must be one of: done, failed, skipped", "FIELD_VALUE");
  return Skip::As::skipped;
}

Event read_retry(ObjectReader& document, const Definition& definition) {
  document.expect({"step", "reason", "actor"}, {});
  return {Retry{step_in(document, definition), reason_in(document)}};
}

Event read_skip(ObjectReader& document, const Definition& definition) {
  document.expect({"step", "as", "output", "reason", "actor"}, {"step", "as", "reason"});
  Skip skip;
  skip.step = step_in(document, definition);
  skip.as = as_in(document);
  skip.output = document.value("output").value_or(Json());
  skip.reason = reason_in(document);
  if (document.has("output") && document.has("as") && skip.as != Skip::As::done)
    document.refuse("output", "is only for a step that is settled as done", "FIELD_VALUE");
  return {std::move(skip)};
}

Event read_compensate(ObjectReader& document, const Definition&) {
  document.expect({"reason", "actor"}, {"reason"});
  return {Compensate{reason_in(document)}};
}

Event read_cancel(ObjectReader& document, const Definition&) {
  document.expect({"reason", "actor"}, {});
  return {Cancel{reason_in(document)}};
}

Event read_pause(ObjectReader& document, const Definition&) {
  document.expect({"reason", "actor"}, {});
  return {Pause{reason_in(document)}};
}

Event read_resume(ObjectReader& document, const Definition&) {
  document.expect({"reason", "actor"}, {});
  return {Resume{reason_in(document)}};
}

Event read_terminate(ObjectReader& document, const Definition&) {
  document.expect({"reason", "actor"}, {"reason"});
  return {Terminate{reason_in(document)}};
}

Event read_note(ObjectReader& document, const Definition&) {
  document.expect({"text", "actor"}, {"text"});
  return {Note{short_text(document, "text")}};
}

void act(const ApiParts& parts, const SagaId& id, const Request& request, Respond respond,
         ReadAction read) {
  auto key = read_key(request);
  if (const auto* refused = std::get_if<Problem>(&key)) return respond(to_response(*refused));
  const auto revision = if_match(request.headers);
  if (!revision) return respond(to_response(problem_of(revision.error())));
  const auto body = read_body(request, Body::may_be_empty);
  if (const auto* refused = std::get_if<Problem>(&body)) return respond(to_response(*refused));
  const auto saga = read_saga(parts, id);
  if (!saga) return respond(to_response(problem_of(saga.error())));
  std::vector<Finding> findings;
  ObjectReader document(std::get<Json>(body), findings);
  auto event = read(document, *saga->definition);
  event.actor = short_text(document, "actor");
  if (!findings.empty())
    return respond(refused_body("The action cannot be understood.", std::move(findings)));
  act_on(parts, id,
         {.event = std::move(event),
          .idempotency_key = std::get<std::string>(std::move(key)),
          .if_revision = *revision},
         std::move(respond));
}

}  // namespace

void retry_saga(const ApiParts& parts, const SagaId& id, const Request& request, Respond respond) {
  act(parts, id, request, std::move(respond), read_retry);
}

void skip_saga_step(const ApiParts& parts, const SagaId& id, const Request& request,
                    Respond respond) {
  act(parts, id, request, std::move(respond), read_skip);
}

void compensate_saga(const ApiParts& parts, const SagaId& id, const Request& request,
                     Respond respond) {
  act(parts, id, request, std::move(respond), read_compensate);
}

void cancel_saga(const ApiParts& parts, const SagaId& id, const Request& request, Respond respond) {
  act(parts, id, request, std::move(respond), read_cancel);
}

void pause_saga(const ApiParts& parts, const SagaId& id, const Request& request, Respond respond) {
  act(parts, id, request, std::move(respond), read_pause);
}

void resume_saga(const ApiParts& parts, const SagaId& id, const Request& request, Respond respond) {
  act(parts, id, request, std::move(respond), read_resume);
}

void terminate_saga(const ApiParts& parts, const SagaId& id, const Request& request,
                    Respond respond) {
  act(parts, id, request, std::move(respond), read_terminate);
}

void note_saga(const ApiParts& parts, const SagaId& id, const Request& request, Respond respond) {
  act(parts, id, request, std::move(respond), read_note);
}

}  // namespace skald::http
