#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/orchestrator/committer.hpp"

namespace skald {

/// Knows which request keys were used before, without reading the store for keys that were not: a
/// hash of every stored key is in memory, 8 bytes each, and only a hit is looked up. Used by one
/// thread.
class RequestIndex {
 public:
  explicit RequestIndex(Committer& committer) : committer_(committer) {}

  /// Remembers a stored key; for recovery.
  void loaded(std::string_view key) { hashes_.insert(std::hash<std::string_view>{}(key)); }

  /// The earlier request under `key`: of this batch, of the one on its way to the store, or stored.
  [[nodiscard]] Result<std::optional<RequestRow>> find(const std::string& key) {
    for (const auto* batch : {&applied_, &committing_})
      if (const auto held = batch->find(key); held != batch->end())
        return std::optional(held->second);
    if (!hashes_.contains(std::hash<std::string_view>{}(key)))
      return std::optional<RequestRow>(std::nullopt);
    return committer_.when_idle().find_request(key);
  }

  /// Adds a request of the current batch.
  void add(const RequestRow& row) {
    applied_.emplace(row.key, row);
    loaded(row.key);
  }

  /// The current batch is on its way to the store; the next begins.
  void submitted() { committing_.swap(applied_); }

  /// The batch that was submitted is committed, or not: from now on the store knows. A hash that
  /// stays behind after a failed commit costs a look-up and nothing else.
  void committed() { committing_.clear(); }

  /// The current batch is given up.
  void given_up() { applied_.clear(); }

 private:
  Committer& committer_;
  boost::unordered_flat_set<std::size_t> hashes_;
  std::unordered_map<std::string, RequestRow> applied_;     ///< of the current batch
  std::unordered_map<std::string, RequestRow> committing_;  ///< of the one before
};

}  // namespace skald
