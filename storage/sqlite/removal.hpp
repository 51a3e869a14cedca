#pragma once

#include <memory>

#include "engine/orchestrator/store.hpp"

namespace SQLite {
class Database;
}

namespace skald::sqlite {

/// Deletes sagas with everything that is stored of them. Called inside the transaction of a commit.
class Removal {
 public:
  explicit Removal(const SQLite::Database& database);
  ~Removal();
  Removal(const Removal&) = delete;
  Removal& operator=(const Removal&) = delete;

  /// What `batch` removes. Throws SQLite::Exception.
  void remove(const Batch& batch);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace skald::sqlite
