#include "tests/storage/faulty_vfs.hpp"

#include <sqlite3.h>

#include <array>
#include <new>
#include <optional>

#include "engine/model/invariant.hpp"

namespace skald::test {

using Operation = FaultyVfs::Operation;
using Place = FaultyVfs::Place;

struct FaultyVfs::State {
  struct Fault {
    std::optional<Operation> operation;  ///< none: any
    std::optional<Place> place;          ///< none: any
    int code = SQLITE_OK;
    int error_number = 0;
    int skip = 0;
    int times = 0;
  };

  sqlite3_vfs* real = nullptr;
  Fault fault;
  bool shared_memory = true;
  std::array<std::array<int, 2>, 2> counts{};
  int last_errno = 0;  ///< of the last operation that failed on demand

  /// SQLITE_OK, or what the operation must answer instead of being done.
  int check(Operation operation, Place place) {
    ++counts[static_cast<std::size_t>(operation)][static_cast<std::size_t>(place)];
    if (fault.operation && *fault.operation != operation) return SQLITE_OK;
    if (fault.place && *fault.place != place) return SQLITE_OK;
    if (fault.skip > 0) return --fault.skip, SQLITE_OK;
    if (fault.times == 0) return SQLITE_OK;
    --fault.times;
    last_errno = fault.error_number;
    return fault.code;
  }
};

namespace {

/// What SQLite holds for an open file; the system's own follows behind it in the same memory.
struct File {
  sqlite3_file base;
  FaultyVfs::State* state;
  Place place;
};

File& ours(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<File*>(file) + 1);
}

int close_file(sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); }
int read_file(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
  return real(f)->pMethods->xRead(real(f), to, size, at);
}
int write_file(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
  if (const int code = ours(f).state->check(Operation::write, ours(f).place)) return code;
  return real(f)->pMethods->xWrite(real(f), from, size, at);
}
int truncate_file(sqlite3_file* f, sqlite3_int64 size) {
  return real(f)->pMethods->xTruncate(real(f), size);
}
int sync_file(sqlite3_file* f, int flags) {
  if (const int code = ours(f).state->check(Operation::sync, ours(f).place)) return code;
  return real(f)->pMethods->xSync(real(f), flags);
}
int size_of_file(sqlite3_file* f, sqlite3_int64* size) {
  return real(f)->pMethods->xFileSize(real(f), size);
}
int lock_file(sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); }
int unlock_file(sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
int check_lock(sqlite3_file* f, int* held) {
  return real(f)->pMethods->xCheckReservedLock(real(f), held);
}
int control_file(sqlite3_file* f, int what, void* argument) {
  const int error_number = ours(f).state->last_errno;
  if (what == SQLITE_FCNTL_LAST_ERRNO && error_number != 0)
    return *static_cast<int*>(argument) = error_number, SQLITE_OK;
  return real(f)->pMethods->xFileControl(real(f), what, argument);
}
int sector_size(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
int characteristics(sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
int map_shared(sqlite3_file* f, int page, int size, int extend, void volatile** to) {
  return real(f)->pMethods->xShmMap(real(f), page, size, extend, to);
}
int lock_shared(sqlite3_file* f, int offset, int count, int flags) {
  return real(f)->pMethods->xShmLock(real(f), offset, count, flags);
}
void barrier_shared(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int unmap_shared(sqlite3_file* f, int remove) {
  return real(f)->pMethods->xShmUnmap(real(f), remove);
}

sqlite3_io_methods methods(int version) {
  sqlite3_io_methods table{};
  table.iVersion = version;
  table.xClose = close_file;
  table.xRead = read_file;
  table.xWrite = write_file;
  table.xTruncate = truncate_file;
  table.xSync = sync_file;
  table.xFileSize = size_of_file;
  table.xLock = lock_file;
  table.xUnlock = unlock_file;
  table.xCheckReservedLock = check_lock;
  table.xFileControl = control_file;
  table.xSectorSize = sector_size;
  table.xDeviceCharacteristics = characteristics;
  if (version < 2) return table;
  table.xShmMap = map_shared;
  table.xShmLock = lock_shared;
  table.xShmBarrier = barrier_shared;
  table.xShmUnmap = unmap_shared;
  return table;
}

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* f, int flags, int* given) {
  static const sqlite3_io_methods with_shared_memory = methods(2);
  static const sqlite3_io_methods without_shared_memory = methods(1);
  auto* state = static_cast<FaultyVfs::State*>(vfs->pAppData);
  const bool log = (flags & SQLITE_OPEN_WAL) != 0;
  File& file = *new (f) File{{nullptr}, state, log ? Place::log : Place::main_file};
  real(f)->pMethods = nullptr;
  const int code = state->real->xOpen(state->real, path, real(f), flags, given);
  if (real(f)->pMethods != nullptr)
    file.base.pMethods = state->shared_memory ? &with_shared_memory : &without_shared_memory;
  return code;
}

}  // namespace

FaultyVfs::FaultyVfs() : state_(std::make_unique<State>()), vfs_(std::make_unique<sqlite3_vfs>()) {
  state_->real = sqlite3_vfs_find(nullptr);
  invariant(state_->real != nullptr, "SQLite has a default VFS");
  *vfs_ = *state_->real;  // everything but opening needs no file, and goes to the system directly
  vfs_->pNext = nullptr;
  vfs_->zName = "skald-faulty";
  vfs_->szOsFile = static_cast<int>(sizeof(File)) + state_->real->szOsFile;
  vfs_->pAppData = state_.get();
  vfs_->xOpen = open_file;
  invariant(sqlite3_vfs_register(vfs_.get(), 0) == SQLITE_OK, "a VFS can be registered");
}

FaultyVfs::~FaultyVfs() { sqlite3_vfs_unregister(vfs_.get()); }

void FaultyVfs::fail(Operation operation, Place place, int code, int error_number, int skip,
                     int times) {
  state_->fault = {operation, place, code, error_number, skip, times};
}

void FaultyVfs::fail_any(int code, int error_number, int skip) {
  state_->fault = {std::nullopt, std::nullopt, code, error_number, skip, 1};
}

void FaultyVfs::heal() { state_->fault = {}; }

void FaultyVfs::offer_shared_memory(bool offered) { state_->shared_memory = offered; }

int FaultyVfs::count(Operation operation, Place place) const {
  return state_->counts[static_cast<std::size_t>(operation)][static_cast<std::size_t>(place)];
}

int FaultyVfs::count_all() const {
  int all = 0;
  for (const auto& of_operation : state_->counts)
    for (const int of_place : of_operation) all += of_place;
  return all;
}

}  // namespace skald::test
