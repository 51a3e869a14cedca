#include "engine/core/explain.hpp"
#include "http/api/problem_of.hpp"
#include "http/api/saga_json.hpp"
#include "http/api/saga_routes.hpp"

namespace skald::http {

namespace {

/// Of an attempt that is out, or waits for the next one.
void write_attempt(JsonWriter& json, const Waiting& waiting) {
  json.text("step", waiting.step)
      .text("phase", name_of(waiting.phase))
      .text("participant", waiting.participant)
      .integer("attempt", waiting.attempt)
      .integer("attemptsMax", waiting.attempts_max)
      .integer("failures", waiting.failures);
}

void write_waiting(JsonWriter& json, const Waiting& waiting) {
  json.begin_object().text("for", name_of(waiting.on)).text_unless_empty("state", waiting.state);
  if (!waiting.names.empty()) json.texts("names", waiting.names);
  if (!waiting.step.empty()) write_attempt(json, waiting);
  json.time("since", waiting.since)
      .time_if_any("until", waiting.until)
      .text_unless_empty("lastError", waiting.last_error)
      .end_object();
}

}  // namespace

void explain_saga(const ApiParts& parts, const SagaId& id, const Respond& respond) {
  const auto saga = read_saga(parts, id);
  if (!saga) return respond(to_response(problem_of(saga.error())));
  const auto explanation = explain(*saga->definition, saga->instance);
  JsonWriter json;
  json.begin_object()
      .text("id", id.value)
      .text("status", name_of(saga->instance.status))
      .text("summary", explanation.summary)
      .name("waiting")
      .begin_array();
  for (const auto& waiting : explanation.waiting) write_waiting(json, waiting);
  json.end_array()
      .texts("undoPlan", explanation.undo_plan)
      .texts("allowedActions", explanation.allowed_actions)
      .end_object();
  respond(json_response(200, std::move(json).take()));
}

}  // namespace skald::http
