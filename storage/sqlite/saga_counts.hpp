#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "engine/orchestrator/store.hpp"

namespace SQLite {
class Database;
}

namespace skald::sqlite {

/// Keeps the table saga_count exact: how many sagas each version of a definition has in each
/// status. Every member is called inside the transaction that changes the sagas, and before they
/// change.
class SagaCounts {
 public:
  explicit SagaCounts(const SQLite::Database& database);
  ~SagaCounts();
  SagaCounts(const SagaCounts&) = delete;
  SagaCounts& operator=(const SagaCounts&) = delete;

  /// Counts what `batch` will change. One statement for each kind of change, however many sagas.
  /// Throws SQLite::Exception.
  [[nodiscard]] Result<void> add(const Batch& batch);

 private:
  using Kind = std::tuple<std::string, std::uint32_t, Status>;
  struct Statements;

  [[nodiscard]] Result<void> take_stored(SagaKey key);
  void write();

  std::unique_ptr<Statements> statements_;
  std::map<Kind, std::int64_t> changes_;  ///< of the batch at hand
};

}  // namespace skald::sqlite
