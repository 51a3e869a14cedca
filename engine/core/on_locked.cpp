#include "engine/core/handlers.hpp"
#include "engine/core/machine.hpp"

namespace skald::core {

void on_locked(Turn& turn) {
  if (turn.saga.locked) return;
  turn.saga.locked = true;
  turn.note({.kind = HistoryKind::locks_held});
  enter_initials(turn);
}

}  // namespace skald::core
