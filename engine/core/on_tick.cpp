#include "engine/core/handlers.hpp"
#include "engine/core/steps.hpp"
#include "engine/core/timers.hpp"
#include "engine/core/unwinding.hpp"

namespace skald::core {

namespace {

void on_deadline(Turn& turn) {
  Instance& saga = turn.saga;
  saga.deadline_passed = true;
  const auto hindered = why_no_unwind(turn.definition, saga);
  const bool unwinds = turn.definition.on_deadline == OnDeadline::unwind && !hindered;
  turn.note({.kind = HistoryKind::deadline_passed,
             .message = unwinds ? "it is unwound" : hindered.value_or("it goes on, as declared")});
  if (unwinds)
    begin_unwind(turn, UnwindCause::deadline, "its deadline passed",
                 unwind_target(turn.definition, saga));
}

}  // namespace

void on_tick(Turn& turn) {
  Instance& saga = turn.saga;
  if (saga.paused) return;
  if (saga.deadline && !saga.deadline_passed && *saga.deadline <= turn.now) on_deadline(turn);
  // resend() never adds or removes pending attempts here: only ones that were sent before wait.
  for (auto& pending : saga.pending)
    if (pending.wait == Pending::Wait::retry && pending.until <= turn.now) resend(turn, pending);
  expire_timers(turn);
}

}  // namespace skald::core
