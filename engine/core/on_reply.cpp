#include <algorithm>
#include <limits>

#include "engine/core/failure.hpp"
#include "engine/core/handlers.hpp"
#include "engine/core/loops.hpp"
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

/// Whether nothing is to be raised by what a forward run comes to: what happened is in the log, and
/// is undone.
bool quiet(const Turn& turn, const Pending& pending) {
  return unwinding(turn) || pending.abandoned;
}

void forward_done(Turn& turn, Pending& pending, const Done& done, HistoryPlace output_at) {
  const Pending settled = remove(turn, pending);
  record(turn, settled, true, done, output_at);
  if (!quiet(turn, settled)) raise_done(turn, settled, done);
}

/// Whether nobody but an operator can say how it goes on.
bool for_operator(const Turn& turn, const Step& step, bool no_effect) {
  if (step.kind == StepKind::retriable || step.on_exhausted.then == OnExhausted::Then::park)
    return true;
  if (step.kind == StepKind::pivot) return !no_effect && !step.undo;
  if (step.on_exhausted.then == OnExhausted::Then::go_to) return false;
  return why_no_unwind(turn.definition, turn.saga).has_value();
}

/// Keeps it as the latest failure, and tells why.
std::string note_unknown(Turn& turn, const Step& step, const std::string& last_error) {
  std::string reason = "the outcome of step '" + step.id + "' stayed unknown: " + last_error;
  note_failure(turn, step, {.code = "unknown"}, reason);
  return reason;
}

/// The step says where the saga goes on; what may have happened stays in the log.
void exhausted_go_to(Turn& turn, const Pending& pending) {
  const Step& step = turn.definition.at(pending.step);
  note_unknown(turn, step, pending.last_error);
  give_up(turn, pending);
  turn.raised.push_back({.step = pending.step, .go_to = step.on_exhausted.target});
}

/// Nobody knows the outcome. What may have happened is treated as done, so it is undone too; where
/// that is impossible an operator must look.
void outcome_unknown(Turn& turn, Pending& pending) {
  const Step& step = turn.definition.at(pending.step);
  const bool no_effect = !pending.possibly_executed || step.kind == StepKind::readonly;
  if (for_operator(turn, step, no_effect)) return park(turn, pending, pending.last_error);
  if (step.on_exhausted.then == OnExhausted::Then::go_to) return exhausted_go_to(turn, pending);
  if (no_effect) {
    const Pending settled = drop(turn, pending);
    return raise_failure(turn, settled, {.code = "unreachable", .message = settled.last_error});
  }
  const Pending settled = remove(turn, pending);
  const std::string reason = note_unknown(turn, step, settled.last_error);
  const auto target = unwind_target(turn.definition, turn.saga);
  record(turn, settled, false, {});
  begin_unwind(turn, UnwindCause::retries_exhausted, reason, target);
}

void forward_exhausted(Turn& turn, Pending& pending) {
  auto entry = about(turn, pending, HistoryKind::exhausted);
  entry.message = pending.last_error;
  turn.note(std::move(entry));
  if (pending.abandoned) return give_up(turn, pending);
  const Step& step = turn.definition.at(pending.step);
  if (pending.phase == Phase::forward && step.probe && pending.possibly_executed)
    return begin_probe(turn, pending);
  if (pending.phase == Phase::probe) end_probe(pending);
  outcome_unknown(turn, pending);
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
    return quiet(turn, pending) ? give_up(turn, pending) : forward_exhausted(turn, pending);
  const Pending settled = drop(turn, pending);
  if (!quiet(turn, settled)) raise_failure(turn, settled, failed);
}

/// Whether the policy allows no further attempt.
bool used_up(const Turn& turn, const Pending& pending) {
  const auto& policy = policy_of(turn.definition, pending);
  if (pending.failures >= policy.attempts) return true;
  return policy.max_elapsed.count() > 0 && turn.now - pending.begun >= policy.max_elapsed;
}

void not_settled(Turn& turn, Pending& pending, std::uint32_t tries,
                 std::optional<Duration> retry_after) {
  const bool forward = pending.phase != Phase::undo;
  if (forward && quiet(turn, pending)) return give_up(turn, pending);
  if (!used_up(turn, pending)) return wait_for_retry(turn, pending, tries, retry_after);
  if (wait_for_redelivery(turn, pending)) return;
  if (forward) return forward_exhausted(turn, pending);
  park(turn, pending, "the undo could not be confirmed: " + pending.last_error);
}

/// A participant that does not know the call never saw it: there was no effect.
bool never_seen(const Failed& failed) {
  return !failed.defect || failed.code == "http_404" || failed.code == "http_410";
}

struct Settle {
  Turn& turn;
  Pending& pending;

  void operator()(const Done& done) const {
    auto entry = about(turn, pending, HistoryKind::done);
    entry.payload = done.output;
    const HistoryPlace place = turn.note(std::move(entry));
    if (pending.phase != Phase::undo) return forward_done(turn, pending, done, place);
    settle_undo(turn, pending, UndoState::undone);
    static_cast<void>(remove(turn, pending));
  }

  void operator()(const Failed& failed) const {
    auto entry = about(turn, pending, HistoryKind::refused);
    entry.message = failed.code.empty() ? failed.message : failed.code + ": " + failed.message;
    entry.payload = failed.details;
    turn.note(std::move(entry));
    if (pending.phase == Phase::forward) return forward_failed(turn, pending, failed);
    if (pending.phase == Phase::probe) return probe_denied(failed);
    park(turn, pending, "the undo was refused: " + failed.code + " " + failed.message);
  }

  void operator()(const Unknown& unknown) const {
    pending.last_error = unknown.reason;
    pending.possibly_executed = pending.possibly_executed || unknown.possibly_executed;
    pending.still_working = false;
    if (unknown.counted) ++pending.failures;
    if (unknown.last) {
      pending.failures = policy_of(turn.definition, pending).attempts;
      pending.redeliveries = std::numeric_limits<std::uint32_t>::max();
    }
    auto entry = about(turn, pending, HistoryKind::unknown);
    entry.message = unknown.reason;
    turn.note(std::move(entry));
    // What our own limits kept back is no failure, but waiting grows all the same.
    const auto tries = unknown.counted ? pending.failures : pending.attempt;
    not_settled(turn, pending, std::max(tries, 1U), unknown.retry_after);
  }

  void probe_denied(const Failed& failed) const {
    pending.last_error = failed.message.empty() ? failed.code : failed.message;
    if (!never_seen(failed)) {
      ++pending.failures;
      return not_settled(turn, pending, pending.failures, std::nullopt);
    }
    const Pending settled = drop(turn, pending);
    if (quiet(turn, settled)) return;
    raise_failure(turn, settled,
                  {.code = "not_executed", .message = "the call did not arrive, as asking showed"});
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
