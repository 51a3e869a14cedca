#pragma once

#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/orchestrator/stored_instance.hpp"

namespace skald {

/// A saga that has not ended, with the definition it runs by.
using Live = StoredSaga;

/// The sagas in memory: those that move, and those that must be found here (see Keep). The others
/// that have not ended wait in the store. Used by one thread.
class LiveSagas {
 public:
  [[nodiscard]] Live* find(SagaKey key) {
    const auto held = by_key_.find(key);
    return held == by_key_.end() ? nullptr : &held->second;
  }
  [[nodiscard]] Live* find(const SagaId& id) {
    const auto held = by_id_.find(id);
    return held == by_id_.end() ? nullptr : find(held->second);
  }
  Live& put(Live live) {
    by_id_[live.instance.id] = live.instance.key;
    return by_key_.insert_or_assign(live.instance.key, std::move(live)).first->second;
  }
  void erase(SagaKey key);

  /// From now on the saga is found by its correlation keys; they never change once it has started.
  void listen(const Live& live);

  /// The sagas that have a signal `topic` with this correlation key, in order of their start.
  [[nodiscard]] std::vector<SagaKey> listeners(const std::string& topic,
                                               const std::string& key) const;

  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [key, live] : by_key_) visit(live);
  }
  [[nodiscard]] std::size_t size() const { return by_key_.size(); }

 private:
  std::unordered_map<SagaKey, Live> by_key_;
  std::unordered_map<SagaId, SagaKey> by_id_;
  std::unordered_map<std::string, std::set<SagaKey>> by_correlation_;  ///< topic, NUL, key
};

}  // namespace skald
