#include "engine/core/ending.hpp"
#include "engine/core/handlers.hpp"
#include "engine/core/steps.hpp"

namespace skald::core {

namespace {

/// Nobody waits for what is under way any more. The log keeps what may stand, for a person to read.
void give_up_everything(Turn& turn) {
  while (!turn.saga.pending.empty()) {
    auto& pending = turn.saga.pending.back();
    // What was sent may have an effect, whatever comes of it.
    if (pending.wait == Pending::Wait::reply) pending.possibly_executed = true;
    if (pending.phase == Phase::undo)
      static_cast<void>(remove(turn, pending));
    else
      give_up(turn, Pending(pending));
  }
}

}  // namespace

std::optional<Error> on_terminate(Turn& turn, const Terminate& terminate) {
  if (terminate.reason.empty())
    return Error{ErrorCode::invalid_argument,
                 "A saga cannot be terminated without a reason.",
                 "Say why nothing of it is to be undone.",
                 {{"/reason", "is missing", "FIELD_MISSING"}}};
  turn.note({.kind = HistoryKind::terminated, .message = terminate.reason});
  give_up_everything(turn);
  end_as(turn, Status::terminated);
  return std::nullopt;
}

}  // namespace skald::core
