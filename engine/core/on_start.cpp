#include "engine/core/handlers.hpp"
#include "engine/core/machine.hpp"
#include "engine/model/invariant.hpp"

namespace skald::core {

void on_start(Turn& turn) {
  invariant(turn.saga.revision == 0, "a saga was started twice");
  turn.saga.created = turn.now;
  if (turn.definition.deadline) turn.saga.deadline = turn.now + *turn.definition.deadline;
  turn.note({.kind = HistoryKind::started, .payload = turn.saga.input});
  for (const StateIndex initial : turn.definition.initials)
    enter(turn, initial, turn.saga.active.size());
}

}  // namespace skald::core
