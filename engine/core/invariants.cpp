#include "engine/core/invariants.hpp"

#include <algorithm>

#include "engine/core/unwinding.hpp"
#include "engine/model/invariant.hpp"

namespace skald::core {

namespace {

/// Whether an operator ended it as it stood.
bool terminated(const Decision& decision) {
  return std::any_of(decision.history.begin(), decision.history.end(),
                     [](const HistoryEntry& e) { return e.kind == HistoryKind::terminated; });
}

/// While it is paused nothing is sent, and nothing else has this status.
void assert_paused(const Decision& decision) {
  const Instance& saga = decision.instance;
  invariant((saga.status == Status::paused) == saga.paused.has_value(),
            "a saga is paused without having that status, or the other way round");
  if (!saga.paused) return;
  for (const auto& effect : decision.effects)
    invariant(!std::holds_alternative<Call>(effect) && !std::holds_alternative<StopChild>(effect),
              "something is sent for a paused saga");
}

void assert_end(const Definition& definition, const Instance& saga) {
  const auto count = [&](auto holds) {
    return std::count_if(saga.log.begin(), saga.log.end(), holds);
  };
  const auto standing = count([&](const LogEntry& e) { return needs_undo(definition, e); });
  const auto left = count([](const LogEntry& e) { return e.undo == UndoState::skipped; });
  const auto undone = count([](const LogEntry& e) {
    return !e.abandoned && (e.undo == UndoState::undone || e.undo == UndoState::undone_by_hand);
  });
  if (saga.status == Status::completed)
    invariant(undone == 0 && left == 0, "a completed saga has undone steps");
  if (saga.status == Status::failed)
    invariant(undone == 0, "a saga that failed before any effect has undone steps");
  if (saga.status != Status::completed)
    invariant(saga.pivot_passed || standing == 0, "a saga ended with an effect standing");
  if (saga.status == Status::compensated || saga.status == Status::cancelled)
    invariant(left == 0, "a saga claims an undo that an operator skipped");
}

/// Every attempt waiting for a reply is either asked for now or was before; never asked for twice.
void assert_calls(const Decision& decision) {
  for (const auto& effect : decision.effects) {
    const auto* call = std::get_if<Call>(&effect);
    if (call == nullptr) continue;
    const auto& all = decision.instance.pending;
    const auto matches = std::count_if(all.begin(), all.end(), [&](const Pending& p) {
      return p.step == call->step && p.run == call->run && p.phase == call->phase &&
             p.attempt == call->attempt && p.wait == Pending::Wait::reply;
    });
    invariant(matches == 1, "a call is asked for that the saga does not wait for");
  }
}

}  // namespace

void assert_invariants(const Definition& definition, const Decision& decision) {
  const Instance& saga = decision.instance;
  assert_calls(decision);
  assert_paused(decision);
  if (is_end(saga.status)) {
    invariant(saga.pending.empty(), "a saga ended with a call under way");
    if (!terminated(decision)) assert_end(definition, saga);
    return;
  }
  const auto undos = std::count_if(saga.pending.begin(), saga.pending.end(), [](const Pending& p) {
    return p.phase == Phase::undo && !p.abandoned;
  });
  const bool one_by_one = definition.unwind_order == UnwindOrder::reverse &&
                          definition.on_undo_failure == OnUndoFailure::park;
  invariant(undos <= 1 || !one_by_one, "two undos are under way");
  invariant(undos == 0 || saga.unwind, "an undo is under way and nothing unwinds");
  if (undos >= 1) invariant(!saga.pivot_passed, "undoing after the pivot");
}

}  // namespace skald::core
