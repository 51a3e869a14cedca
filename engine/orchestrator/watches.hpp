#pragma once

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/orchestrator/command.hpp"

namespace skald {

/// Who waits for the end of which saga. Used by one thread.
class Watches {
 public:
  void add(WatchCommand command) {
    by_saga_[std::move(command.saga)].push_back({command.watch, std::move(command.ended)});
  }

  void remove(const UnwatchCommand& command) {
    const auto held = by_saga_.find(command.saga);
    if (held == by_saga_.end()) return;
    std::erase_if(held->second, [&](const Watch& watch) { return watch.id == command.watch; });
    if (held->second.empty()) by_saga_.erase(held);
  }

  /// Tells everybody who waits for `saga`, once.
  void wake(const SagaId& saga) {
    const auto held = by_saga_.find(saga);
    if (held == by_saga_.end()) return;
    const auto waiting = std::move(held->second);
    by_saga_.erase(held);
    for (const auto& watch : waiting) watch.ended();
  }

 private:
  struct Watch {
    WatchId id{};
    std::function<void()> ended;
  };
  std::unordered_map<SagaId, std::vector<Watch>> by_saga_;
};

}  // namespace skald
