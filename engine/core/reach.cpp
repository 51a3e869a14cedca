#include "engine/core/reach.hpp"

#include <algorithm>

namespace skald::core {

namespace {

void add_steps(const std::vector<Action>& actions, std::vector<StepIndex>& steps) {
  for (const auto& action : actions)
    if (const auto* call = std::get_if<CallStep>(&action)) steps.push_back(call->step);
}

}  // namespace

std::vector<bool> reachable_from(const Definition& definition,
                                 const std::vector<StateIndex>& from) {
  return spread(definition.states.size(), from, [&](StateIndex at, auto visit) {
    for (const StateIndex initial : definition.at(at).initials) visit(initial);
    if (const auto parent = definition.at(at).parent) visit(*parent);
    for (const auto& transition : definition.transitions)
      if (transition.source == at && transition.target) visit(*transition.target);
  });
}

std::vector<StepIndex> steps_of(const Definition& definition, StateIndex state) {
  std::vector<StepIndex> steps;
  add_steps(definition.at(state).on_entry, steps);
  for (const auto& transition : definition.transitions)
    if (transition.source == state) add_steps(transition.actions, steps);
  return steps;
}

bool needs_no_undo_from(const Definition& definition, StateIndex state) {
  const auto seen = reachable_from(definition, {state});
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (!seen[i]) continue;
    const auto steps = steps_of(definition, static_cast<StateIndex>(i));
    const bool effect = std::any_of(steps.begin(), steps.end(), [&](StepIndex index) {
      const StepKind kind = definition.at(index).kind;
      return kind == StepKind::compensatable || kind == StepKind::pivot;
    });
    if (effect) return false;
  }
  return true;
}

bool calls_within(const Definition& definition, StateIndex state, StepIndex step) {
  for (std::size_t i = 0; i < definition.states.size(); ++i) {
    const auto index = static_cast<StateIndex>(i);
    bool inside = false;
    for (std::optional<StateIndex> at = index; at && !inside; at = definition.at(*at).parent)
      inside = *at == state;
    const auto steps = inside ? steps_of(definition, index) : std::vector<StepIndex>{};
    if (std::find(steps.begin(), steps.end(), step) != steps.end()) return true;
  }
  return false;
}

std::vector<bool> region_of(const Definition& definition, StateIndex initial) {
  return spread(definition.states.size(), {initial}, [&](StateIndex at, auto visit) {
    for (const auto& transition : definition.transitions)
      if (transition.source == at && transition.target &&
          definition.at(*transition.target).parent == definition.at(at).parent)
        visit(*transition.target);
    for (std::size_t i = 0; i < definition.states.size(); ++i)
      if (definition.states[i].parent == at) visit(static_cast<StateIndex>(i));
  });
}

}  // namespace skald::core
