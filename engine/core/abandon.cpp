#include "engine/core/abandon.hpp"

#include <algorithm>

#include "engine/core/reach.hpp"
#include "engine/core/regions.hpp"
#include "engine/core/steps.hpp"
#include "engine/core/unwinding.hpp"

namespace skald::core {

namespace {

void abandon(Turn& turn, const std::function<bool(StepIndex)>& of) {
  bool any = false;
  auto& log = turn.saga.log;
  for (std::size_t i = 0; i < log.size(); ++i)
    if (of(log[i].step) && needs_undo(turn.definition, log[i])) log.abandon(i), any = true;
  std::vector<Pending> waiting;
  for (auto& pending : turn.saga.pending) {
    if (!of(pending.step) || pending.phase == Phase::undo) continue;
    pending.abandoned = any = true;
    if (pending.wait != Pending::Wait::reply && !pending.still_working) waiting.push_back(pending);
  }
  for (const auto& pending : waiting) give_up(turn, pending);
  if (any) turn.note({.kind = HistoryKind::abandoned});
}

}  // namespace

void abandon_rest(Turn& turn, StateIndex composite) {
  const auto& initials = turn.definition.at(composite).initials;
  const auto children = active_in(turn, composite);
  std::vector<bool> rest(turn.definition.steps.size(), false);
  for (std::size_t i = 0; i < initials.size() && i < children.size(); ++i) {
    if (turn.definition.at(children[i]).final != Final::no) continue;
    const auto region = region_of(turn.definition, initials[i]);
    for (std::size_t s = 0; s < region.size(); ++s)
      if (region[s])
        for (const StepIndex step : steps_of(turn.definition, static_cast<StateIndex>(s)))
          rest[number(step)] = true;
  }
  abandon(turn, [&](StepIndex step) { return rest[number(step)]; });
}

void abandon_step(Turn& turn, StepIndex step) {
  abandon(turn, [&](StepIndex other) { return other == step; });
}

void undo_abandoned(Turn& turn) {
  if (!turn.saga.log.any_abandoned()) return;
  const auto& pending = turn.saga.pending;
  const bool busy = std::any_of(pending.begin(), pending.end(),
                                [](const Pending& p) { return p.phase == Phase::undo; });
  if (busy) return;
  const auto& log = turn.saga.log;
  const auto next = std::find_if(log.rbegin(), log.rend(), [&](const LogEntry& entry) {
    return entry.abandoned && needs_undo(turn.definition, entry);
  });
  if (next != log.rend()) begin_undo(turn, *next);
}

}  // namespace skald::core
