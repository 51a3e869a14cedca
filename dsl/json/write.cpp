#include <nlohmann/json.hpp>

#include "dsl/json/canonical.hpp"
#include "dsl/json/show.hpp"
#include "dsl/json/writer.hpp"

namespace skald::document {

using nlohmann::json;

json written(const Value& value, const std::string& place) {
  if (!value.source.is_null()) return value.source.value();
  return {{"$native", place}};
}

json written(const Guard& guard) {
  if (guard.expression) return "${" + guard.name + "}";
  return {{"$native", guard.name}};
}

json Writer::run() const {
  json out = json::object();
  header(out);
  settings(out);
  signals(out);
  migrations(out);
  out["initial"] = names(d_.initials);
  out["states"] = states(std::nullopt);
  out["steps"] = json::object();
  for (const auto& step : d_.steps) out["steps"][step.id] = this->step(step);
  out["transitions"] = json::array();
  for (std::size_t i = 0; i < d_.transitions.size(); ++i)
    out["transitions"].push_back(transition(i));
  return out;
}

void Writer::header(json& out) const {
  out["saga"] = d_.ref.name;
  out["version"] = d_.ref.version;
  if (!d_.description.empty()) out["description"] = d_.description;
  if (!d_.input.source.is_null()) out["input"] = d_.input.source.value();
  if (!d_.output_schema.source.is_null()) out["outputSchema"] = d_.output_schema.source.value();
  if (d_.output) out["output"] = written(d_.output, "output");
  if (d_.business_key) out["businessKey"] = written(d_.business_key, "businessKey");
  for (const auto& [name, value] : d_.tags) out["tags"][name] = written(value, "tag." + name);
  for (std::size_t i = 0; i < d_.locks.size(); ++i)
    out["locks"].push_back(written(d_.locks[i], "lock." + std::to_string(i)));
  const json& document = d_.document.value();
  if (document.is_object() && document.contains("tests")) out["tests"] = document.at("tests");
}

void Writer::settings(json& out) const {
  if (d_.deadline) out["deadline"] = duration_text(*d_.deadline);
  if (d_.on_deadline == OnDeadline::alert) out["onDeadline"] = "alert";
  if (d_.unwind_order == UnwindOrder::parallel) out["unwindOrder"] = "parallel";
  if (d_.unwind_order == UnwindOrder::dependency) out["unwindOrder"] = "dependency";
  if (d_.on_undo_failure == OnUndoFailure::continue_with) out["onUndoFailure"] = "continue";
}

void Writer::signals(json& out) const {
  for (const auto& signal : d_.signals) {
    json& made = out["signals"][signal.name] = json::object();
    if (!signal.payload.source.is_null()) made["payload"] = signal.payload.source.value();
    if (signal.correlation)
      made["correlation"] = written(signal.correlation, "signal." + signal.name);
    if (signal.unexpected == WhenUnexpected::refuse) made["unexpected"] = "refuse";
    if (signal.unexpected == WhenUnexpected::ignore) made["unexpected"] = "ignore";
  }
}

void Writer::migrations(json& out) const {
  for (const auto& migration : d_.migrations) {
    json made{{"from", migration.from}};
    if (!migration.states.empty()) made["states"] = migration.states;
    if (!migration.steps.empty()) made["steps"] = migration.steps;
    if (migration.data)
      made["data"] = written(migration.data, "migration." + std::to_string(migration.from));
    out["migrations"].push_back(std::move(made));
  }
}

json Writer::names(const std::vector<StateIndex>& states) const {
  if (states.size() == 1) return d_.at(states.front()).name;
  json made = json::array();
  for (const StateIndex state : states) made.push_back(d_.at(state).name);
  return made;
}

json Writer::states(std::optional<StateIndex> parent) const {
  json out = json::object();
  for (std::size_t i = 0; i < d_.states.size(); ++i) {
    const State& state = d_.states[i];
    if (state.parent != parent) continue;
    json& made = out[state.name] = json::object();
    if (state.final != Final::no)
      made["final"] = state.final == Final::success ? "success" : "failure";
    if (!state.on_entry.empty()) made["onEntry"] = actions(state.on_entry, state.name + ".entry");
    if (!state.on_exit.empty()) made["onExit"] = actions(state.on_exit, state.name + ".exit");
    if (state.history) made["history"] = true;
    if (state.initials.empty()) continue;
    made["initial"] = names(state.initials);
    made["states"] = states(static_cast<StateIndex>(i));
    if (state.join != 0) made["join"] = state.join;
  }
  return out;
}

json Writer::transition(std::size_t index) const {
  const Transition& transition = d_.transitions[index];
  json out{{"from", d_.at(transition.source).name}};
  trigger(transition, index, out);
  if (transition.guard) out["when"] = written(*transition.guard);
  if (!transition.actions.empty())
    out["do"] = actions(transition.actions, "transition." + std::to_string(index));
  if (transition.target) out["to"] = d_.at(*transition.target).name;
  return out;
}

void Writer::trigger(const Transition& transition, std::size_t index, json& out) const {
  switch (transition.trigger) {
    case TriggerKind::event:
      out["on"] = d_.at(transition.event);
      break;
    case TriggerKind::always:
      out["always"] = true;
      break;
    case TriggerKind::joined:
      out["joined"] = true;
      break;
    case TriggerKind::after:
      if (transition.timer && transition.timer->at)
        out["at"] = written(transition.timer->at, "transition." + std::to_string(index) + ".at");
      else
        out["after"] = duration_text(transition.timer ? transition.timer->after : Duration{});
      break;
    case TriggerKind::any_event:
      out["any"] = true;
      break;
    case TriggerKind::unexpected:
      out["unexpected"] = transition.any ? json(true) : json(d_.at(transition.event));
      break;
  }
}

json Writer::actions(const std::vector<Action>& actions, const std::string& place) const {
  json out = json::array();
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const Action& action = actions[i];
    if (const auto* call = std::get_if<CallStep>(&action)) {
      out.push_back({{"call", d_.at(call->step).id}});
    } else if (const auto* unwind = std::get_if<UnwindAll>(&action)) {
      out.push_back(unwind->reason.empty() ? json("unwind") : json{{"unwind", unwind->reason}});
    } else if (const auto* native = std::get_if<NativeAction>(&action)) {
      out.push_back(native->source.is_null() ? json{{"$native", native->name}}
                                             : native->source.value());
    } else if (const auto* raise = std::get_if<RaiseEvent>(&action)) {
      json made{{"raise", d_.at(raise->event)}};
      if (raise->payload)
        made["payload"] = written(raise->payload, place + "." + std::to_string(i) + ".payload");
      out.push_back(std::move(made));
    } else if (const auto* park = std::get_if<Park>(&action)) {
      out.push_back({{"park", park->reason}});
    } else {
      out.push_back("defer");
    }
  }
  return out;
}

Json full_document(const Definition& definition) {
  return Json::from_stored(canonical_text(Writer(definition).run()));
}

}  // namespace skald::document
