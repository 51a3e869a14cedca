#include "engine/core/steps.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/core/loops.hpp"
#include "engine/core/retry.hpp"
#include "engine/core/values.hpp"
#include "engine/model/invariant.hpp"

namespace skald::core {

namespace {

bool same(const Pending& a, const Pending& b) {
  // A probe stands in the place of the call it asks about.
  return a.step == b.step && a.run == b.run && (a.phase == Phase::undo) == (b.phase == Phase::undo);
}

std::uint32_t next_run(const Instance& saga, StepIndex step) {
  const auto of_step = [&](const auto& entry) { return entry.step == step; };
  const auto logged = saga.log.runs(step);
  const auto pending = std::count_if(saga.pending.begin(), saga.pending.end(), of_step);
  const auto unlogged = saga.unlogged_runs.find(step);
  return static_cast<std::uint32_t>(logged + pending) + 1 +
         (unlogged == saga.unlogged_runs.end() ? 0 : unlogged->second);
}

/// The run of a step that a body is made for: its item, and of an undo what the very run gave.
struct Made {
  Json body;
  std::string address;
};

Result<Made> make(const Turn& turn, const Pending& pending, const nlohmann::json* output) {
  const Step& step = turn.definition.at(pending.step);
  const Operation& operation = operation_of(turn.definition, pending);
  const Focus focus{.step = step.id,
                    .item = step.for_each ? &pending.item.value() : nullptr,
                    .index = item_index(turn.saga, pending.step, pending.run),
                    .output = output};
  const SagaView view(turn.definition, turn.saga, turn.now, &focus);
  Made made;
  if (operation.body) {
    auto body = evaluate(operation.body, view);
    if (!body) return body.error();
    made.body = std::move(*body);
  }
  if (operation.address) {
    auto address = evaluate_text(operation.address, view);
    if (!address) return address.error();
    made.address = std::move(*address);
  }
  return made;
}

/// Fills in body and address, once for all attempts. Why they cannot be made, or empty.
std::string prepare(const Turn& turn, Pending& pending, const nlohmann::json* output = nullptr) {
  auto made = make(turn, pending, output);
  if (!made)
    return "the request body of '" + operation_of(turn.definition, pending).name +
           "' cannot be made: " + made.error().message;
  pending.body = std::move(made->body);
  pending.body_at = {};
  pending.address = std::move(made->address);
  return {};
}

std::size_t place_of(const Turn& turn, const Pending& pending) {
  const auto found = turn.saga.log.find(pending.step, pending.run);
  invariant(found.has_value(), "an undo is under way for a step that is not in the log");
  return *found;
}

const nlohmann::json* output_of(const LogEntry& entry) { return &entry.output.value(); }

/// Nothing is sent for a paused saga: the attempt is due when it goes on.
void hold_back(const Turn& turn, Pending& pending) {
  pending.wait = Pending::Wait::retry;
  pending.since = pending.until = turn.now;
}

void ask(Turn& turn, Pending& pending) {
  if (turn.saga.paused) return hold_back(turn, pending);
  ++pending.attempt;
  pending.wait = Pending::Wait::reply;
  pending.since = turn.now;
  HistoryEntry entry{.kind = HistoryKind::called,
                     .step = turn.definition.at(pending.step).id,
                     .phase = pending.phase,
                     .attempt = pending.attempt};
  // Every attempt sends the same body; the history shows it once.
  const bool first = pending.attempt == 1;
  if (first) entry.payload = pending.body;
  const HistoryPlace place = turn.note(std::move(entry));
  if (first) pending.body_at = place;
  turn.effects.push_back(Call{pending.step, pending.run, pending.phase, pending.attempt,
                              pending.body, pending.address});
}

void begin(Turn& turn, Pending pending) {
  const std::string why = prepare(turn, pending);
  if (why.empty()) return ask(turn, turn.saga.pending.emplace_back(std::move(pending)));
  turn.note({.kind = HistoryKind::refused,
             .step = turn.definition.at(pending.step).id,
             .phase = Phase::forward,
             .message = why});
  raise_failure(turn, pending, {.code = "defect", .message = why, .defect = true});
}

}  // namespace

void begin_step(Turn& turn, StepIndex step) {
  if (turn.definition.at(step).for_each) return begin_loop(turn, step);
  begin(turn, {.step = step, .run = next_run(turn.saga, step), .begun = turn.now});
}

void begin_item(Turn& turn, StepIndex step, std::uint32_t run, const Json& item) {
  begin(turn, {.step = step, .run = run, .begun = turn.now, .item = item});
}

void begin_undo(Turn& turn, const LogEntry& entry) {
  Pending pending{.step = entry.step,
                  .run = entry.run,
                  .phase = Phase::undo,
                  .begun = turn.now,
                  .item = entry.item,
                  .abandoned = entry.abandoned};
  const std::string why = prepare(turn, pending, output_of(entry));
  if (!why.empty()) return park(turn, std::move(pending), why);
  ask(turn, turn.saga.pending.emplace_back(std::move(pending)));
}

void begin_probe(Turn& turn, Pending& pending) {
  pending.phase = Phase::probe;
  pending.forward_body = std::move(pending.body);
  pending.forward_body_at = pending.body_at;
  pending.forward_address = std::move(pending.address);
  pending.attempt = pending.failures = pending.redeliveries = 0;
  pending.begun = turn.now;
  pending.still_working = false;
  turn.note({.kind = HistoryKind::probed, .step = turn.definition.at(pending.step).id});
  const std::string why = prepare(turn, pending);
  if (why.empty()) return ask(turn, pending);
  end_probe(pending);
  park(turn, pending, why);
}

void end_probe(Pending& pending) {
  if (pending.phase != Phase::probe) return;
  pending.phase = Phase::forward;
  pending.body = std::move(pending.forward_body);
  pending.body_at = std::exchange(pending.forward_body_at, {});
  pending.address = std::move(pending.forward_address);
  pending.forward_body = {};
  pending.forward_address.clear();
}

void resend(Turn& turn, Pending& pending) {
  if (pending.attempt == 0 || pending.remake) {
    pending.remake = false;
    const nlohmann::json* output =
        pending.phase == Phase::undo ? output_of(entry_of(turn, pending)) : nullptr;
    const std::string why = prepare(turn, pending, output);
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

bool wait_for_redelivery(Turn& turn, Pending& pending) {
  const auto& waits = policy_of(turn.definition, pending).redelivery;
  if (pending.redeliveries >= waits.size()) return false;
  pending.wait = Pending::Wait::retry;
  pending.since = turn.now;
  pending.until = turn.now + waits[pending.redeliveries++];
  pending.failures = 0;
  return true;
}

void give_up(Turn& turn, const Pending& pending) {
  if (!pending.possibly_executed) return void(drop(turn, pending));
  record(turn, remove(turn, pending), false, {});
}

const Operation& operation_of(const Definition& definition, const Pending& pending) {
  const Step& step = definition.at(pending.step);
  switch (pending.phase) {
    case Phase::forward:
      return step.call;
    case Phase::undo:
      return *step.undo;
    case Phase::probe:
      return *step.probe;
  }
  return step.call;
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

void record(Turn& turn, const Pending& pending, bool confirmed, const Done& done,
            HistoryPlace output_at) {
  const Step& step = turn.definition.at(pending.step);
  turn.saga.log.push_back({.step = pending.step,
                           .run = pending.run,
                           .confirmed = confirmed,
                           .input = pending.body,
                           .output = done.output,
                           .input_at = pending.body_at,
                           .output_at = output_at,
                           .undo = UndoState::standing,
                           .at = turn.now,
                           .outcome = done.outcome,
                           .item = pending.item,
                           .abandoned = pending.abandoned});
  if (confirmed && step.kind == StepKind::pivot) turn.saga.pivot_passed = true;
}

const RetryPolicy& policy_of(const Definition& definition, const Pending& pending) {
  const Step& step = definition.at(pending.step);
  return pending.phase == Phase::undo ? step.undo_retry : step.retry;
}

const LogEntry& entry_of(const Turn& turn, const Pending& pending) {
  return turn.saga.log[place_of(turn, pending)];
}

void settle_undo(Turn& turn, const Pending& pending, UndoState undo) {
  turn.saga.log.set_undo(place_of(turn, pending), undo);
}

Pending remove(Turn& turn, const Pending& pending) {
  auto& all = turn.saga.pending;
  const auto held =
      std::find_if(all.begin(), all.end(), [&](const Pending& p) { return same(p, pending); });
  invariant(held != all.end(), "a pending attempt to be removed is not there");
  Pending removed = std::move(*held);
  all.erase(held);
  end_probe(removed);
  return removed;
}

Pending drop(Turn& turn, const Pending& pending) {
  Pending dropped = remove(turn, pending);
  ++turn.saga.unlogged_runs[dropped.step];
  return dropped;
}

}  // namespace skald::core
