#include "storage/sqlite/connection.hpp"

#include <sqlite3.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

namespace skald::sqlite {

namespace {

// Nobody else writes, so waiting is for a person with a shell, or another connection's recovery.
constexpr int busy_timeout_ms = 1000;

Error not_durable(const DatabasePlace& place, const std::string& what) {
  return {ErrorCode::storage_failed,
          place.file.string() + " cannot be made durable: " + what,
          "put the data directory on a local disk (ext4, XFS, ZFS), not on a network share",
          {}};
}

}  // namespace

std::unique_ptr<SQLite::Database> connect(const DatabasePlace& place, Access access) {
  const bool writes = access == Access::write;
  const int flags =
      SQLite::OPEN_NOMUTEX | (writes ? SQLite::OPEN_READWRITE : SQLite::OPEN_READONLY);
  auto database =
      std::make_unique<SQLite::Database>(place.file.string(), flags, busy_timeout_ms, place.vfs);
  // The writer checkpoints by itself and then sees the errors, which auto-checkpoint would hide.
  database->exec("PRAGMA wal_autocheckpoint = 0");
  database->exec("PRAGMA mmap_size = 0");
  database->exec("PRAGMA temp_store = MEMORY");
  // In the negative unit of this pragma, KiB.
  database->exec(writes ? "PRAGMA cache_size = -16384" : "PRAGMA cache_size = -8192");
  // Debian's SQLite would zero every freed byte: 15 % of a commit, for bytes next to live payloads.
  if (writes) database->exec("PRAGMA secure_delete = OFF");
  if (!writes) database->exec("PRAGMA query_only = 1");
  allow_write_on_close(*database, false);
  return database;
}

Result<void> require_durable(SQLite::Database& database, const DatabasePlace& place) {
  const std::string mode = database.execAndGet("PRAGMA journal_mode = WAL").getString();
  if (mode != "wal") return not_durable(place, "the journal mode is \"" + mode + "\", not \"wal\"");
  database.exec("PRAGMA synchronous = FULL");
  const int synchronous = database.execAndGet("PRAGMA synchronous").getInt();
  if (synchronous != 2)
    return not_durable(place, "synchronous is " + std::to_string(synchronous) + ", not 2 (FULL)");
  // What the log grew to while the disk was full or a reader was slow is given back afterwards.
  database.exec("PRAGMA journal_size_limit = 67108864");
  return {};
}

void allow_write_on_close(SQLite::Database& database, bool allowed) {
  sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, allowed ? 0 : 1,
                    nullptr);
}

StatementUse::~StatementUse() { statement_.tryReset(); }

void run(SQLite::Statement& statement) {
  const StatementUse use(statement);
  statement.exec();
}

}  // namespace skald::sqlite
