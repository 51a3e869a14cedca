#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "engine/orchestrator/store.hpp"

namespace skald {

/// The rows of a memory store and their indexes. The mutex guards all members: shared for reading,
/// exclusive for writing. The functions expect the caller to hold it.
struct MemoryTables {
  std::shared_mutex mutex;
  std::map<SagaKey, SagaRow> sagas;
  std::unordered_map<std::string, SagaKey> saga_of_id;
  std::map<std::pair<SagaKey, std::int64_t>, HistoryRow> history;
  std::unordered_map<std::string, RequestRow> requests;
  std::map<DefinitionRef, DefinitionRow> definitions;
  std::int64_t epoch = 0;
  std::optional<ErrorCode> fault;
  int faulty_commits = 0;  ///< how many more commits fail with `fault`

  /// Why `batch` cannot be stored as a whole: a saga id, revision, request key or definition is
  /// there already.
  [[nodiscard]] Result<void> check(const Batch& batch) const;

  /// Stores `batch`, for which check() succeeded.
  void store(const Batch& batch);

  /// Deletes a saga with everything that is stored of it.
  void remove(SagaKey key);

  /// The fault that the next commit must fail with, if any; counts it.
  [[nodiscard]] std::optional<ErrorCode> take_fault();
};

}  // namespace skald
