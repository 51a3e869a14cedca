#pragma once

#include <memory>
#include <unordered_map>

#include "engine/model/saga.hpp"

namespace skald {

/// A saga that has not ended, with the definition it runs by.
struct Live {
  std::shared_ptr<const Definition> definition;
  Instance instance;
};

/// All sagas that have not ended, in memory. Used by one thread.
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
  void erase(SagaKey key) {
    const auto held = by_key_.find(key);
    if (held == by_key_.end()) return;
    by_id_.erase(held->second.instance.id);
    by_key_.erase(held);
  }
  [[nodiscard]] std::size_t size() const { return by_key_.size(); }

 private:
  std::unordered_map<SagaKey, Live> by_key_;
  std::unordered_map<SagaId, SagaKey> by_id_;
};

}  // namespace skald
