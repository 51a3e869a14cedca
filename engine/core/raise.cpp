#include "engine/core/raise.hpp"

#include "engine/core/machine.hpp"
#include "engine/core/status.hpp"

namespace skald {

Decision raise(const Definition& definition, Instance instance, EventIndex event, Json payload,
               Timestamp now) {
  Decision decision;
  decision.instance = std::move(instance);
  if (is_end(decision.instance.status)) return decision;
  core::Turn turn{definition, decision.instance, now, 0};
  turn.saga.stuck_reason.clear();
  turn.raised.push_back(
      {.event = event, .payload = std::move(payload), .from = core::Raised::From::table});
  core::settle(turn);
  core::update_status(turn);
  ++turn.saga.revision;
  turn.saga.updated = now;
  decision.changed = true;
  decision.effects = std::move(turn.effects);
  decision.history = std::move(turn.history);
  return decision;
}

}  // namespace skald
