#include "engine/core/handlers.hpp"
#include "engine/core/machine.hpp"
#include "engine/core/status.hpp"
#include "engine/core/steps.hpp"

namespace skald::core {

std::optional<Error> on_retry(Turn& turn, const Retry& retry) {
  if (retry.step.empty() && turn.saga.parking && turn.saga.pending.empty()) {
    turn.note({.kind = HistoryKind::went_on, .message = retry.reason});
    go_on(turn);
    return std::nullopt;
  }
  bool any = false;
  for (auto& pending : turn.saga.pending) {
    const std::string& step = turn.definition.at(pending.step).id;
    if (pending.wait == Pending::Wait::reply || (!retry.step.empty() && retry.step != step))
      continue;
    if (!any)
      turn.note({.kind = HistoryKind::retried, .step = retry.step, .message = retry.reason});
    any = true;
    pending.failures = pending.redeliveries = 0;
    pending.begun = turn.now;
    resend(turn, pending);
  }
  if (any) return std::nullopt;
  if (retry.step.empty())
    return not_allowed(turn.definition, turn.saga, "Nothing of this saga waits to be retried");
  return not_allowed(turn.definition, turn.saga,
                     "The step '" + retry.step + "' does not wait to be retried");
}

}  // namespace skald::core
