#include "engine/core/steps.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/core/retry.hpp"
#include "engine/model/invariant.hpp"

namespace skald::core {

namespace {

const Operation& operation_of(const Definition& definition, const Pending& pending) {
  const Step& step = definition.at(pending.step);
  return pending.phase == Phase::forward ? step.call : *step.undo;
}

bool same(const Pending& a, const Pending& b) {
  return a.step == b.step && a.run == b.run && a.phase == b.phase;
}

std::uint32_t next_run(const Instance& saga, StepIndex step) {
  const auto of_step = [&](const auto& entry) { return entry.step == step; };
  const auto logged = std::count_if(saga.log.begin(), saga.log.end(), of_step);
  const auto pending = std::count_if(saga.pending.begin(), saga.pending.end(), of_step);
  const auto unlogged = saga.unlogged_runs.find(step);
  return static_cast<std::uint32_t>(logged + pending) + 1 +
         (unlogged == saga.unlogged_runs.end() ? 0 : unlogged->second);
}

/// Body functions are the user's; one that throws must not take the engine with it.
std::string make_body(const Turn& turn, Pending& pending) {
  const Operation& operation = operation_of(turn.definition, pending);
  if (!operation.body) return {};
  try {
    pending.body = Json(operation.body(turn.view()));
    return {};
  } catch (const std::exception& e) {
    return "the request body of '" + operation.name + "' cannot be made: " + e.what();
  }
}

void ask(Turn& turn, Pending& pending) {
  ++pending.attempt;
  pending.wait = Pending::Wait::reply;
  pending.since = turn.now;
  HistoryEntry entry{.kind = HistoryKind::called,
                     .step = turn.definition.at(pending.step).id,
                     .phase = pending.phase,
                     .attempt = pending.attempt};
  // Every attempt sends the same body; the history shows it once.
  if (pending.attempt == 1) entry.payload = pending.body;
  turn.note(std::move(entry));
  turn.effects.push_back(
      Call{pending.step, pending.run, pending.phase, pending.attempt, pending.body});
}

}  // namespace

void begin_step(Turn& turn, StepIndex step) {
  Pending pending{.step = step, .run = next_run(turn.saga, step), .begun = turn.now};
  const std::string why = make_body(turn, pending);
  if (!why.empty()) {
    turn.note({.kind = HistoryKind::refused,
               .step = turn.definition.at(step).id,
               .phase = Phase::forward,
               .message = why});
    pending.last_error = why;
    turn.raised.push_back({turn.definition.at(step).failed_event, "defect", {}, pending, why});
    return;
  }
  ask(turn, turn.saga.pending.emplace_back(std::move(pending)));
}

void begin_undo(Turn& turn, const LogEntry& entry) {
  Pending pending{.step = entry.step, .run = entry.run, .phase = Phase::undo, .begun = turn.now};
  const std::string why = make_body(turn, pending);
  if (!why.empty()) return park(turn, std::move(pending), why);
  ask(turn, turn.saga.pending.emplace_back(std::move(pending)));
}

void resend(Turn& turn, Pending& pending) {
  if (pending.attempt == 0) {
    const std::string why = make_body(turn, pending);
    if (!why.empty()) return park(turn, pending, why);
  }
  ask(turn, pending);
}

void wait_for_retry(Turn& turn, Pending& pending, std::uint32_t tries,
                    std::optional<Duration> retry_after) {
  const auto& policy = policy_of(turn.definition, pending);
  pending.wait = Pending::Wait::retry;
  pending.since = turn.now;
  pending.until = turn.now + retry_delay(policy, tries, turn.entropy, retry_after);
}

void park(Turn& turn, Pending pending, const std::string& reason) {
  pending.wait = Pending::Wait::hand;
  pending.since = turn.now;
  pending.still_working = false;
  pending.last_error = reason;
  auto& all = turn.saga.pending;
  const auto held =
      std::find_if(all.begin(), all.end(), [&](const Pending& p) { return same(p, pending); });
  if (held == all.end())
    all.push_back(std::move(pending));
  else
    *held = std::move(pending);
}

void record(Turn& turn, const Pending& pending, bool confirmed, Json output) {
  const Step& step = turn.definition.at(pending.step);
  turn.saga.log.push_back({.step = pending.step,
                           .run = pending.run,
                           .confirmed = confirmed,
                           .input = pending.body,
                           .output = std::move(output),
                           .undo = UndoState::standing,
                           .at = turn.now});
  if (confirmed && step.kind == StepKind::pivot) turn.saga.pivot_passed = true;
}

const RetryPolicy& policy_of(const Definition& definition, const Pending& pending) {
  const Step& step = definition.at(pending.step);
  return pending.phase == Phase::forward ? step.retry : step.undo_retry;
}

LogEntry& entry_of(Turn& turn, const Pending& pending) {
  auto& log = turn.saga.log;
  const auto found = std::find_if(log.begin(), log.end(), [&](const LogEntry& entry) {
    return entry.step == pending.step && entry.run == pending.run;
  });
  invariant(found != log.end(), "an undo is under way for a step that is not in the log");
  return *found;
}

Pending remove(Turn& turn, const Pending& pending) {
  auto& all = turn.saga.pending;
  const auto held =
      std::find_if(all.begin(), all.end(), [&](const Pending& p) { return same(p, pending); });
  invariant(held != all.end(), "a pending attempt to be removed is not there");
  Pending removed = std::move(*held);
  all.erase(held);
  return removed;
}

Pending drop(Turn& turn, const Pending& pending) {
  Pending dropped = remove(turn, pending);
  ++turn.saga.unlogged_runs[dropped.step];
  return dropped;
}

}  // namespace skald::core
