#include <algorithm>

#include "engine/core/actions.hpp"
#include "engine/core/checks.hpp"

namespace skald::core {

namespace {

/// Whether `transition` may be what follows a pivot that is done.
bool follows(const Transition& transition, const Step& pivot) {
  if (transition.trigger == TriggerKind::event && transition.event == pivot.done_event) return true;
  return std::any_of(
      pivot.call.outcomes.begin(), pivot.call.outcomes.end(), [&](const OutcomeRule& rule) {
        const auto named = pivot.outcome_events.find(rule.name);
        return rule.as == OutcomeRule::As::done && named != pivot.outcome_events.end() &&
               takes(transition, named->second);
      });
}

/// Whether other states are active beside `state`.
bool in_region(const Definition& d, StateIndex state) {
  return d.at(state).parent || d.initials.size() > 1;
}

/// By step: it is a pivot that a region calls. What comes after it comes beside it, too, so only
/// its place is worth telling.
std::vector<bool> pivots_in_regions(const Checks& checks) {
  std::vector<bool> inside(checks.d.steps.size(), false);
  for (std::size_t i = 0; i < checks.steps.size(); ++i)
    for (const StepIndex step : checks.steps[i])
      if (checks.d.at(step).kind == StepKind::pivot &&
          in_region(checks.d, static_cast<StateIndex>(i)))
        inside[number(step)] = true;
  return inside;
}

/// The states a saga may be in after a pivot was done.
std::vector<bool> states_after_pivot(const Checks& checks) {
  std::vector<StateIndex> from;
  const auto inside = pivots_in_regions(checks);
  for (std::size_t i = 0; i < checks.d.steps.size(); ++i) {
    const Step& step = checks.d.steps[i];
    if (step.kind != StepKind::pivot || inside[i]) continue;
    for (const auto& transition : checks.d.transitions)
      if (follows(transition, step)) from.push_back(transition.target.value_or(transition.source));
  }
  return checks.graph.forward(from);
}

bool only_goes_forward(const Step& step) {
  return step.kind == StepKind::retriable || step.kind == StepKind::readonly;
}

/// While the pivot's outcome is open nothing beside it may fail: it could no longer be undone.
void pivot_alone(Checks& checks, const std::vector<Action>& actions, const std::string& where) {
  const Step* pivot = nullptr;
  bool others = false;
  for (const auto& action : actions) {
    const auto* call = std::get_if<CallStep>(&action);
    if (call == nullptr || checks.d.at(call->step).kind == StepKind::readonly) continue;
    if (checks.d.at(call->step).kind == StepKind::pivot && pivot == nullptr)
      pivot = &checks.d.at(call->step);
    else
      others = true;
  }
  if (pivot != nullptr && others)
    checks.add(where, "calls the pivot '" + pivot->id + "' together with other steps",
               "PIVOT_NOT_ALONE");
}

void places(Checks& checks) {
  const Definition& d = checks.d;
  for (std::size_t i = 0; i < d.states.size(); ++i) {
    const State& state = d.states[i];
    for (const StepIndex index : checks.steps[i])
      if (d.at(index).kind == StepKind::pivot && in_region(d, static_cast<StateIndex>(i)))
        checks.add(state.where, "the pivot '" + d.at(index).id + "' is inside a parallel region",
                   "PIVOT_IN_REGION");
    pivot_alone(checks, state.on_entry, state.where);
  }
  for (const auto& transition : d.transitions)
    pivot_alone(checks, transition.actions, transition.where);
}

void after(Checks& checks) {
  const Definition& d = checks.d;
  const auto after = states_after_pivot(checks);
  for (std::size_t i = 0; i < d.states.size(); ++i) {
    if (!after[i]) continue;
    const State& state = d.states[i];
    for (const StepIndex index : checks.steps[i])
      if (!only_goes_forward(d.at(index)))
        checks.add(state.where,
                   "step '" + d.at(index).id + "' is " + std::string(name_of(d.at(index).kind)) +
                       " and may come after the pivot; only retriable and readonly steps may",
                   "EFFECT_AFTER_PIVOT");
    if (state.final == Final::failure)
      checks.add(state.where,
                 "state '" + state.name +
                     "' ends the saga as a failure and may come after the pivot, when nothing is "
                     "undone",
                 "FAILURE_AFTER_PIVOT");
  }
  for (const auto& transition : d.transitions)
    if (after[number(transition.source)] && has<UnwindAll>(transition.actions))
      checks.add(transition.where, "unwinds after the pivot; from there a saga only goes forward",
                 "UNWIND_AFTER_PIVOT");
}

}  // namespace

void check_pivots(Checks& checks) {
  places(checks);
  after(checks);
}

}  // namespace skald::core
