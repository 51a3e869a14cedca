#include <algorithm>

#include "engine/core/handlers.hpp"
#include "engine/core/steps.hpp"
#include "engine/core/unwinding.hpp"

namespace skald::core {

namespace {

HistoryEntry about(const Turn& turn, const Pending& pending, HistoryKind kind) {
  return {.kind = kind,
          .step = turn.definition.at(pending.step).id,
          .phase = pending.phase,
          .attempt = pending.attempt};
}

void forward_done(Turn& turn, Pending& pending, const Done& done) {
  const Pending settled = remove(turn, pending);
  record(turn, settled, true, done.output);
  if (unwinding(turn)) return;
  const Step& step = turn.definition.at(settled.step);
  turn.raised.push_back({step.done_event, "", done.output, std::nullopt, ""});
}

/// No attempt is left and nobody knows the outcome. What may have happened is treated as done, so
/// it is undone too; where that is impossible an operator must look.
void forward_exhausted(Turn& turn, Pending& pending) {
  auto entry = about(turn, pending, HistoryKind::exhausted);
  entry.message = pending.last_error;
  turn.note(std::move(entry));
  const Step& step = turn.definition.at(pending.step);
  const bool no_effect = !pending.possibly_executed || step.kind == StepKind::readonly;
  const bool pivot = step.kind == StepKind::pivot;
  const bool hindered =
      pivot ? !no_effect && !step.undo : why_no_unwind(turn.definition, turn.saga).has_value();
  const bool one_way = hindered || step.kind == StepKind::retriable;
  if (one_way) return park(turn, pending, pending.last_error);
  if (no_effect) {
    const Pending settled = drop(turn, pending);
    turn.raised.push_back({step.failed_event, "unreachable", {}, settled, settled.last_error});
    return;
  }
  const Pending settled = remove(turn, pending);
  const std::string reason =
      "the outcome of step '" + step.id + "' stayed unknown: " + settled.last_error;
  const auto target = unwind_target(turn.definition, turn.saga);
  record(turn, settled, false, {});
  begin_unwind(turn, UnwindCause::retries_exhausted, reason, target);
}

/// While unwinding, a forward call is not tried again: what may have happened is undone.
void give_up(Turn& turn, Pending& pending) {
  if (!pending.possibly_executed) return void(drop(turn, pending));
  record(turn, remove(turn, pending), false, {});
}

/// A defect is told by whatever stands in front of the participant (an expired token, a moved
/// path), so it says nothing about earlier attempts: one that may have had an effect still may.
bool leaves_doubt(const Turn& turn, const Pending& pending, const Failed& failed) {
  const StepKind kind = turn.definition.at(pending.step).kind;
  const bool matters = kind == StepKind::compensatable || kind == StepKind::pivot;
  return failed.defect && pending.possibly_executed && matters;
}

void forward_failed(Turn& turn, Pending& pending, const Failed& failed) {
  pending.last_error = failed.message.empty() ? failed.code : failed.message;
  if (leaves_doubt(turn, pending, failed))
    return unwinding(turn) ? give_up(turn, pending) : forward_exhausted(turn, pending);
  const Pending settled = drop(turn, pending);
  if (unwinding(turn)) return;
  const Step& step = turn.definition.at(settled.step);
  turn.raised.push_back(
      {step.failed_event, failed.code, failed.details, settled, settled.last_error});
}

void not_settled(Turn& turn, Pending& pending, std::uint32_t tries,
                 std::optional<Duration> retry_after) {
  const bool forward = pending.phase == Phase::forward;
  if (forward && unwinding(turn)) return give_up(turn, pending);
  if (pending.failures < policy_of(turn.definition, pending).attempts)
    return wait_for_retry(turn, pending, tries, retry_after);
  if (forward) return forward_exhausted(turn, pending);
  park(turn, pending, "the undo could not be confirmed: " + pending.last_error);
}

struct Settle {
  Turn& turn;
  Pending& pending;

  void operator()(const Done& done) const {
    auto entry = about(turn, pending, HistoryKind::done);
    entry.payload = done.output;
    turn.note(std::move(entry));
    if (pending.phase == Phase::forward) return forward_done(turn, pending, done);
    entry_of(turn, pending).undo = UndoState::undone;
    static_cast<void>(remove(turn, pending));
  }

  void operator()(const Failed& failed) const {
    auto entry = about(turn, pending, HistoryKind::refused);
    entry.message = failed.code.empty() ? failed.message : failed.code + ": " + failed.message;
    entry.payload = failed.details;
    turn.note(std::move(entry));
    if (pending.phase == Phase::forward) return forward_failed(turn, pending, failed);
    park(turn, pending, "the undo was refused: " + failed.code + " " + failed.message);
  }

  void operator()(const Unknown& unknown) const {
    pending.last_error = unknown.reason;
    pending.possibly_executed = pending.possibly_executed || unknown.possibly_executed;
    pending.still_working = false;
    if (unknown.counted) ++pending.failures;
    auto entry = about(turn, pending, HistoryKind::unknown);
    entry.message = unknown.reason;
    turn.note(std::move(entry));
    // What our own limits kept back is no failure, but waiting grows all the same.
    const auto tries = unknown.counted ? pending.failures : pending.attempt;
    not_settled(turn, pending, tries, unknown.retry_after);
  }

  void operator()(const StillWorking& working) const {
    const auto& policy = policy_of(turn.definition, pending);
    pending.possibly_executed = true;
    pending.still_working = turn.now - pending.begun < policy.patience;
    turn.note(about(turn, pending, HistoryKind::still_working));
    if (pending.still_working)
      return wait_for_retry(turn, pending, pending.attempt, working.retry_after);
    pending.failures = policy.attempts;
    pending.last_error = "still working after " + std::to_string(policy.patience.count()) + " ms";
    not_settled(turn, pending, pending.failures, std::nullopt);
  }
};

}  // namespace

void on_reply(Turn& turn, const Reply& reply) {
  auto& all = turn.saga.pending;
  const auto held = std::find_if(all.begin(), all.end(), [&](const Pending& p) {
    return p.step == reply.step && p.run == reply.run && p.phase == reply.phase &&
           p.attempt == reply.attempt && p.wait == Pending::Wait::reply;
  });
  // A reply to an older attempt is late: harmless, and it moves nothing.
  if (held == all.end()) return;
  std::visit(Settle{turn, *held}, reply.outcome);
}

}  // namespace skald::core
