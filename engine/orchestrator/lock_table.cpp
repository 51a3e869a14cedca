#include "engine/orchestrator/lock_table.hpp"

#include <algorithm>

namespace skald {

void LockTable::ask(SagaKey saga, const std::vector<std::string>& keys) {
  for (const auto& key : keys) queues_[key].push_back(saga);
}

bool LockTable::owns(SagaKey saga, const std::vector<std::string>& keys) const {
  return std::all_of(keys.begin(), keys.end(), [&](const std::string& key) {
    const auto queue = queues_.find(key);
    return queue != queues_.end() && queue->second.front() == saga;
  });
}

std::vector<SagaKey> LockTable::leave(SagaKey saga, const std::vector<std::string>& keys) {
  std::vector<SagaKey> first;
  for (const auto& key : keys) {
    const auto queue = queues_.find(key);
    if (queue == queues_.end()) continue;
    std::erase(queue->second, saga);
    if (queue->second.empty())
      queues_.erase(queue);
    else
      first.push_back(queue->second.front());
  }
  return first;
}

}  // namespace skald
