#include "engine/core/handlers.hpp"
#include "engine/core/status.hpp"

namespace skald::core {

std::optional<Error> on_pause(Turn& turn, const Pause& pause) {
  if (turn.saga.paused)
    return not_allowed(turn.definition, turn.saga, "The saga is paused already");
  turn.note({.kind = HistoryKind::paused, .message = pause.reason});
  turn.saga.paused = Paused{turn.now, pause.reason};
  return std::nullopt;
}

}  // namespace skald::core
