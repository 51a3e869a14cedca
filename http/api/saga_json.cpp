#include "http/api/saga_json.hpp"

#include <nlohmann/json.hpp>

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

/// Of a step that runs for each item of a list.
void write_item(JsonWriter& json, const Json& item) {
  if (!item.is_null()) json.value("item", item);
}

void write_log(JsonWriter& json, const Definition& definition, const CompletionLog& log) {
  json.name("steps").begin_array();
  for (const auto& entry : log) {
    const Step& step = definition.at(entry.step);
    json.begin_object()
        .text("step", step.id)
        .integer("run", entry.run)
        .text("kind", name_of(step.kind))
        .flag("confirmed", entry.confirmed)
        .text("undo", undo_name(step, entry))
        .text_unless_empty("outcome", entry.outcome)
        .value("input", entry.input)
        .value("output", entry.output);
    write_item(json, entry.item);
    if (entry.abandoned) json.flag("abandoned", true);
    json.time("at", entry.at).end_object();
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
        .text_unless_empty("address", pending.address)
        .text("waitingFor", waits_for(pending.wait))
        .time("since", pending.since);
    if (pending.wait == Pending::Wait::retry) json.time("until", pending.until);
    write_item(json, pending.item);
    if (pending.still_working) json.flag("stillWorking", true);
    if (pending.abandoned) json.flag("abandoned", true);
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

void write_parking(JsonWriter& json, const Definition& definition, const Parking& parking) {
  json.name("parking")
      .begin_object()
      .text("reason", parking.reason)
      .text("state", definition.at(parking.source).name);
  if (parking.target) json.text("target", definition.at(*parking.target).name);
  json.end_object();
}

void write_timers(JsonWriter& json, const Definition& definition,
                  const std::vector<RunningTimer>& timers) {
  json.name("timers").begin_array();
  for (const auto& timer : timers)
    json.begin_object()
        .text("state", definition.at(timer.state).name)
        .time("due", timer.due)
        .flag("expired", timer.expired)
        .end_object();
  json.end_array();
}

void write_kept(JsonWriter& json, const Definition& definition,
                const std::vector<KeptEvent>& kept) {
  json.name("kept").begin_array();
  for (const auto& event : kept)
    json.begin_object()
        .text("event", definition.at(event.event))
        .text_unless_empty("code", event.code)
        .value("payload", event.payload)
        .time("at", event.at)
        .flag("deferred", event.deferred)
        .end_object();
  json.end_array();
}

void write_loops(JsonWriter& json, const Definition& definition,
                 const std::map<StepIndex, Loop>& loops) {
  json.name("loops").begin_array();
  for (const auto& [step, loop] : loops)
    json.begin_object()
        .text("step", definition.at(step).id)
        .integer("items", static_cast<std::int64_t>(loop.items.value().size()))
        .integer("begun", loop.begun)
        .integer("done", loop.done)
        .end_object();
  json.end_array();
}

void write_parent(JsonWriter& json, const Parent& parent) {
  json.name("parent")
      .begin_object()
      .text("saga", parent.saga.value)
      .text("step", parent.step)
      .integer("run", parent.run)
      .end_object();
}

template <class Texts>
void write_texts(JsonWriter& json, std::string_view name, const Texts& texts) {
  json.name(name).begin_object();
  for (const auto& [key, value] : texts) json.text(key, value);
  json.end_object();
}

/// What it waits for, and what waits for it, besides its steps. Shown only when there is some.
void write_surroundings(JsonWriter& json, const Definition& definition, const Instance& saga) {
  if (saga.paused) {
    json.name("paused").begin_object().time("since", saga.paused->since);
    json.text_unless_empty("reason", saga.paused->reason).end_object();
  }
  if (saga.parking) write_parking(json, definition, *saga.parking);
  if (!saga.timers.empty()) write_timers(json, definition, saga.timers);
  if (!saga.kept.empty()) write_kept(json, definition, saga.kept);
  if (!saga.loops.empty()) write_loops(json, definition, saga.loops);
  if (!saga.locks.empty()) json.texts("locks", saga.locks).flag("locked", saga.locked);
  if (!saga.correlations.empty()) write_texts(json, "correlations", saga.correlations);
  if (saga.parent) write_parent(json, *saga.parent);
}

void write_states(JsonWriter& json, const StoredSaga& saga) {
  json.name("states").begin_array();
  for (const auto state : saga.instance.active) json.text(saga.definition->at(state).name);
  json.end_array();
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
  write_texts(json, "tags", instance.tags);
  json.value("input", instance.input);
  if (!instance.data.is_null()) json.value("data", instance.data);
  if (!instance.output.is_null()) json.value("output", instance.output);
  if (!instance.error.is_null()) json.value("error", instance.error);
  write_log(json, *definition, instance.log);
  write_pending(json, *definition, instance.pending);
  if (instance.unwind) write_unwind(json, *definition, *instance.unwind);
  write_surroundings(json, *definition, instance);
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

void write_summary(JsonWriter& json, const Registry& definitions, const SagaRow& row) {
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
  if (const auto saga = read_progress(definitions, row)) {
    write_states(json, *saga);
    json.text_unless_empty("stuckReason", saga->instance.stuck_reason);
  }
  json.end_object();
}

std::string summary_json(const Registry& definitions, const SagaRow& row) {
  JsonWriter json;
  write_summary(json, definitions, row);
  return std::move(json).take();
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
