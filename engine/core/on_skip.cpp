#include <algorithm>

#include "engine/core/handlers.hpp"
#include "engine/core/loops.hpp"
#include "engine/core/status.hpp"
#include "engine/core/steps.hpp"

namespace skald::core {

namespace {

std::string_view name_of(Skip::As as) {
  switch (as) {
    case Skip::As::done:
      return "as done by hand";
    case Skip::As::failed:
      return "as refused";
    case Skip::As::skipped:
      return "as skipped";
  }
  return "";
}

void settle_undo(Turn& turn, const Pending& pending, Skip::As as) {
  static_cast<void>(remove(turn, pending));
  core::settle_undo(turn, pending,
                    as == Skip::As::done ? UndoState::undone_by_hand : UndoState::skipped);
}

void settle_forward(Turn& turn, const Pending& pending, const Skip& skip, HistoryPlace output_at) {
  const Step& step = turn.definition.at(pending.step);
  const bool done = skip.as == Skip::As::done;
  // Left as it is, the call may still have had an effect: should the saga unwind later, it is
  // undone.
  const bool effect = done || (skip.as == Skip::As::skipped && pending.possibly_executed);
  if (effect)
    record(turn, remove(turn, pending), done, {.output = skip.output}, output_at);
  else
    drop(turn, pending);
  if (skip.as == Skip::As::failed) {
    return raise_failure(turn, pending, {.code = "settled_by_hand", .message = skip.reason});
  }
  // To go on past a pivot is as final as the pivot itself: what follows in the table cannot be
  // undone, and the pivot may have no undo either.
  if (step.kind == StepKind::pivot) turn.saga.pivot_passed = true;
  raise_done(turn, pending, {.output = skip.output});
}

}  // namespace

std::optional<Error> on_skip(Turn& turn, const Skip& skip) {
  const auto& all = turn.saga.pending;
  const auto held = std::find_if(all.begin(), all.end(), [&](const Pending& pending) {
    return turn.definition.at(pending.step).id == skip.step;
  });
  if (held == all.end() || held->wait == Pending::Wait::reply)
    return not_allowed(turn.definition, turn.saga,
                       "The step '" + skip.step + "' does not wait for a retry or an operator");
  if (held->phase == Phase::undo && skip.as == Skip::As::failed)
    return not_allowed(turn.definition, turn.saga,
                       "An undo can be settled as done or skipped, not as failed");
  const HistoryPlace place = turn.note({.kind = HistoryKind::skipped,
                                        .step = skip.step,
                                        .phase = held->phase,
                                        .state = std::string(name_of(skip.as)),
                                        .message = skip.reason,
                                        .payload = skip.output});
  Pending pending = *held;  // a copy: settling it takes it out of the saga
  if (pending.phase == Phase::undo)
    settle_undo(turn, pending, skip.as);
  else
    settle_forward(turn, pending, skip, place);
  return std::nullopt;
}

}  // namespace skald::core
