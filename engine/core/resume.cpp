#include "engine/core/resume.hpp"

#include <algorithm>

namespace skald {

std::optional<Timestamp> next_due(const Instance& instance) {
  if (is_end(instance.status) || instance.paused) return std::nullopt;
  std::optional<Timestamp> due;
  const auto consider = [&](Timestamp time) { due = due ? std::min(*due, time) : time; };
  if (instance.deadline && !instance.deadline_passed) consider(*instance.deadline);
  for (const auto& timer : instance.timers)
    if (!timer.expired) consider(timer.due);
  for (const auto& pending : instance.pending)
    if (pending.wait == Pending::Wait::retry) consider(pending.until);
  return due;
}

std::vector<Call> resume(Instance& instance) {
  std::vector<Call> calls;
  for (auto& pending : instance.pending) {
    if (pending.wait != Pending::Wait::reply) continue;
    pending.possibly_executed = true;
    if (instance.paused) {
      // Nobody listens for its reply any more, and it may not be sent now.
      pending.wait = Pending::Wait::retry;
      pending.since = pending.until = instance.paused->since;
      continue;
    }
    calls.push_back(
        {pending.step, pending.run, pending.phase, pending.attempt, pending.body, pending.address});
  }
  return calls;
}

}  // namespace skald
