#include <algorithm>

#include "engine/core/actions.hpp"
#include "engine/core/checks.hpp"

namespace skald::core {

namespace {

/// By state: whether a step that would need an undo may still come.
std::vector<bool> effects_ahead(const Checks& checks) {
  std::vector<StateIndex> effects;
  for (std::size_t i = 0; i < checks.steps.size(); ++i)
    for (const StepIndex step : checks.steps[i]) {
      const StepKind kind = checks.d.at(step).kind;
      if (kind == StepKind::compensatable || kind == StepKind::pivot)
        effects.push_back(static_cast<StateIndex>(i));
    }
  return checks.graph.backward(effects);
}

/// A retriable step has no undo, so nothing that may still fail and unwind comes after it.
void retriables(Checks& checks, const std::vector<bool>& effect_ahead) {
  for (std::size_t i = 0; i < checks.steps.size(); ++i)
    for (const StepIndex index : checks.steps[i])
      if (checks.d.at(index).kind == StepKind::retriable && effect_ahead[i])
        checks.add(checks.d.states[i].where,
                   "step '" + checks.d.at(index).id +
                       "' is retriable and may come before a compensatable or pivot step; it could "
                       "not be undone: make it compensatable with an undo, or move it behind them",
                   "RETRIABLE_TOO_EARLY");
}

}  // namespace

void check_unwinding(Checks& checks) {
  const auto effect_ahead = effects_ahead(checks);
  retriables(checks, effect_ahead);
  for (const auto& transition : checks.d.transitions) {
    if (!has<UnwindAll>(transition.actions)) continue;
    if (transition.target && effect_ahead[number(*transition.target)])
      checks.add(transition.where,
                 "leads to a compensatable or pivot step after unwinding; only retriable and "
                 "readonly steps may follow",
                 "EFFECT_AFTER_UNWIND");
    if (has<CallStep>(transition.actions))
      checks.add(transition.where, "calls a step and unwinds; call it on entry to the target",
                 "CALL_AND_UNWIND");
  }
}

}  // namespace skald::core
