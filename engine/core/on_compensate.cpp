#include "engine/core/handlers.hpp"
#include "engine/core/status.hpp"
#include "engine/core/unwinding.hpp"

namespace skald::core {

std::optional<Error> on_compensate(Turn& turn, const Compensate& compensate) {
  if (const auto why = why_no_unwind(turn.definition, turn.saga))
    return not_allowed(turn.definition, turn.saga, "The saga cannot be compensated: " + *why);
  turn.note({.kind = HistoryKind::compensate_asked, .message = compensate.reason});
  begin_unwind(turn, UnwindCause::compensate, compensate.reason,
               unwind_target(turn.definition, turn.saga));
  return std::nullopt;
}

}  // namespace skald::core
