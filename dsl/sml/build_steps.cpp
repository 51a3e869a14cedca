#include <algorithm>

#include "dsl/sml/builder.hpp"

namespace skald::sml {

StepIndex Builder::step(const StepSpec& spec) {
  Step step = spec.step;
  step.call = spec.call.operation;
  step.done_event = event(spec.call.done_event);
  step.failed_event = event(spec.call.failed_event);
  event_is_raised_[number(step.done_event)] = true;
  event_is_raised_[number(step.failed_event)] = true;
  for (const auto& [name, raised] : spec.call.outcome_events) {
    const EventIndex index = event(raised);
    event_is_raised_[number(index)] = true;
    if (!step.outcome_events.emplace(name, index).second)
      refuse("operation '" + step.call.name + "' names the outcome '" + name + "' twice",
             "OUTCOME");
  }
  if (spec.undo) step.undo = spec.undo->operation;
  if (spec.probe) step.probe = spec.probe->operation;
  check_targets(step.call);
  if (step.undo) check_targets(*step.undo);
  if (step.probe) check_targets(*step.probe);
  d_.steps.push_back(std::move(step));
  step_specs_.push_back(spec);
  step_rows_.push_back(where_);
  step_parents_.push_back(parent_);
  return static_cast<StepIndex>(d_.steps.size() - 1);
}

void Builder::check_targets(const Operation& operation) {
  const auto* http = std::get_if<HttpTarget>(&operation.target);
  const auto* function = std::get_if<FunctionTarget>(&operation.target);
  const bool nowhere = (http != nullptr && http->path.empty() && !operation.address) ||
                       (function != nullptr && !function->function);
  if (nowhere)
    refuse("operation '" + operation.name +
               "' leads nowhere; add .post(participant, path), .run(function), .child(definition) "
               "or .publish(topic)",
           "OPERATION");
}

/// What steps say of states and of one another is known when the whole table has been read.
void Builder::finish_steps() {
  for (std::size_t i = 0; i < d_.steps.size(); ++i) {
    where_ = step_rows_[i];
    const auto& spec = step_specs_[i];
    if (spec.go_to) {
      const auto known = d_.states.size();
      const StateIndex target = state(*spec.go_to, step_parents_[i]);
      d_.steps[i].on_exhausted.target = target;
      if (d_.states.size() > known)
        refuse("go_to(\"" + std::string(spec.go_to->name) +
                   "\"_s) leads to a state that no row of this table names",
               "STATE");
    }
    for (const auto& id : spec.depends_on) {
      const auto other = d_.find_step(id);
      if (other)
        d_.steps[i].depends_on.push_back(*other);
      else
        refuse("step '" + d_.steps[i].id + "' depends on '" + id + "', which is no step", "STEP");
    }
  }
}

/// Declared, or derived: an event that rows wait for and nothing in the table raises can only come
/// from outside.
void Builder::signals(const std::optional<std::vector<SignalSpec>>& declared) {
  for (const auto& spec : declared.value_or(std::vector<SignalSpec>{})) {
    Signal signal = spec.signal;
    where_ = d_.ref.name;
    signal.event = event({signal.name, spec.type});
    const auto of_type = built_.events.find(spec.type);
    if (of_type != built_.events.end()) signal.event = of_type->second;
    event_is_raised_[number(signal.event)] = true;
    d_.signals.push_back(std::move(signal));
  }
  for (const auto& transition : d_.transitions) {
    const bool named = transition.trigger == TriggerKind::event ||
                       (transition.trigger == TriggerKind::unexpected && !transition.any);
    if (!named || event_is_raised_[number(transition.event)]) continue;
    event_is_raised_[number(transition.event)] = true;
    const std::string& name = d_.at(transition.event);
    where_ = transition.where;
    if (declared)
      refuse("waits for '" + name +
                 "', which no step raises and signals() does not accept; add signal<" + name +
                 "> there",
             "SIGNAL");
    else
      d_.signals.push_back({.name = name, .event = transition.event});
  }
}

}  // namespace skald::sml
