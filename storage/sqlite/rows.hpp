#pragma once

#include <span>
#include <string>

#include "engine/model/result.hpp"
#include "engine/orchestrator/store.hpp"

namespace SQLite {
class Statement;
}

namespace skald::sqlite {

/// "SELECT … FROM saga WHERE `condition`", with the columns that saga_row() expects.
[[nodiscard]] std::string select_saga(std::string_view condition);

/// The row under the cursor of select_saga(). Refuses with
/// storage_unreadable a status that this program does not know.
[[nodiscard]] Result<SagaRow> saga_row(const SQLite::Statement& statement);

/// The row of "SELECT key, definition, version, status, due, keep FROM saga". Refuses like
/// saga_row().
[[nodiscard]] Result<LiveRow> live_row(const SQLite::Statement& statement);

/// The row of "SELECT saga, revision, at, entries FROM history".
[[nodiscard]] HistoryRow history_row(const SQLite::Statement& statement);

/// The row of "SELECT key, fingerprint, saga, at, answer FROM request".
[[nodiscard]] RequestRow request_row(const SQLite::Statement& statement);

/// The row of "SELECT name, version, hash, document, at FROM definition".
[[nodiscard]] DefinitionRow definition_row(const SQLite::Statement& statement);

// Texts are not copied: the row must outlive the run of the statement.

/// The key, and the columns that every transition changes (updated, revision, due, keep, instance),
/// to ?1 … ?6.
void bind_moved(SQLite::Statement& statement, const SagaRow& row);
/// The same, and status and ended to ?7 and ?8.
void bind_status(SQLite::Statement& statement, const SagaRow& row);
/// The same, and id, definition, version, business_key, created to ?9 … ?13.
void bind_saga(SQLite::Statement& statement, const SagaRow& row);
/// Several rows to ?1, ?2, …, in the order of the table after its key.
void bind_history(SQLite::Statement& statement, std::span<const HistoryRow> rows);
/// A row's columns to ?1, ?2, … in the order of the table.
void bind_request(SQLite::Statement& statement, const RequestRow& row);
void bind_definition(SQLite::Statement& statement, const DefinitionRow& row);

/// Gives the first definition after the one named, that any saga runs by, or null.
inline constexpr const char* next_definition =
    "SELECT min(definition) FROM saga WHERE definition > ?";

/// The names of all definitions that sagas run by, with `next` prepared from next_definition: one
/// look-up each, however many sagas there are.
[[nodiscard]] std::vector<std::string> definitions_in(SQLite::Statement& next);

/// How times are stored: milliseconds since 1970 UTC.
[[nodiscard]] inline std::int64_t stored(Timestamp time) { return time.time_since_epoch().count(); }

/// The status with the stored name, or storage_unreadable.
[[nodiscard]] Result<Status> stored_status(const std::string& name);

}  // namespace skald::sqlite
