#pragma once

#include <string>

#include "engine/model/result.hpp"
#include "engine/orchestrator/store.hpp"

namespace SQLite {
class Statement;
}

namespace skald::sqlite {

/// The columns of table saga, in the order in which saga_row() expects and bind_saga() gives them.
inline constexpr const char* saga_columns =
    "key, id, definition, version, business_key, status, created, updated, ended, revision, "
    "instance";

/// The row under the cursor of a statement that selects saga_columns. Refuses with
/// storage_unreadable a status that this program does not know.
[[nodiscard]] Result<SagaRow> saga_row(const SQLite::Statement& statement);

/// The row of "SELECT saga, revision, at, entries FROM history".
[[nodiscard]] HistoryRow history_row(const SQLite::Statement& statement);

/// The row of "SELECT key, fingerprint, saga, at FROM request".
[[nodiscard]] RequestRow request_row(const SQLite::Statement& statement);

/// Give a row's columns to the parameters ?1, ?2, … in the same orders as above. Texts are not
/// copied: the row must outlive the run of the statement.
void bind_saga(SQLite::Statement& statement, const SagaRow& row);
void bind_history(SQLite::Statement& statement, const HistoryRow& row);
void bind_request(SQLite::Statement& statement, const RequestRow& row);

/// How times are stored: milliseconds since 1970 UTC.
[[nodiscard]] inline std::int64_t stored(Timestamp time) { return time.time_since_epoch().count(); }

/// The status with the stored name, or storage_unreadable.
[[nodiscard]] Result<Status> stored_status(const std::string& name);

}  // namespace skald::sqlite
