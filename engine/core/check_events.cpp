#include <algorithm>
#include <map>
#include <set>

#include "engine/core/checks.hpp"

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

/// A signal that is an outcome, too, would let its sender end a step that is still under way.
void signals(Checks& checks) {
  std::vector<std::pair<StepIndex, bool>> raised_by(checks.d.events.size());
  for (std::size_t i = 0; i < checks.d.steps.size(); ++i) {
    const Step& step = checks.d.steps[i];
    const std::pair by(static_cast<StepIndex>(i), true);
    raised_by[number(step.done_event)] = raised_by[number(step.failed_event)] = by;
    for (const auto& [name, event] : step.outcome_events) raised_by[number(event)] = by;
  }
  for (const auto& signal : checks.d.signals)
    if (const auto [step, raises] = raised_by[number(signal.event)]; raises)
      checks.add(signal.where,
                 "the signal '" + signal.name + "' has the name of an event that step '" +
                     checks.d.at(step).id + "' raises; give the signal a name of its own",
                 "SHARED_EVENT");
}

/// What leads from state to state inside a region, and into those inside them.
class Regions {
 public:
  explicit Regions(const Checks& checks) : checks_(checks), inside_(checks.d.states.size()) {
    for (std::size_t i = 0; i < inside_.size(); ++i)
      if (const auto parent = checks.d.states[i].parent)
        inside_[number(*parent)].push_back(static_cast<StateIndex>(i));
  }

  /// The states of the region that begins with `initial`, with what lies inside them.
  [[nodiscard]] std::vector<StateIndex> states(StateIndex initial) const {
    std::vector<StateIndex> found{initial};
    std::set<StateIndex> seen{initial};
    const auto visit = [&](StateIndex state) {
      if (seen.insert(state).second) found.push_back(state);
    };
    std::size_t next = 0;
    while (next < found.size()) {
      const StateIndex at = found[next++];
      for (const Transition* transition : checks_.from[number(at)])
        if (transition->target &&
            checks_.d.at(*transition->target).parent == checks_.d.at(at).parent)
          visit(*transition->target);
      for (const StateIndex child : inside_[number(at)]) visit(child);
    }
    return found;
  }

 private:
  const Checks& checks_;
  std::vector<std::vector<StateIndex>> inside_;
};

/// The events that the states of a region handle, and those that its steps raise.
struct RegionEvents {
  std::set<EventIndex> handles;
  std::set<EventIndex> raises;
};

RegionEvents events_of(const Checks& checks, const std::vector<StateIndex>& region) {
  RegionEvents events;
  for (const StateIndex state : region) {
    for (const Transition* transition : checks.from[number(state)])
      if (transition->trigger == TriggerKind::event) events.handles.insert(transition->event);
    for (const StepIndex step : checks.steps[number(state)]) {
      events.raises.insert(checks.d.at(step).done_event);
      events.raises.insert(checks.d.at(step).failed_event);
    }
  }
  return events;
}

/// An outcome must move the region whose step it is of: side by side, that needs an event of its
/// own.
void shared_events(Checks& checks, const Regions& all, const std::vector<StateIndex>& initials) {
  if (initials.size() < 2) return;
  std::vector<RegionEvents> regions;
  std::multimap<EventIndex, std::size_t> raised_in;
  for (std::size_t i = 0; i < initials.size(); ++i) {
    regions.push_back(events_of(checks, all.states(initials[i])));
    for (const EventIndex event : regions.back().raises) raised_in.emplace(event, i);
  }
  for (std::size_t i = 0; i < initials.size(); ++i)
    for (const EventIndex event : regions[i].handles) {
      const auto [first, last] = raised_in.equal_range(event);
      for (auto other = first; other != last; ++other)
        if (other->second != i)
          checks.add(checks.d.at(initials[i]).where,
                     "handles '" + checks.d.at(event) +
                         "', which a step of the parallel region of '" +
                         checks.d.at(initials[other->second]).name +
                         "' raises; give that step an event of its own",
                     "SHARED_EVENT");
    }
}

}  // namespace

void check_events(Checks& checks) {
  outcomes(checks);
  never_come(checks);
  signals(checks);
  const Regions regions(checks);
  shared_events(checks, regions, checks.d.initials);
  for (const auto& state : checks.d.states) shared_events(checks, regions, state.initials);
}

}  // namespace skald::core
