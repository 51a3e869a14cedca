#include "storage/sqlite/rows.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include "storage/sqlite/connection.hpp"

namespace skald::sqlite {

namespace {

Timestamp time_in(const SQLite::Statement& statement, int column) {
  return Timestamp(Duration(statement.getColumn(column).getInt64()));
}

Keep keep_in(const SQLite::Statement& statement, int column) {
  const int number = statement.getColumn(column).getInt();
  // What a newer program may have meant by another number is looked into at start.
  if (number < 0 || number > static_cast<int>(Keep::for_others)) return Keep::for_others;
  return static_cast<Keep>(number);
}

void bind_bytes(SQLite::Statement& statement, int parameter, const std::string& bytes) {
  statement.bindNoCopy(parameter, bytes.data(), static_cast<int>(bytes.size()));
}

void bind_time(SQLite::Statement& statement, int parameter, const std::optional<Timestamp>& time) {
  if (!time) return statement.bind(parameter);
  statement.bind(parameter, stored(*time));
}

/// `literal` ends with a zero.
void bind_text(SQLite::Statement& statement, int parameter, std::string_view literal) {
  statement.bindNoCopy(parameter, literal.data());
}

}  // namespace

Result<Status> stored_status(const std::string& name) {
  if (const auto status = status_named(name)) return *status;
  return Error{ErrorCode::storage_unreadable,
               "a stored saga has the unknown status \"" + name + "\"",
               "restore a backup, or use the newer program that wrote it",
               {}};
}

std::vector<std::string> definitions_in(SQLite::Statement& next) {
  std::vector<std::string> names;
  std::string last;
  for (;;) {
    const StatementUse use(next);
    next.bindNoCopy(1, last);
    if (!next.executeStep() || next.isColumnNull(0)) return names;
    last = next.getColumn(0).getString();
    names.push_back(last);
  }
}

std::string select_saga(std::string_view condition) {
  std::string sql =
      "SELECT key, id, definition, version, business_key, status, created, updated, ended, "
      "revision, instance, due, keep FROM saga WHERE ";
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
  if (!statement.isColumnNull(11)) row.due = time_in(statement, 11);
  row.keep = keep_in(statement, 12);
  return row;
}

Result<LiveRow> live_row(const SQLite::Statement& statement) {
  const auto status = stored_status(statement.getColumn(3).getString());
  if (!status) return status.error();
  LiveRow row{SagaKey{statement.getColumn(0).getInt64()},
              {statement.getColumn(1).getString(), statement.getColumn(2).getUInt()},
              *status,
              std::nullopt,
              keep_in(statement, 5)};
  if (!statement.isColumnNull(4)) row.due = time_in(statement, 4);
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
  bind_moved(statement, row);
  bind_text(statement, 7, name_of(row.status));
  bind_time(statement, 8, row.ended);
  statement.bindNoCopy(9, row.id.value);
  statement.bindNoCopy(10, row.definition.name);
  statement.bind(11, row.definition.version);
  statement.bindNoCopy(12, row.business_key);
  statement.bind(13, stored(row.created));
}

void bind_status(SQLite::Statement& statement, const SagaRow& row) {
  bind_moved(statement, row);
  bind_text(statement, 7, name_of(row.status));
  bind_time(statement, 8, row.ended);
}

void bind_moved(SQLite::Statement& statement, const SagaRow& row) {
  statement.bind(1, number(row.key));
  statement.bind(2, stored(row.updated));
  statement.bind(3, row.revision);
  bind_time(statement, 4, row.due);
  statement.bind(5, static_cast<int>(row.keep));
  bind_bytes(statement, 6, row.instance);
}

void bind_history(SQLite::Statement& statement, std::span<const HistoryRow> rows) {
  int parameter = 0;
  for (const HistoryRow& row : rows) {
    statement.bind(++parameter, number(row.saga));
    statement.bind(++parameter, row.revision);
    statement.bind(++parameter, stored(row.at));
    bind_bytes(statement, ++parameter, row.entries);
  }
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
