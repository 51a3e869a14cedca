#include "engine/core/ending.hpp"

#include <algorithm>

#include "engine/core/regions.hpp"
#include "engine/core/unwinding.hpp"
#include "engine/core/values.hpp"

namespace skald::core {

namespace {

/// Whether `leaf` or a state around it may be left by a signal or by time.
bool waits_for_the_world(const Turn& turn, StateIndex leaf) {
  const Definition& definition = turn.definition;
  for (const auto& timer : turn.saga.timers)
    if (!timer.expired && within(definition, leaf, timer.state)) return true;
  return std::any_of(
      definition.transitions.begin(), definition.transitions.end(), [&](const Transition& t) {
        if (!within(definition, leaf, t.source)) return false;
        if (t.trigger == TriggerKind::event)
          return definition.find_signal(definition.at(t.event)) != nullptr;
        const bool any =
            t.trigger == TriggerKind::any_event || t.trigger == TriggerKind::unexpected;
        return any && !definition.signals.empty();
      });
}

/// Whether `leaf` and the composite states around it are final: the end of a region is not yet the
/// end of the saga.
bool at_end(const Turn& turn, StateIndex leaf) {
  for (std::optional<StateIndex> at = leaf; at; at = turn.definition.at(*at).parent)
    if (turn.definition.at(*at).final == Final::no) return false;
  return true;
}

bool ends_as_failure(const Turn& turn) {
  const auto fails = [&](StateIndex leaf) {
    for (std::optional<StateIndex> at = leaf; at; at = turn.definition.at(*at).parent)
      if (turn.definition.at(*at).final == Final::failure) return true;
    return false;
  };
  return std::any_of(turn.saga.active.begin(), turn.saga.active.end(), fails);
}

Status earned(const Turn& turn) {
  const Instance& saga = turn.saga;
  if (saga.log.count(UndoState::skipped) > 0) return Status::terminated;
  if (!saga.unwind) return ends_as_failure(turn) ? Status::failed : Status::completed;
  if (saga.unwind->cause == UnwindCause::cancel) return Status::cancelled;
  const bool asked = saga.unwind->cause == UnwindCause::compensate;
  const bool undone =
      saga.log.count(UndoState::undone) > 0 || saga.log.count(UndoState::undone_by_hand) > 0;
  return asked || undone ? Status::compensated : Status::failed;
}

/// An output that cannot be made does not undo what is done: the saga has completed without one.
void make_output(Turn& turn) {
  if (turn.saga.status != Status::completed || !turn.definition.output) return;
  auto output = evaluate(turn.definition.output, turn.view());
  if (output)
    turn.saga.output = std::move(*output);
  else
    turn.note({.kind = HistoryKind::refused,
               .message = "the output cannot be made: " + output.error().message});
}

}  // namespace

bool conclude(Turn& turn) {
  Instance& saga = turn.saga;
  if (!saga.stuck_reason.empty() || !saga.pending.empty() || !saga.locked) return false;
  if (saga.parking) {
    saga.stuck_reason = saga.parking->reason;
    return false;
  }
  const auto& active = saga.active;
  const auto waits = std::find_if(active.begin(), active.end(),
                                  [&](StateIndex leaf) { return !at_end(turn, leaf); });
  if (waits != active.end()) {
    const auto by_the_world = [&](StateIndex leaf) { return waits_for_the_world(turn, leaf); };
    if (std::any_of(active.begin(), active.end(), by_the_world)) return false;
    saga.stuck_reason = "nothing is under way and no transition leads on from state '" +
                        turn.definition.at(*waits).name + "'";
    return false;
  }
  const bool standing = std::any_of(saga.log.begin(), saga.log.end(), [&](const LogEntry& entry) {
    return needs_undo(turn.definition, entry);
  });
  if (ends_as_failure(turn) && standing && !saga.unwind && !saga.pivot_passed) {
    begin_unwind(turn, UnwindCause::step_failed, "it ends as a failure", std::nullopt);
    return true;
  }
  end(turn);
  return false;
}

void end(Turn& turn) { end_as(turn, earned(turn)); }

void end_as(Turn& turn, Status status) {
  turn.saga.status = status;
  turn.saga.paused.reset();
  turn.saga.ended = turn.now;
  turn.saga.timers.clear();
  turn.saga.kept.clear();
  make_output(turn);
  turn.note({.kind = HistoryKind::ended,
             .message = std::string(name_of(turn.saga.status)),
             .payload = turn.saga.output});
  turn.effects.push_back(Ended{turn.saga.status});
}

void reopen(Turn& turn) {
  turn.saga.status = Status::running;
  turn.saga.ended.reset();
  turn.saga.output = {};
}

}  // namespace skald::core
