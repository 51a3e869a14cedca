#include "storage/sqlite/sqlite_store.hpp"

#include "storage/sqlite/data_directory.hpp"
#include "storage/sqlite/database_file.hpp"
#include "storage/sqlite/reader.hpp"
#include "storage/sqlite/writer.hpp"

namespace skald {

namespace {

/// Members go in reverse order: the lock is released when no connection is left, and the writer
/// closes last of the connections, because the last one may checkpoint.
class SqliteStore final : public Store {
 public:
  SqliteStore(sqlite::DirectoryLock lock, std::unique_ptr<StoreWriter> writer,
              std::unique_ptr<StoreReader> reader)
      : lock_(std::move(lock)), writer_(std::move(writer)), reader_(std::move(reader)) {}

  StoreWriter& writer() override { return *writer_; }
  StoreReader& reader() override { return *reader_; }

 private:
  sqlite::DirectoryLock lock_;
  std::unique_ptr<StoreWriter> writer_;
  std::unique_ptr<StoreReader> reader_;
};

Result<void> check(const SqliteOptions& options) {
  if (options.readers >= 1 && options.checkpoint_pages >= 1) return {};
  return Error{ErrorCode::invalid_argument,
               "an SQLite store needs at least 1 reader and 1 checkpoint page; given are " +
                   std::to_string(options.readers) + " and " +
                   std::to_string(options.checkpoint_pages),
               "2 and 1000 suit most machines",
               {}};
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options) {
  if (auto checked = check(options); !checked) return checked.error();
  if (auto made = sqlite::make_directory(options.directory); !made) return made.error();
  auto lock = sqlite::DirectoryLock::take(options.directory);
  if (!lock) return lock.error();
  const sqlite::DatabasePlace place{options.directory / "skald.db", options.vfs};
  if (auto present = sqlite::require_database(place); !present) return present.error();
  auto writer = sqlite::open_writer(place, options.checkpoint_pages);
  if (!writer) return writer.error();
  auto reader = sqlite::open_reader(place, options.readers);
  if (!reader) return reader.error();
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(
      std::move(lock).value(), std::move(writer).value(), std::move(reader).value()));
}

}  // namespace skald
