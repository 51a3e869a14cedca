#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/model/result.hpp"

namespace SQLite {
class Database;
class Statement;
}  // namespace SQLite

namespace skald::sqlite {

/// A database file, and how SQLite reaches it.
struct DatabasePlace {
  std::filesystem::path file;
  std::string vfs;  ///< name of a registered SQLite VFS; empty: the system's
};

/// What a connection is for. Only the one writing connection checkpoints: with two, SQLite before
/// 3.51.3 can corrupt the file (the WAL-reset bug).
enum class Access { write, read };

/// Opens a connection to an existing file, with everything set that holds for every connection.
/// Throws SQLite::Exception.
[[nodiscard]] std::unique_ptr<SQLite::Database> connect(const DatabasePlace& place, Access access);

/// Switches the file to a write-ahead log that is synced in every commit, and reads back that it
/// is so. Refuses with storage_failed when the file system cannot do it. Throws SQLite::Exception.
[[nodiscard]] Result<void> require_durable(SQLite::Database& database, const DatabasePlace& place);

/// Whether closing `database` may still copy the write-ahead log into the main file, and so write.
void allow_write_on_close(SQLite::Database& database, bool allowed);

/// Ends a statement's use when leaving the scope, so that it holds no read transaction.
class StatementUse {
 public:
  explicit StatementUse(SQLite::Statement& statement) : statement_(statement) {}
  ~StatementUse();
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;

 private:
  SQLite::Statement& statement_;
};

/// Runs a statement that gives no rows, from start to end. Throws SQLite::Exception.
void run(SQLite::Statement& statement);

}  // namespace skald::sqlite
