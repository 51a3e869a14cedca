#include "engine/core/unwinding.hpp"

#include <algorithm>

#include "engine/core/ending.hpp"
#include "engine/core/failure.hpp"
#include "engine/core/reach.hpp"
#include "engine/core/regions.hpp"
#include "engine/core/steps.hpp"
#include "engine/model/invariant.hpp"

namespace skald::core {

namespace {

/// Gives up forward attempts nobody is working on.
void give_up_waiting(Turn& turn) {
  std::vector<Pending> given_up;
  for (const auto& pending : turn.saga.pending)
    if (pending.phase != Phase::undo && pending.wait != Pending::Wait::reply &&
        !pending.still_working)
      given_up.push_back(pending);
  for (const auto& pending : given_up) give_up(turn, pending);
}

bool forward_in_flight(const Turn& turn) {
  const auto& pending = turn.saga.pending;
  return std::any_of(pending.begin(), pending.end(),
                     [](const Pending& p) { return p.phase != Phase::undo; });
}

const Pending* undo_of(const Instance& saga, const LogEntry& entry) {
  for (const auto& pending : saga.pending)
    if (pending.phase == Phase::undo && pending.step == entry.step && pending.run == entry.run)
      return &pending;
  return nullptr;
}

/// Whether `step` builds on `other`, directly or through steps between them.
bool builds_on(const Definition& definition, StepIndex step, StepIndex other) {
  std::vector<StepIndex> open{step};
  std::vector<bool> seen(definition.steps.size(), false);
  while (!open.empty()) {
    const StepIndex at = open.back();
    open.pop_back();
    for (const StepIndex next : definition.at(at).depends_on) {
      if (next == other) return true;
      if (seen[number(next)]) continue;
      seen[number(next)] = true;
      open.push_back(next);
    }
  }
  return false;
}

/// Whether the undo of `entry` has to wait for others.
bool waits(const Turn& turn, const LogEntry& entry) {
  const Definition& definition = turn.definition;
  if (definition.unwind_order == UnwindOrder::parallel) return false;
  if (definition.unwind_order == UnwindOrder::dependency)
    return std::any_of(turn.saga.log.begin(), turn.saga.log.end(), [&](const LogEntry& other) {
      return needs_undo(definition, other) && builds_on(definition, other.step, entry.step);
    });
  const bool goes_on = definition.on_undo_failure == OnUndoFailure::continue_with;
  return std::any_of(turn.saga.pending.begin(), turn.saga.pending.end(),
                     [&](const Pending& p) { return !goes_on || p.wait != Pending::Wait::hand; });
}

/// The entry to be undone next, last completed first; none while all that is left has to wait.
std::optional<LogEntry> next_undo(const Turn& turn) {
  const auto& log = turn.saga.log;
  const auto next = std::find_if(log.rbegin(), log.rend(), [&](const LogEntry& entry) {
    return needs_undo(turn.definition, entry) && undo_of(turn.saga, entry) == nullptr &&
           !waits(turn, entry);
  });
  return next == log.rend() ? std::nullopt : std::optional(*next);
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

void stop_children(Turn& turn) {
  if (turn.saga.paused) return;  // they are stopped when it goes on
  for (const auto& pending : turn.saga.pending) {
    const auto& call = turn.definition.at(pending.step).call;
    if (pending.phase == Phase::forward && std::holds_alternative<ChildTarget>(call.target))
      turn.effects.push_back(StopChild{pending.step, pending.run});
  }
}

void begin_unwind(Turn& turn, UnwindCause cause, std::string reason,
                  std::optional<StateIndex> target) {
  invariant(!turn.saga.pivot_passed, "unwinding after the pivot");
  invariant(!turn.saga.unwind, "unwinding twice");
  turn.note({.kind = HistoryKind::unwinding,
             .message = reason.empty() ? std::string(name_of(cause)) : reason});
  note_cause(turn, cause, reason);
  turn.saga.unwind = Unwind{cause, std::move(reason), target, false};
  turn.saga.stuck_reason.clear();
  turn.saga.parking.reset();
  turn.saga.timers.clear();
  give_up_waiting(turn);
  stop_children(turn);
}

bool needs_undo(const Definition& definition, const LogEntry& entry) {
  const Step& step = definition.at(entry.step);
  if (entry.undo != UndoState::standing || !step.undo) return false;
  return step.kind == StepKind::compensatable || (step.kind == StepKind::pivot && !entry.confirmed);
}

bool advance_unwind(Turn& turn) {
  if (forward_in_flight(turn)) return false;
  // An entry is copied: an undo that cannot be made is parked, and may be followed by the next.
  for (auto next = next_undo(turn); next; next = next_undo(turn)) begin_undo(turn, *next);
  if (!turn.saga.pending.empty()) return false;
  turn.note({.kind = HistoryKind::unwound});
  turn.saga.unwind->finished = true;
  const auto target = turn.saga.unwind->target;
  if (!target) {
    end(turn);
    return false;
  }
  for (const StateIndex child : active_in(turn, std::nullopt))
    if (!run_exits(turn, child, Raised{})) return true;
  turn.saga.active.clear();
  enter(turn, *target, 0);
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
