#include <algorithm>

#include "engine/core/handlers.hpp"
#include "engine/core/machine.hpp"
#include "engine/core/values.hpp"
#include "engine/model/invariant.hpp"

namespace skald::core {

namespace {

/// A key that cannot be made is no key: the saga is then reached by its id only.
void find_correlations(Turn& turn) {
  for (const auto& signal : turn.definition.signals) {
    if (!signal.correlation) continue;
    if (auto key = evaluate_text(signal.correlation, turn.view()))
      turn.saga.correlations[signal.name] = std::move(*key);
  }
}

void find_locks(Turn& turn) {
  auto& locks = turn.saga.locks;
  for (const auto& lock : turn.definition.locks) {
    auto name = evaluate_text(lock, turn.view());
    if (!name) {
      turn.saga.stuck_reason = "a lock cannot be named: " + name.error().message;
      turn.saga.locked = false;
      return;
    }
    locks.push_back(std::move(*name));
  }
  std::sort(locks.begin(), locks.end());
  locks.erase(std::unique(locks.begin(), locks.end()), locks.end());
  turn.saga.locked = locks.empty();
}

}  // namespace

void on_start(Turn& turn, const Start& start) {
  invariant(turn.saga.revision == 0, "a saga was started twice");
  turn.saga.created = turn.now;
  if (turn.definition.deadline) turn.saga.deadline = turn.now + *turn.definition.deadline;
  turn.saga.input_at = turn.note(
      {.kind = HistoryKind::started, .message = start.reason, .payload = turn.saga.input});
  find_correlations(turn);
  find_locks(turn);
  if (turn.saga.locked) enter_initials(turn);
}

}  // namespace skald::core
