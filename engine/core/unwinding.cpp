#include "engine/core/unwinding.hpp"

#include <algorithm>

#include "engine/core/ending.hpp"
#include "engine/core/machine.hpp"
#include "engine/core/reach.hpp"
#include "engine/core/steps.hpp"
#include "engine/model/invariant.hpp"

namespace skald::core {

namespace {

/// Gives up forward attempts nobody is working on.
void give_up_waiting(Turn& turn) {
  std::vector<Pending> given_up;
  for (const auto& pending : turn.saga.pending)
    if (pending.wait != Pending::Wait::reply && !pending.still_working) given_up.push_back(pending);
  for (const auto& pending : given_up) {
    if (pending.possibly_executed)
      record(turn, remove(turn, pending), false, {});
    else
      drop(turn, pending);
  }
}

bool handles_failure(const Definition& definition, const Transition& transition) {
  const auto raised_by_failure = [&](const Step& step) {
    return transition.trigger == TriggerKind::event && step.failed_event == transition.event;
  };
  const auto unwinds = [](const Action& a) { return std::holds_alternative<UnwindAll>(a); };
  return std::any_of(transition.actions.begin(), transition.actions.end(), unwinds) ||
         std::any_of(definition.steps.begin(), definition.steps.end(), raised_by_failure);
}

}  // namespace

std::optional<std::string> why_no_unwind(const Definition& definition, const Instance& saga) {
  if (saga.unwind) return "it is unwinding already, or has unwound";
  if (saga.pivot_passed) return "its pivot is done, so it can only go forward";
  for (const auto& pending : saga.pending) {
    const Step& step = definition.at(pending.step);
    if (step.kind != StepKind::pivot) continue;
    if (pending.wait == Pending::Wait::reply || pending.still_working)
      return "its pivot '" + step.id + "' is under way, and its outcome decides";
    if (pending.possibly_executed && !step.undo)
      return "its pivot '" + step.id +
             "' may have taken effect and has no undo; settle it with skip first";
  }
  return std::nullopt;
}

void begin_unwind(Turn& turn, UnwindCause cause, std::string reason,
                  std::optional<StateIndex> target) {
  invariant(!turn.saga.pivot_passed, "unwinding after the pivot");
  invariant(!turn.saga.unwind, "unwinding twice");
  turn.note({.kind = HistoryKind::unwinding,
             .message = reason.empty() ? std::string(name_of(cause)) : reason});
  turn.saga.unwind = Unwind{cause, std::move(reason), target, false};
  turn.saga.stuck_reason.clear();
  give_up_waiting(turn);
}

bool needs_undo(const Definition& definition, const LogEntry& entry) {
  const Step& step = definition.at(entry.step);
  if (entry.undo != UndoState::standing || !step.undo) return false;
  return step.kind == StepKind::compensatable || (step.kind == StepKind::pivot && !entry.confirmed);
}

bool advance_unwind(Turn& turn) {
  if (!turn.saga.pending.empty()) return false;
  const auto& log = turn.saga.log;
  const auto last = std::find_if(log.rbegin(), log.rend(), [&](const LogEntry& entry) {
    return needs_undo(turn.definition, entry);
  });
  if (last != log.rend()) {
    begin_undo(turn, *last);
    return false;
  }
  turn.note({.kind = HistoryKind::unwound});
  turn.saga.unwind->finished = true;
  if (!turn.saga.unwind->target) {
    end(turn);
    return false;
  }
  turn.saga.active.clear();
  enter(turn, *turn.saga.unwind->target, 0);
  return true;
}

std::optional<StateIndex> unwind_target(const Definition& definition, const Instance& saga) {
  for (const StateIndex leaf : saga.active)
    for (std::optional<StateIndex> at = leaf; at; at = definition.at(*at).parent)
      for (const auto& transition : definition.transitions)
        if (transition.source == *at && transition.target &&
            handles_failure(definition, transition) &&
            needs_no_undo_from(definition, *transition.target))
          return transition.target;
  return std::nullopt;
}

}  // namespace skald::core
