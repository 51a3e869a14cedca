#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/model/result.hpp"
#include "engine/orchestrator/store.hpp"

namespace skald {

/// Where and how an SQLite store works.
struct SqliteOptions {
  std::filesystem::path directory;  ///< created with mode 0700 when it is missing
  int readers = 2;                  ///< connections of the StoreReader, at least 1
  int checkpoint_pages = 1000;      ///< size of the write-ahead log, in pages of 8 KiB, from which
                                    ///< commits copy it into the main file
  std::string vfs;                  ///< name of a registered SQLite VFS; empty: the system's
};

/// Opens the store in `options.directory`, creating it when there is none, and takes it over under
/// a new epoch. This process then owns the directory until the store is destroyed or the process
/// ends in whatever way.
///
/// Errors: storage_in_use, at once, when another store has the directory open (in any process);
/// storage_unreadable when the file is not Skald's, damaged, or of a newer schema, and then nothing
/// was changed; disk_full; storage_failed for all else the system refuses.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options);

}  // namespace skald
