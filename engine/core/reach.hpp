#pragma once

#include <vector>

#include "engine/model/definition.hpp"

namespace skald::core {

/// What `from`, of `count` states, spreads to, itself included: `each_next(state, visit)` visits
/// the neighbours of one.
template <class EachNext>
[[nodiscard]] std::vector<bool> spread(std::size_t count, const std::vector<StateIndex>& from,
                                       EachNext each_next) {
  std::vector<bool> seen(count, false);
  std::vector<StateIndex> open;
  const auto visit = [&](StateIndex state) {
    if (seen[number(state)]) return;
    seen[number(state)] = true;
    open.push_back(state);
  };
  for (const StateIndex state : from) visit(state);
  while (!open.empty()) {
    const StateIndex at = open.back();
    open.pop_back();
    each_next(at, visit);
  }
  return seen;
}

/// The states a saga may come to from `from`, itself included: along transitions, into composite
/// states and out of them.
[[nodiscard]] std::vector<bool> reachable_from(const Definition& definition,
                                               const std::vector<StateIndex>& from);

/// The steps begun by entering `state` or by transitions that leave or stay in it.
[[nodiscard]] std::vector<StepIndex> steps_of(const Definition& definition, StateIndex state);

/// Whether no step that would need an undo can begin from `state` on, so that a saga which has
/// unwound may go on there.
[[nodiscard]] bool needs_no_undo_from(const Definition& definition, StateIndex state);

/// Whether `state` or something inside it calls `step`.
[[nodiscard]] bool calls_within(const Definition& definition, StateIndex state, StepIndex step);

/// The states of the region that begins with `initial`, with what lies inside them.
[[nodiscard]] std::vector<bool> region_of(const Definition& definition, StateIndex initial);

}  // namespace skald::core
