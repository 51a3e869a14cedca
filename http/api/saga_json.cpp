#include "http/api/saga_json.hpp"

#include "engine/core/status.hpp"
#include "http/api/problem_of.hpp"

namespace skald::http {

namespace {

/// What became of the effect of a step that ran.
std::string_view undo_name(const Step& step, const LogEntry& entry) {
  switch (entry.undo) {
    case UndoState::undone:
      return "undone";
    case UndoState::undone_by_hand:
      return "undoneByHand";
    case UndoState::skipped:
      return "skipped";
    case UndoState::standing:
      break;
  }
  const bool has_effect = step.kind == StepKind::pivot || step.kind == StepKind::retriable;
  return has_effect || step.undo ? "standing" : "notNeeded";
}

std::string_view waits_for(Pending::Wait wait) {
  switch (wait) {
    case Pending::Wait::reply:
      return "participant";
    case Pending::Wait::retry:
      return "retry";
    case Pending::Wait::hand:
      return "operator";
  }
  return "";
}

void write_log(JsonWriter& json, const Definition& definition, const std::vector<LogEntry>& log) {
  json.name("steps").begin_array();
  for (const auto& entry : log) {
    const Step& step = definition.at(entry.step);
    json.begin_object()
        .text("step", step.id)
        .integer("run", entry.run)
        .text("kind", name_of(step.kind))
        .flag("confirmed", entry.confirmed)
        .text("undo", undo_name(step, entry))
        .value("input", entry.input)
        .value("output", entry.output)
        .time("at", entry.at)
        .end_object();
  }
  json.end_array();
}

void write_pending(JsonWriter& json, const Definition& definition,
                   const std::vector<Pending>& all) {
  json.name("pending").begin_array();
  for (const auto& pending : all) {
    json.begin_object()
        .text("step", definition.at(pending.step).id)
        .integer("run", pending.run)
        .text("phase", name_of(pending.phase))
        .integer("attempt", pending.attempt)
        .text("waitingFor", waits_for(pending.wait))
        .time("since", pending.since);
    if (pending.wait == Pending::Wait::retry) json.time("until", pending.until);
    json.text_unless_empty("lastError", pending.last_error).end_object();
  }
  json.end_array();
}

void write_unwind(JsonWriter& json, const Definition& definition, const Unwind& unwind) {
  json.name("unwind")
      .begin_object()
      .text("cause", name_of(unwind.cause))
      .text("reason", unwind.reason);
  if (unwind.target) json.text("target", definition.at(*unwind.target).name);
  json.flag("finished", unwind.finished).end_object();
}

void write_states(JsonWriter& json, const StoredSaga& saga) {
  json.name("states").begin_array();
  for (const auto state : saga.instance.active) json.text(saga.definition->at(state).name);
  json.end_array();
}

void write_tags(JsonWriter& json, const Instance& instance) {
  json.name("tags").begin_object();
  for (const auto& [tag, value] : instance.tags) json.text(tag, value);
  json.end_object();
}

}  // namespace

std::string saga_json(const StoredSaga& saga) {
  const auto& [definition, instance] = saga;
  JsonWriter json;
  json.begin_object()
      .text("id", instance.id.value)
      .text("definition", instance.definition.name)
      .integer("version", instance.definition.version)
      .text("status", name_of(instance.status));
  write_states(json, saga);
  json.text("businessKey", instance.business_key);
  write_tags(json, instance);
  json.value("input", instance.input);
  if (!instance.data.is_null()) json.value("data", instance.data);
  write_log(json, *definition, instance.log);
  write_pending(json, *definition, instance.pending);
  if (instance.unwind) write_unwind(json, *definition, *instance.unwind);
  json.text_unless_empty("stuckReason", instance.stuck_reason)
      .flag("pivotPassed", instance.pivot_passed)
      .time_if_any("deadline", instance.deadline)
      .time("created", instance.created)
      .time("updated", instance.updated)
      .time_if_any("ended", instance.ended)
      .integer("revision", instance.revision)
      .texts("allowedActions", allowed_actions(*definition, instance))
      .end_object();
  return std::move(json).take();
}

void write_summary(JsonWriter& json, const ApiParts& parts, const SagaRow& row) {
  json.begin_object()
      .text("id", row.id.value)
      .text("definition", row.definition.name)
      .integer("version", row.definition.version)
      .text("status", name_of(row.status))
      .text("businessKey", row.business_key)
      .time("created", row.created)
      .time("updated", row.updated)
      .time_if_any("ended", row.ended)
      .integer("revision", row.revision);
  if (const auto saga = read_saga(parts, row)) {
    write_states(json, *saga);
    json.text_unless_empty("stuckReason", saga->instance.stuck_reason);
  }
  json.end_object();
}

std::string etag_of(const Instance& instance) {
  return '"' + std::to_string(instance.revision) + '"';
}

Response json_response(int status, std::string body) {
  Response response{status, {}, std::move(body)};
  response.headers.add("Content-Type", "application/json");
  return response;
}

Response show_saga(const ApiParts& parts, const SagaId& id, int status) {
  const auto saga = read_saga(parts, id);
  if (!saga) return to_response(problem_of(saga.error()));
  auto response = json_response(status, saga_json(*saga));
  response.headers.add("ETag", etag_of(saga->instance));
  return response;
}

}  // namespace skald::http
