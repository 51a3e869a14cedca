#pragma once

#include <memory>
#include <string>

#include "engine/model/error.hpp"
#include "engine/orchestrator/store.hpp"

namespace skald {

struct MemoryTables;

/// What a memory store keeps its rows on. It outlives the stores opened on it, so that a test can
/// "crash" (drop the store) and open again. All members may be called from any thread.
class MemoryDisk {
 public:
  MemoryDisk();
  ~MemoryDisk();
  MemoryDisk(const MemoryDisk&) = delete;
  MemoryDisk& operator=(const MemoryDisk&) = delete;

  /// The next `commits` commits on this disk fail with `code`, which is disk_full or
  /// storage_failed, and store nothing. After storage_failed the store it hit stays failed until
  /// it is opened again, as the SQLite store does.
  void fail_next_commits(ErrorCode code, int commits = 1);

  /// For the stores on this disk.
  [[nodiscard]] MemoryTables& tables() { return *tables_; }

 private:
  std::unique_ptr<MemoryTables> tables_;
};

/// Opens a store on `disk`, under a larger epoch than any before on it; null: on a new, empty disk.
/// A store opened earlier on the same disk can still read, but its commits are refused from now on.
[[nodiscard]] std::unique_ptr<Store> open_memory_store(std::shared_ptr<MemoryDisk> disk = nullptr);

}  // namespace skald
