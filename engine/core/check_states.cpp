#include <algorithm>

#include "engine/core/checks.hpp"

namespace skald::core {

namespace {

bool leads_on(const Checks& checks, StateIndex state) {
  for (std::optional<StateIndex> at = state; at; at = checks.d.at(*at).parent)
    for (const Transition* transition : checks.from[number(*at)])
      if (transition->target) return true;
  return std::any_of(checks.steps[number(state)].begin(), checks.steps[number(state)].end(),
                     [&](StepIndex step) { return checks.d.at(step).on_exhausted.target; });
}

std::vector<StateIndex> ends(const Definition& d) {
  std::vector<StateIndex> all;
  for (std::size_t i = 0; i < d.states.size(); ++i)
    if (d.states[i].final != Final::no && !d.states[i].parent)
      all.push_back(static_cast<StateIndex>(i));
  return all;
}

void composite(Checks& checks, const State& state) {
  if (state.join > state.initials.size())
    checks.add(state.where,
               "state '" + state.name + "' waits for " + std::to_string(state.join) +
                   " regions to end, and has " + std::to_string(state.initials.size()),
               "JOIN");
  for (const auto& action : state.on_exit)
    if (std::holds_alternative<CallStep>(action) || std::holds_alternative<UnwindAll>(action))
      checks.add(state.where,
                 "state '" + state.name +
                     "' calls a step or unwinds on exit; only data may be set and events raised",
                 "CALL_ON_EXIT");
}

}  // namespace

void check_states(Checks& checks) {
  const Definition& d = checks.d;
  const auto seen = checks.graph.forward(d.initials);
  const auto ending = checks.graph.backward(ends(d));
  for (std::size_t i = 0; i < d.states.size(); ++i) {
    const State& state = d.states[i];
    const std::string name = "state '" + state.name + "'";
    composite(checks, state);
    if (!seen[i]) {
      checks.add(state.where, name + " cannot be reached", "UNREACHABLE_STATE");
    } else if (state.final == Final::no && !leads_on(checks, static_cast<StateIndex>(i))) {
      checks.add(state.where,
                 name + " has no way out and is not final; add a transition, or make it final",
                 "DEAD_END");
    } else if (!ending[i]) {
      checks.add(state.where, "no end can be reached from " + name, "NO_END");
    }
  }
}

}  // namespace skald::core
