#pragma once

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

/// The row of "SELECT saga, revision, at, entries FROM history".
[[nodiscard]] HistoryRow history_row(const SQLite::Statement& statement);

/// The row of "SELECT key, fingerprint, saga, at, answer FROM request".
[[nodiscard]] RequestRow request_row(const SQLite::Statement& statement);

/// The row of "SELECT name, version, hash, document, at FROM definition".
[[nodiscard]] DefinitionRow definition_row(const SQLite::Statement& statement);

/// Give a row's columns to the parameters ?1, ?2, … in the order of the table. Texts are not
/// copied: the row must outlive the run of the statement.
void bind_saga(SQLite::Statement& statement, const SagaRow& row);
void bind_history(SQLite::Statement& statement, const HistoryRow& row);
void bind_request(SQLite::Statement& statement, const RequestRow& row);
void bind_definition(SQLite::Statement& statement, const DefinitionRow& row);

/// How times are stored: milliseconds since 1970 UTC.
[[nodiscard]] inline std::int64_t stored(Timestamp time) { return time.time_since_epoch().count(); }

/// The status with the stored name, or storage_unreadable.
[[nodiscard]] Result<Status> stored_status(const std::string& name);

}  // namespace skald::sqlite
