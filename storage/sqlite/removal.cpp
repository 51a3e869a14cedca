#include "storage/sqlite/removal.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/rows.hpp"

namespace skald::sqlite {

struct Removal::Statements {
  explicit Statements(const SQLite::Database& database)
      : history(database, "DELETE FROM history WHERE saga = ?"),
        requests(database, "DELETE FROM request WHERE saga = ?"),
        saga(database, "DELETE FROM saga WHERE key = ?"),
        old_requests(database, "DELETE FROM request WHERE saga = 0 AND at < ?") {}
  SQLite::Statement history, requests, saga, old_requests;
};

Removal::Removal(const SQLite::Database& database)
    : statements_(std::make_unique<Statements>(database)) {}

Removal::~Removal() = default;

void Removal::remove(const Batch& batch) {
  for (const SagaKey key : batch.removed)
    for (auto* statement : {&statements_->history, &statements_->requests, &statements_->saga}) {
      statement->bind(1, number(key));
      run(*statement);
    }
  if (!batch.requests_before) return;
  statements_->old_requests.bind(1, stored(*batch.requests_before));
  run(statements_->old_requests);
}

}  // namespace skald::sqlite
