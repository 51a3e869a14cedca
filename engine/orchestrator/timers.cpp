#include "engine/orchestrator/timers.hpp"

#include <algorithm>

namespace skald {

namespace {

/// So many stale entries are not worth making the heap anew.
constexpr std::size_t stale_few = 1024;

}  // namespace

void Timers::set(SagaKey saga, std::optional<Timestamp> due) {
  if (!due) {
    due_.erase(saga);
  } else {
    const auto [held, added] = due_.try_emplace(saga, *due);
    if (!added && held->second == *due) return;
    held->second = *due;
    heap_.emplace_back(*due, saga);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }
  if (heap_.size() <= 2 * due_.size() + stale_few) return;
  heap_.clear();
  for (const auto& [key, time] : due_) heap_.emplace_back(time, key);
  std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
}

void Timers::pop() {
  std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
  heap_.pop_back();
}

void Timers::drop_stale() {
  while (!heap_.empty()) {
    const auto& [time, saga] = heap_.front();
    const auto held = due_.find(saga);
    if (held != due_.end() && held->second == time) return;
    pop();
  }
}

std::vector<SagaKey> Timers::take_due(Timestamp now, std::size_t count_max) {
  std::vector<SagaKey> due;
  for (drop_stale(); due.size() < count_max && !heap_.empty() && heap_.front().first <= now;
       drop_stale()) {
    const SagaKey saga = heap_.front().second;
    pop();
    due_.erase(saga);
    due.push_back(saga);
  }
  return due;
}

std::optional<Timestamp> Timers::next() {
  drop_stale();
  if (heap_.empty()) return std::nullopt;
  return heap_.front().first;
}

}  // namespace skald
