#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "engine/model/saga.hpp"

namespace skald::test {

/// Makes definitions name by name, for what is about the machine and not about a dialect.
class Build {
 public:
  explicit Build(std::string name = "test") { d.ref = {std::move(name), 1}; }

  StateIndex state(const std::string& name, const std::string& parent = "") {
    if (const auto known = d.find_state(name)) return *known;
    State made{.name = name};
    if (!parent.empty()) made.parent = state(parent);
    d.states.push_back(std::move(made));
    return static_cast<StateIndex>(d.states.size() - 1);
  }
  State& at(const std::string& name) { return d.states[number(state(name))]; }

  /// The first state of a region, at the top or inside `parent`.
  Build& initial(const std::string& name, const std::string& parent = "") {
    const StateIndex index = state(name, parent);
    (parent.empty() ? d.initials : at(parent).initials).push_back(index);
    return *this;
  }
  Build& final(const std::string& name, Final how = Final::success,
               const std::string& parent = "") {
    d.states[number(state(name, parent))].final = how;
    return *this;
  }

  EventIndex event(const std::string& name) {
    if (const auto known = d.find_event(name)) return *known;
    d.events.push_back(name);
    return static_cast<EventIndex>(d.events.size() - 1);
  }
  Signal& signal(const std::string& name, WhenUnexpected unexpected = WhenUnexpected::keep) {
    d.signals.push_back({.name = name, .event = event(name), .unexpected = unexpected});
    return d.signals.back();
  }

  /// A step whose undo is "undo <id>", and whose events are "<id>.done" and "<id>.failed".
  StepIndex step(const std::string& id) {
    if (const auto known = d.find_step(id)) return *known;
    Step made{.id = id,
              .call = {.name = id, .target = HttpTarget{"p", "POST", "/" + id, {}}},
              .undo = Operation{.name = "no-" + id, .target = HttpTarget{"p", "POST", "/no", {}}}};
    made.done_event = event(id + ".done");
    made.failed_event = event(id + ".failed");
    d.steps.push_back(std::move(made));
    return static_cast<StepIndex>(d.steps.size() - 1);
  }
  Step& of(const std::string& id) { return d.steps[number(step(id))]; }
  /// `id` is called on entry to `name`.
  Build& calls(const std::string& name, const std::string& id) {
    at(name).on_entry.emplace_back(CallStep{step(id)});
    return *this;
  }

  /// A row of the table; without a target it is internal.
  Transition& row(const std::string& source, const std::string& on,
                  const std::string& target = "") {
    Transition& made = add(source, target);
    made.event = event(on);
    return made;
  }
  Transition& always(const std::string& source, const std::string& target) {
    Transition& made = add(source, target);
    made.trigger = TriggerKind::always;
    return made;
  }
  Transition& after(const std::string& source, Duration time, const std::string& target) {
    Transition& made = add(source, target);
    made.trigger = TriggerKind::after;
    made.timer = Timer{time, {}};
    return made;
  }
  Transition& joined(const std::string& source, const std::string& target) {
    Transition& made = add(source, target);
    made.trigger = TriggerKind::joined;
    return made;
  }

  Definition d;

 private:
  Transition& add(const std::string& source, const std::string& target) {
    Transition made{.source = state(source)};
    if (!target.empty()) made.target = state(target);
    d.transitions.push_back(std::move(made));
    return d.transitions.back();
  }
};

/// An action that adds `word` to the list data.said.
inline NativeAction say(std::string word) {
  return {"say " + word,
          [word](const SagaView&, const EventView&, nlohmann::json& data) {
            data["said"].push_back(word);
          },
          Json()};
}
inline std::string said(const Instance& saga) {
  std::string all;
  if (saga.data.is_null()) return all;
  for (const auto& word : saga.data.value().at("said"))
    all += (all.empty() ? "" : " ") + word.get<std::string>();
  return all;
}

/// A value that is always the same.
inline Value always_is(nlohmann::json value) {
  return {[value](const SagaView&, const EventView&) { return value; }, Json(value)};
}

}  // namespace skald::test
