#include "engine/core/handlers.hpp"
#include "engine/core/status.hpp"
#include "engine/core/unwinding.hpp"

namespace skald::core {

std::optional<Error> on_cancel(Turn& turn, const Cancel& cancel) {
  if (const auto why = why_no_unwind(turn.definition, turn.saga))
    return not_allowed(turn.definition, turn.saga, "The saga cannot be cancelled: " + *why);
  turn.note({.kind = HistoryKind::cancel_asked, .message = cancel.reason});
  begin_unwind(turn, UnwindCause::cancel, cancel.reason, unwind_target(turn.definition, turn.saga));
  return std::nullopt;
}

}  // namespace skald::core
