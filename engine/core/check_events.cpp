#include <algorithm>

#include "engine/core/checks.hpp"
#include "engine/core/reach.hpp"

namespace skald::core {

namespace {

bool handled(const Checks& checks, StateIndex state, EventIndex event) {
  for (std::optional<StateIndex> at = state; at; at = checks.d.at(*at).parent)
    for (const Transition* transition : checks.from[number(*at)])
      if (takes(*transition, event)) return true;
  return false;
}

/// The names of outcomes that are successes; one that nobody handles would leave the saga waiting.
std::vector<std::string> done_outcomes(const Step& step) {
  std::vector<std::string> names;
  for (const auto& rule : step.call.outcomes)
    if (rule.as == OutcomeRule::As::done && !rule.name.empty()) names.push_back(rule.name);
  return names;
}

/// A step that ends while nothing listens would leave its saga waiting for ever.
void listens(Checks& checks, StateIndex state, const std::vector<Action>& actions,
             const std::string& where) {
  for (const auto& action : actions) {
    const auto* call = std::get_if<CallStep>(&action);
    if (call == nullptr) continue;
    const Step& step = checks.d.at(call->step);
    std::vector<EventIndex> events{step.done_event};
    for (const auto& name : done_outcomes(step))
      if (const auto named = step.outcome_events.find(name); named != step.outcome_events.end())
        events.push_back(named->second);
    for (const EventIndex event : events)
      if (!handled(checks, state, event))
        checks.add(where,
                   "state '" + checks.d.at(state).name + "' waits for '" + step.id +
                       "' but no transition handles '" + checks.d.at(event) + "'",
                   "OUTCOME_NOT_HANDLED");
  }
}

void outcomes(Checks& checks) {
  const Definition& d = checks.d;
  for (std::size_t i = 0; i < d.states.size(); ++i)
    listens(checks, static_cast<StateIndex>(i), d.states[i].on_entry, d.states[i].where);
  for (const auto& transition : d.transitions)
    listens(checks, transition.target.value_or(transition.source), transition.actions,
            transition.where);
}

std::vector<bool> raised(const Definition& d) {
  std::vector<bool> comes(d.events.size(), false);
  const auto by = [&](const std::vector<Action>& actions) {
    for (const auto& action : actions)
      if (const auto* raise = std::get_if<RaiseEvent>(&action)) comes[number(raise->event)] = true;
  };
  for (const auto& signal : d.signals) comes[number(signal.event)] = true;
  for (const auto& step : d.steps) {
    comes[number(step.done_event)] = comes[number(step.failed_event)] = true;
    for (const auto& [name, event] : step.outcome_events) comes[number(event)] = true;
  }
  for (const auto& state : d.states) by(state.on_entry), by(state.on_exit);
  for (const auto& transition : d.transitions) by(transition.actions);
  return comes;
}

/// A row for an event that nothing raises is a slip of the pen.
void never_come(Checks& checks) {
  const auto comes = raised(checks.d);
  for (const auto& transition : checks.d.transitions) {
    const bool named = transition.trigger == TriggerKind::event ||
                       (transition.trigger == TriggerKind::unexpected && !transition.any);
    if (named && !comes[number(transition.event)])
      checks.add(transition.where,
                 "waits for '" + checks.d.at(transition.event) +
                     "', which is no signal and which no step raises",
                 "EVENT_NEVER_COMES");
  }
}

/// The events that the states of a region handle, and those that its steps raise.
struct RegionEvents {
  std::vector<bool> handles;
  std::vector<bool> raises;
};

RegionEvents events_of(const Checks& checks, StateIndex initial) {
  const Definition& d = checks.d;
  RegionEvents events{std::vector<bool>(d.events.size()), std::vector<bool>(d.events.size())};
  const auto region = region_of(d, initial);
  for (std::size_t i = 0; i < region.size(); ++i) {
    if (!region[i]) continue;
    for (const Transition* transition : checks.from[i])
      if (transition->trigger == TriggerKind::event)
        events.handles[number(transition->event)] = true;
    for (const StepIndex step : checks.steps[i]) {
      events.raises[number(d.at(step).done_event)] = true;
      events.raises[number(d.at(step).failed_event)] = true;
    }
  }
  return events;
}

/// An outcome must move the region whose step it is of: side by side, that needs an event of its
/// own.
void shared_events(Checks& checks, const std::vector<StateIndex>& initials) {
  if (initials.size() < 2) return;
  std::vector<RegionEvents> regions;
  for (const StateIndex initial : initials) regions.push_back(events_of(checks, initial));
  for (std::size_t i = 0; i < initials.size(); ++i)
    for (std::size_t j = 0; j < initials.size(); ++j)
      for (std::size_t e = 0; i != j && e < checks.d.events.size(); ++e)
        if (regions[i].handles[e] && regions[j].raises[e])
          checks.add(
              checks.d.at(initials[i]).where,
              "handles '" + checks.d.events[e] + "', which a step of the parallel region of '" +
                  checks.d.at(initials[j]).name + "' raises; give that step an event of its own",
              "SHARED_EVENT");
}

}  // namespace

void check_events(Checks& checks) {
  outcomes(checks);
  never_come(checks);
  shared_events(checks, checks.d.initials);
  for (const auto& state : checks.d.states) shared_events(checks, state.initials);
}

}  // namespace skald::core
