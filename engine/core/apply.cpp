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
  std::optional<Error> operator()(const Start& start) const {
    return on_start(turn, start), std::nullopt;
  }
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
  std::optional<Error> operator()(const Receive& receive) const {
    return on_receive(turn, receive);
  }
  std::optional<Error> operator()(const Locked&) const { return on_locked(turn), std::nullopt; }
  std::optional<Error> operator()(const UndoChild& undo) const { return on_undo_child(turn, undo); }
  std::optional<Error> operator()(const Pause& pause) const { return on_pause(turn, pause); }
  std::optional<Error> operator()(const Resume& resume) const { return on_resume(turn, resume); }
  std::optional<Error> operator()(const Terminate& terminate) const {
    return on_terminate(turn, terminate);
  }
  std::optional<Error> operator()(const Note& note) const { return on_note(turn, note); }
};

/// Whether `event` would have the saga go some way, which it does not while it is paused.
bool steers(const Event& event) {
  return std::holds_alternative<Retry>(event.what) || std::holds_alternative<Skip>(event.what) ||
         std::holds_alternative<Compensate>(event.what) ||
         std::holds_alternative<Cancel>(event.what);
}

}  // namespace

Decision apply(const Definition& definition, Instance instance, const Event& event, Timestamp now) {
  Decision decision;
  decision.instance = std::move(instance);
  Turn turn{definition, decision.instance, now, event.entropy};
  // Ends are final: nothing that arrives later moves the saga, but that its parent is undone.
  const bool undone_with_parent =
      turn.saga.status == Status::completed && std::holds_alternative<UndoChild>(event.what);
  if (is_end(turn.saga.status) && !undone_with_parent) {
    const bool late = std::holds_alternative<Reply>(event.what) ||
                      std::holds_alternative<Tick>(event.what) ||
                      std::holds_alternative<Locked>(event.what);
    if (late) return decision;
    decision.refusal = not_allowed(definition, turn.saga, "The saga has ended");
    return decision;
  }
  if (turn.saga.paused && steers(event)) {
    decision.refusal = not_allowed(definition, turn.saga, "The saga is paused; resume it first");
    return decision;
  }
  // Found again below, if it still holds.
  std::string stuck_before = std::exchange(turn.saga.stuck_reason, {});
  decision.refusal = std::visit(Handle{turn}, event.what);
  if (decision.refusal || turn.history.empty()) {
    turn.saga.stuck_reason = std::move(stuck_before);
    return decision;
  }
  turn.history.front().actor = event.actor;
  if (!is_end(turn.saga.status)) settle(turn);
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
