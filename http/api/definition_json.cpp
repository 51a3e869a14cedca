#include "http/api/definition_json.hpp"

#include "http/api/json_writer.hpp"

namespace skald::http {

namespace {

std::string_view name_of(Final final) {
  switch (final) {
    case Final::no:
      return "no";
    case Final::success:
      return "success";
    case Final::failure:
      return "failure";
  }
  return "";
}

std::string_view name_of(TriggerKind trigger) {
  switch (trigger) {
    case TriggerKind::event:
      return "event";
    case TriggerKind::always:
      return "always";
    case TriggerKind::joined:
      return "joined";
  }
  return "";
}

std::string_view name_of(Field::Type type) {
  switch (type) {
    case Field::Type::text:
      return "text";
    case Field::Type::integer:
      return "integer";
    case Field::Type::number:
      return "number";
    case Field::Type::boolean:
      return "boolean";
    case Field::Type::object:
      return "object";
    case Field::Type::array:
      return "array";
  }
  return "";
}

void write_actions(JsonWriter& json, const Definition& definition,
                   const std::vector<Action>& actions) {
  json.begin_array();
  for (const auto& action : actions) {
    json.begin_object();
    if (const auto* call = std::get_if<CallStep>(&action))
      json.text("kind", "call").text("step", definition.at(call->step).id);
    else if (const auto* native = std::get_if<NativeAction>(&action))
      json.text("kind", "run").text("name", native->name);
    else
      json.text("kind", "unwind");
    json.end_object();
  }
  json.end_array();
}

void write_state_names(JsonWriter& json, const Definition& definition,
                       const std::vector<StateIndex>& states) {
  json.begin_array();
  for (const auto state : states) json.text(definition.at(state).name);
  json.end_array();
}

void write_states(JsonWriter& json, const Definition& definition) {
  json.begin_array();
  for (const auto& state : definition.states) {
    json.begin_object().text("name", state.name).text("final", name_of(state.final));
    if (state.parent) json.text("parent", definition.at(*state.parent).name);
    write_state_names(json.name("initials"), definition, state.initials);
    write_actions(json.name("onEntry"), definition, state.on_entry);
    json.end_object();
  }
  json.end_array();
}

void write_transitions(JsonWriter& json, const Definition& definition) {
  json.begin_array();
  for (const auto& transition : definition.transitions) {
    json.begin_object()
        .text("source", definition.at(transition.source).name)
        .text("trigger", name_of(transition.trigger));
    if (transition.trigger == TriggerKind::event)
      json.text("event", definition.at(transition.event));
    if (transition.guard) json.text("guard", transition.guard->name);
    write_actions(json.name("actions"), definition, transition.actions);
    if (transition.target) json.text("target", definition.at(*transition.target).name);
    json.end_object();
  }
  json.end_array();
}

void write_operation(JsonWriter& json, const Operation& operation) {
  json.begin_object().text("name", operation.name);
  if (const auto* http = std::get_if<HttpTarget>(&operation.target))
    json.text("participant", http->participant)
        .text("method", http->method)
        .text("path", http->path);
  else
    json.flag("function", true);
  json.end_object();
}

void write_retry(JsonWriter& json, const RetryPolicy& policy) {
  json.begin_object()
      .integer("attempts", policy.attempts)
      .text("first", iso8601(policy.first))
      .name("factor")
      .number(policy.factor)
      .text("max", iso8601(policy.max))
      .name("jitter")
      .number(policy.jitter)
      .text("patience", iso8601(policy.patience))
      .end_object();
}

void write_step(JsonWriter& json, const Definition& definition, const Step& step) {
  json.begin_object().text("id", step.id).text("kind", skald::name_of(step.kind));
  write_operation(json.name("call"), step.call);
  if (step.undo) write_operation(json.name("undo"), *step.undo);
  json.text_unless_empty("noUndoReason", step.no_undo_reason);
  json.text("timeout", iso8601(step.timeout));
  write_retry(json.name("retry"), step.retry);
  if (step.undo) write_retry(json.name("undoRetry"), step.undo_retry);
  json.text("doneEvent", definition.at(step.done_event))
      .text("failedEvent", definition.at(step.failed_event))
      .end_object();
}

void write_fields(JsonWriter& json, const std::vector<Field>& fields) {
  json.begin_array();
  for (const auto& field : fields) {
    json.begin_object()
        .text("name", field.name)
        .text("type", name_of(field.type))
        .flag("required", field.required);
    if (field.minimum) json.integer("minimum", *field.minimum);
    if (!field.fields.empty()) write_fields(json.name("fields"), field.fields);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string iso8601(Duration span) {
  const std::chrono::hh_mm_ss clock{span};
  std::string text = "PT";
  if (clock.hours().count() > 0) text += std::to_string(clock.hours().count()) + "H";
  if (clock.minutes().count() > 0) text += std::to_string(clock.minutes().count()) + "M";
  const auto millis = clock.subseconds().count();
  if (clock.seconds().count() == 0 && millis == 0 && text.size() > 2) return text;
  text += std::to_string(clock.seconds().count());
  if (millis > 0) {
    auto digits = std::to_string(1000 + millis).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    text += "." + digits;
  }
  return text + "S";
}

std::string definition_json(const Definition& definition) {
  JsonWriter json;
  json.begin_object()
      .text("name", definition.ref.name)
      .integer("version", definition.ref.version)
      .text_unless_empty("businessKeyField", definition.business_key_field);
  if (definition.deadline)
    json.text("deadline", iso8601(*definition.deadline))
        .text("onDeadline", definition.on_deadline == OnDeadline::unwind ? "unwind" : "alert");
  write_fields(json.name("input"), definition.input);
  json.flag("closedInput", definition.closed_input);
  write_state_names(json.name("initials"), definition, definition.initials);
  write_states(json.name("states"), definition);
  write_transitions(json.name("transitions"), definition);
  json.name("steps").begin_array();
  for (const auto& step : definition.steps) write_step(json, definition, step);
  json.end_array().end_object();
  return std::move(json).take();
}

}  // namespace skald::http
