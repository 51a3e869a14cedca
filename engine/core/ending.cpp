#include "engine/core/ending.hpp"

#include <algorithm>

#include "engine/core/unwinding.hpp"

namespace skald::core {

namespace {

bool any_undo(const Instance& saga, UndoState state) {
  return std::any_of(saga.log.begin(), saga.log.end(),
                     [&](const LogEntry& entry) { return entry.undo == state; });
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
  if (any_undo(saga, UndoState::skipped)) return Status::terminated;
  if (!saga.unwind) return ends_as_failure(turn) ? Status::failed : Status::completed;
  if (saga.unwind->cause == UnwindCause::cancel) return Status::cancelled;
  const bool asked = saga.unwind->cause == UnwindCause::compensate;
  const bool undone =
      any_undo(saga, UndoState::undone) || any_undo(saga, UndoState::undone_by_hand);
  return asked || undone ? Status::compensated : Status::failed;
}

}  // namespace

bool conclude(Turn& turn) {
  Instance& saga = turn.saga;
  if (!saga.stuck_reason.empty() || !saga.pending.empty()) return false;
  const auto waits = std::find_if(saga.active.begin(), saga.active.end(),
                                  [&](StateIndex leaf) { return !at_end(turn, leaf); });
  if (waits != saga.active.end()) {
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

void end(Turn& turn) {
  turn.saga.status = earned(turn);
  turn.saga.ended = turn.now;
  turn.note({.kind = HistoryKind::ended, .message = std::string(name_of(turn.saga.status))});
  turn.effects.push_back(Ended{turn.saga.status});
}

}  // namespace skald::core
