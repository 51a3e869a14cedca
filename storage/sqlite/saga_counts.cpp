#include "storage/sqlite/saga_counts.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/rows.hpp"

namespace skald::sqlite {

struct SagaCounts::Statements {
  explicit Statements(const SQLite::Database& database)
      : stored(database, "SELECT definition, version, status FROM saga WHERE key = ?"),
        change(database,
               "INSERT INTO saga_count(definition, version, status, count) VALUES (?1, ?2, ?3, ?4) "
               "ON CONFLICT(definition, version, status) DO UPDATE SET count = count + ?4") {}
  SQLite::Statement stored, change;
};

SagaCounts::SagaCounts(const SQLite::Database& database)
    : statements_(std::make_unique<Statements>(database)) {}

SagaCounts::~SagaCounts() = default;

Result<void> SagaCounts::add(const Batch& batch) {
  changes_.clear();
  for (const SagaRow& row : batch.sagas) {
    if (row.change == RowChange::moved) continue;
    const auto& [name, version] = row.definition;
    ++changes_[{name, version, row.status}];
    if (row.change == RowChange::started) continue;
    // Only a change of nothing but the status may be taken at its word.
    if (row.change == RowChange::status && row.before)
      --changes_[{name, version, *row.before}];
    else if (auto taken = take_stored(row.key); !taken)
      return taken;
  }
  for (const SagaKey key : batch.removed)
    if (auto taken = take_stored(key); !taken) return taken;
  write();
  return {};
}

/// The saga as it is stored is not what it will be any more.
Result<void> SagaCounts::take_stored(SagaKey key) {
  auto& stored = statements_->stored;
  const StatementUse use(stored);
  stored.bind(1, number(key));
  if (!stored.executeStep()) return {};
  const auto status = stored_status(stored.getColumn(2).getString());
  if (!status) return status.error();
  --changes_[{stored.getColumn(0).getString(), stored.getColumn(1).getUInt(), *status}];
  return {};
}

void SagaCounts::write() {
  for (const auto& [kind, change] : changes_) {
    if (change == 0) continue;
    const auto& [definition, version, status] = kind;
    statements_->change.bindNoCopy(1, definition);
    statements_->change.bind(2, version);
    statements_->change.bindNoCopy(3, name_of(status).data());
    statements_->change.bind(4, change);
    run(statements_->change);
  }
}

}  // namespace skald::sqlite
