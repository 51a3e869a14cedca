#include <algorithm>

#include "engine/core/handlers.hpp"
#include "engine/core/status.hpp"
#include "engine/core/timers.hpp"
#include "engine/core/unwinding.hpp"

namespace skald::core {

namespace {

/// What waited for time when the saga was paused has as much of it left as it had then.
void shift_waits(Turn& turn, const Paused& paused) {
  const Duration stood = turn.now - paused.since;
  Instance& saga = turn.saga;
  if (saga.deadline && !saga.deadline_passed) *saga.deadline += stood;
  shift_timers(turn, stood);
  for (auto& pending : saga.pending) {
    // An attempt that was held back while paused is due at once.
    const bool held = pending.since > paused.since;
    if (pending.wait == Pending::Wait::retry && !held) pending.until += stood;
    pending.begun = std::min(turn.now, pending.begun + stood);
  }
}

}  // namespace

std::optional<Error> on_resume(Turn& turn, const Resume& resume) {
  if (!turn.saga.paused) return not_allowed(turn.definition, turn.saga, "The saga is not paused");
  const Paused paused = *std::exchange(turn.saga.paused, std::nullopt);
  turn.note({.kind = HistoryKind::resumed, .message = resume.reason});
  shift_waits(turn, paused);
  if (unwinding(turn)) stop_children(turn);
  on_tick(turn);
  return std::nullopt;
}

}  // namespace skald::core
