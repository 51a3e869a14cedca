#include "engine/orchestrator/live_sagas.hpp"

namespace skald {

namespace {

std::string joined(const std::string& topic, const std::string& key) { return topic + '\0' + key; }

}  // namespace

void LiveSagas::erase(SagaKey key) {
  const auto held = by_key_.find(key);
  if (held == by_key_.end()) return;
  for (const auto& [topic, correlation] : held->second.instance.correlations) {
    const auto listening = by_correlation_.find(joined(topic, correlation));
    if (listening == by_correlation_.end()) continue;
    listening->second.erase(key);
    if (listening->second.empty()) by_correlation_.erase(listening);
  }
  by_id_.erase(held->second.instance.id);
  by_key_.erase(held);
}

void LiveSagas::listen(const Live& live) {
  for (const auto& [topic, key] : live.instance.correlations)
    by_correlation_[joined(topic, key)].insert(live.instance.key);
}

std::vector<SagaKey> LiveSagas::listeners(const std::string& topic, const std::string& key) const {
  const auto listening = by_correlation_.find(joined(topic, key));
  if (listening == by_correlation_.end()) return {};
  return {listening->second.begin(), listening->second.end()};
}

}  // namespace skald
