#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "engine/orchestrator/store.hpp"

namespace skald {

/// Knows which request keys were used before, without reading the store for keys that were not: a
/// hash of every stored key is in memory, 8 bytes each, and only a hit is looked up. Used by one
/// thread.
class RequestIndex {
 public:
  explicit RequestIndex(StoreWriter& store) : store_(store) {}

  /// Remembers a stored key; for recovery.
  void loaded(std::string_view key) { hashes_.insert(std::hash<std::string_view>{}(key)); }

  /// The earlier request under `key`, of this batch or stored.
  [[nodiscard]] Result<std::optional<RequestRow>> find(const std::string& key) {
    const auto held = uncommitted_.find(key);
    if (held != uncommitted_.end()) return std::optional(held->second);
    if (!hashes_.contains(std::hash<std::string_view>{}(key)))
      return std::optional<RequestRow>(std::nullopt);
    return store_.find_request(key);
  }

  /// Adds a request of the current batch.
  void add(const RequestRow& row) {
    uncommitted_.emplace(row.key, row);
    loaded(row.key);
  }

  /// The current batch was committed, or not: from now on the store knows. A hash that stays behind
  /// after a failed commit costs a look-up and nothing else.
  void batch_over() { uncommitted_.clear(); }

 private:
  StoreWriter& store_;
  std::unordered_set<std::size_t> hashes_;
  std::unordered_map<std::string, RequestRow> uncommitted_;
};

}  // namespace skald
