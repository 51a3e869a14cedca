#include "storage/sqlite/rows.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

namespace skald::sqlite {

namespace {

Timestamp time_in(const SQLite::Statement& statement, int column) {
  return Timestamp(Duration(statement.getColumn(column).getInt64()));
}

}  // namespace

Result<Status> stored_status(const std::string& name) {
  if (const auto status = status_named(name)) return *status;
  return Error{ErrorCode::storage_unreadable,
               "a stored saga has the unknown status \"" + name + "\"",
               "restore a backup, or use the newer program that wrote it",
               {}};
}

std::string select_saga(std::string_view condition) {
  std::string sql =
      "SELECT key, id, definition, version, business_key, status, created, updated, ended, "
      "revision, instance FROM saga WHERE ";
  return sql.append(condition);
}

Result<SagaRow> saga_row(const SQLite::Statement& statement) {
  const auto status = stored_status(statement.getColumn(5).getString());
  if (!status) return status.error();
  SagaRow row;
  row.key = SagaKey{statement.getColumn(0).getInt64()};
  row.id.value = statement.getColumn(1).getString();
  row.definition.name = statement.getColumn(2).getString();
  row.definition.version = statement.getColumn(3).getUInt();
  row.business_key = statement.getColumn(4).getString();
  row.status = *status;
  row.created = time_in(statement, 6);
  row.updated = time_in(statement, 7);
  if (!statement.isColumnNull(8)) row.ended = time_in(statement, 8);
  row.revision = statement.getColumn(9).getInt64();
  row.instance = statement.getColumn(10).getString();
  return row;
}

HistoryRow history_row(const SQLite::Statement& statement) {
  return {SagaKey{statement.getColumn(0).getInt64()}, statement.getColumn(1).getInt64(),
          time_in(statement, 2), statement.getColumn(3).getString()};
}

RequestRow request_row(const SQLite::Statement& statement) {
  return {statement.getColumn(0).getString(),
          static_cast<std::uint64_t>(statement.getColumn(1).getInt64()),
          SagaKey{statement.getColumn(2).getInt64()}, time_in(statement, 3),
          statement.getColumn(4).getString()};
}

DefinitionRow definition_row(const SQLite::Statement& statement) {
  return {{statement.getColumn(0).getString(), statement.getColumn(1).getUInt()},
          statement.getColumn(2).getString(),
          statement.getColumn(3).getString(),
          time_in(statement, 4)};
}

void bind_saga(SQLite::Statement& statement, const SagaRow& row) {
  statement.bind(1, number(row.key));
  statement.bindNoCopy(2, row.id.value);
  statement.bindNoCopy(3, row.definition.name);
  statement.bind(4, row.definition.version);
  statement.bindNoCopy(5, row.business_key);
  statement.bindNoCopy(6, name_of(row.status).data());  // a literal, so it ends with a zero
  statement.bind(7, stored(row.created));
  statement.bind(8, stored(row.updated));
  if (row.ended)
    statement.bind(9, stored(*row.ended));
  else
    statement.bind(9);
  statement.bind(10, row.revision);
  statement.bindNoCopy(11, row.instance);
}

void bind_history(SQLite::Statement& statement, const HistoryRow& row) {
  statement.bind(1, number(row.saga));
  statement.bind(2, row.revision);
  statement.bind(3, stored(row.at));
  statement.bindNoCopy(4, row.entries);
}

void bind_request(SQLite::Statement& statement, const RequestRow& row) {
  statement.bindNoCopy(1, row.key);
  statement.bind(2, static_cast<std::int64_t>(row.fingerprint));
  statement.bind(3, number(row.saga));
  statement.bind(4, stored(row.at));
  statement.bindNoCopy(5, row.answer);
}

void bind_definition(SQLite::Statement& statement, const DefinitionRow& row) {
  statement.bindNoCopy(1, row.ref.name);
  statement.bind(2, row.ref.version);
  statement.bindNoCopy(3, row.hash);
  statement.bindNoCopy(4, row.document);
  statement.bind(5, stored(row.at));
}

}  // namespace skald::sqlite
