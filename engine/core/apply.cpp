#include "engine/core/apply.hpp"

#include "engine/core/handlers.hpp"
#include "engine/core/invariants.hpp"
#include "engine/core/machine.hpp"
#include "engine/core/status.hpp"

namespace skald {

namespace {

using namespace core;

struct Handle {
  Turn& turn;
  std::optional<Error> operator()(const Start&) const { return on_start(turn), std::nullopt; }
  std::optional<Error> operator()(const Reply& reply) const {
    return on_reply(turn, reply), std::nullopt;
  }
  std::optional<Error> operator()(const Tick&) const { return on_tick(turn), std::nullopt; }
  std::optional<Error> operator()(const Retry& retry) const { return on_retry(turn, retry); }
  std::optional<Error> operator()(const Skip& skip) const { return on_skip(turn, skip); }
  std::optional<Error> operator()(const Compensate& compensate) const {
    return on_compensate(turn, compensate);
  }
  std::optional<Error> operator()(const Cancel& cancel) const { return on_cancel(turn, cancel); }
};

}  // namespace

Decision apply(const Definition& definition, Instance instance, const Event& event, Timestamp now) {
  Decision decision;
  decision.instance = std::move(instance);
  Turn turn{definition, decision.instance, now, event.entropy, {}, {}, {}};
  // Ends are final: nothing that arrives later moves the saga.
  if (is_end(turn.saga.status)) {
    if (std::holds_alternative<Reply>(event.what) || std::holds_alternative<Tick>(event.what))
      return decision;
    decision.refusal = not_allowed(definition, turn.saga, "The saga has ended");
    return decision;
  }
  decision.refusal = std::visit(Handle{turn}, event.what);
  if (decision.refusal || turn.history.empty()) return decision;
  turn.saga.stuck_reason.clear();  // found again below, if it still holds
  settle(turn);
  update_status(turn);
  ++turn.saga.revision;
  turn.saga.updated = now;
  decision.changed = true;
  decision.effects = std::move(turn.effects);
  decision.history = std::move(turn.history);
  assert_invariants(definition, decision);
  return decision;
}

}  // namespace skald
