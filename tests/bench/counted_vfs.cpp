#include "tests/bench/counted_vfs.hpp"

#include <sqlite3.h>

#include <new>

#include "engine/model/invariant.hpp"
#include "tests/bench/usage.hpp"

namespace skald::bench {

struct CountedVfs::State {
  sqlite3_vfs* real = nullptr;
  std::chrono::milliseconds delay{};
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::uint64_t> syncs{0};
};

namespace {

/// What SQLite holds for an open file; the system's own follows behind it in the same memory.
struct File {
  sqlite3_file base;
  CountedVfs::State* state;
};

File& ours(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<File*>(file) + 1);
}

int write_file(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
  ours(f).state->bytes += static_cast<std::uint64_t>(size);
  return real(f)->pMethods->xWrite(real(f), from, size, at);
}

int sync_file(sqlite3_file* f, int flags) {
  ++ours(f).state->syncs;
  if (ours(f).state->delay.count() > 0) pause_for(ours(f).state->delay);
  return real(f)->pMethods->xSync(real(f), flags);
}

/// Everything but writing and syncing goes to the system as it is.
sqlite3_io_methods methods() {
  sqlite3_io_methods table{};
  table.iVersion = 2;
  table.xClose = [](sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); };
  table.xRead = [](sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
    return real(f)->pMethods->xRead(real(f), to, size, at);
  };
  table.xWrite = write_file;
  table.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
    return real(f)->pMethods->xTruncate(real(f), size);
  };
  table.xSync = sync_file;
  table.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
    return real(f)->pMethods->xFileSize(real(f), size);
  };
  table.xLock = [](sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); };
  table.xUnlock = [](sqlite3_file* f, int level) {
    return real(f)->pMethods->xUnlock(real(f), level);
  };
  table.xCheckReservedLock = [](sqlite3_file* f, int* held) {
    return real(f)->pMethods->xCheckReservedLock(real(f), held);
  };
  table.xFileControl = [](sqlite3_file* f, int what, void* argument) {
    return real(f)->pMethods->xFileControl(real(f), what, argument);
  };
  table.xSectorSize = [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); };
  table.xDeviceCharacteristics = [](sqlite3_file* f) {
    return real(f)->pMethods->xDeviceCharacteristics(real(f));
  };
  table.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** to) {
    return real(f)->pMethods->xShmMap(real(f), page, size, extend, to);
  };
  table.xShmLock = [](sqlite3_file* f, int offset, int count, int flags) {
    return real(f)->pMethods->xShmLock(real(f), offset, count, flags);
  };
  table.xShmBarrier = [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); };
  table.xShmUnmap = [](sqlite3_file* f, int remove) {
    return real(f)->pMethods->xShmUnmap(real(f), remove);
  };
  return table;
}

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* f, int flags, int* given) {
  static const sqlite3_io_methods table = methods();
  auto* state = static_cast<CountedVfs::State*>(vfs->pAppData);
  File& file = *new (f) File{{nullptr}, state};
  real(f)->pMethods = nullptr;
  const int code = state->real->xOpen(state->real, path, real(f), flags, given);
  if (real(f)->pMethods != nullptr) file.base.pMethods = &table;
  return code;
}

}  // namespace

CountedVfs::CountedVfs(std::chrono::milliseconds delay)
    : state_(std::make_unique<State>()), vfs_(std::make_unique<sqlite3_vfs>()) {
  state_->real = sqlite3_vfs_find(nullptr);
  state_->delay = delay;
  invariant(state_->real != nullptr, "SQLite has a default VFS");
  *vfs_ = *state_->real;  // everything but opening needs no file, and goes to the system directly
  vfs_->pNext = nullptr;
  vfs_->zName = "skald-counted";
  vfs_->szOsFile = static_cast<int>(sizeof(File)) + state_->real->szOsFile;
  vfs_->pAppData = state_.get();
  vfs_->xOpen = open_file;
  // The default one, because a node of the program's own opens its store without naming any.
  invariant(sqlite3_vfs_register(vfs_.get(), 1) == SQLITE_OK, "a VFS can be registered");
}

CountedVfs::~CountedVfs() { sqlite3_vfs_unregister(vfs_.get()); }

CountedVfs::Counts CountedVfs::counts() const { return {state_->bytes, state_->syncs}; }

}  // namespace skald::bench
