#include "engine/orchestrator/timers.hpp"

namespace skald {

void Timers::set(SagaKey saga, std::optional<Timestamp> due) {
  if (!due) {
    due_.erase(saga);
    return;
  }
  const auto [held, added] = due_.try_emplace(saga, *due);
  if (!added && held->second == *due) return;
  held->second = *due;
  heap_.emplace(*due, saga);
}

void Timers::drop_stale() {
  while (!heap_.empty()) {
    const auto& [time, saga] = heap_.top();
    const auto held = due_.find(saga);
    if (held != due_.end() && held->second == time) return;
    heap_.pop();
  }
}

std::vector<SagaKey> Timers::take_due(Timestamp now, std::size_t count_max) {
  std::vector<SagaKey> due;
  for (drop_stale(); due.size() < count_max && !heap_.empty() && heap_.top().first <= now;
       drop_stale()) {
    const SagaKey saga = heap_.top().second;
    heap_.pop();
    due_.erase(saga);
    due.push_back(saga);
  }
  return due;
}

std::optional<Timestamp> Timers::next() {
  drop_stale();
  if (heap_.empty()) return std::nullopt;
  return heap_.top().first;
}

}  // namespace skald
