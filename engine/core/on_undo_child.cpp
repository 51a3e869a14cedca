#include "engine/core/ending.hpp"
#include "engine/core/handlers.hpp"
#include "engine/core/status.hpp"
#include "engine/core/unwinding.hpp"

namespace skald::core {

std::optional<Error> on_undo_child(Turn& turn, const UndoChild& undo) {
  Instance& saga = turn.saga;
  // Its parent asks again until it hears of the end: an unwinding under way is the answer.
  if (saga.unwind) return std::nullopt;
  if (const auto why = why_no_unwind(turn.definition, saga))
    return not_allowed(turn.definition, saga, "The child cannot be undone: " + *why);
  if (is_end(saga.status)) reopen(turn);
  turn.note({.kind = HistoryKind::compensate_asked, .message = undo.reason});
  begin_unwind(turn, UnwindCause::compensate, undo.reason, std::nullopt);
  return std::nullopt;
}

}  // namespace skald::core
