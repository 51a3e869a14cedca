// What an SQLite store does when the disk fails, call by call, through a VFS of our own.
#include <sqlite3.h>

#include <cerrno>

#include "tests/storage/faulty_vfs.hpp"
#include "tests/storage/sqlite_fixture.hpp"

namespace skald::test {

namespace {

using Operation = FaultyVfs::Operation;
using Place = FaultyVfs::Place;

struct FaultFixture : SqliteFixture {
  FaultyVfs disk;

  FaultFixture() { options.vfs = FaultyVfs::name(); }
};

/// The next commit fails with storage_failed, so does every later one, and none of the later ones
/// nor closing touches the disk. Opened again, the store has the first `acknowledged` sagas.
void check_poisoned_by_next_commit(FaultFixture& fixture, std::unique_ptr<Store> store,
                                   std::int64_t acknowledged, std::string_view code) {
  const auto failed = commit(*store, batch_of(acknowledged + 1, 3));
  REQUIRE_FALSE(failed.ok());
  CHECK(failed.error().code == ErrorCode::storage_failed);
  CHECK_MESSAGE(has(failed.error().message, code), failed.error().message);
  CHECK(has(failed.error().message, fixture.file().string()));
  CHECK(has(failed.error().hint, "start again"));
  CHECK(whole_sagas(*store) == up_to(acknowledged));

  fixture.disk.heal();
  const int before = fixture.disk.count_all();
  const auto later = commit(*store, batch_of(acknowledged + 1, 3));
  REQUIRE_FALSE(later.ok());
  CHECK(later.error().code == ErrorCode::storage_failed);
  CHECK(has(later.error().message, failed.error().message));
  store.reset();
  CHECK(fixture.disk.count_all() == before);

  const auto again = fixture.open();
  // The batch whose commit failed may be in the file, whole: nobody can know after a failed sync.
  const auto sagas = whole_sagas(*again);
  CHECK((sagas == up_to(acknowledged) || sagas == up_to(acknowledged + 3)));
  CHECK(commit(*again, batch_of(100, 3)).ok());
}

TEST_CASE("every commit syncs the log before it returns") {
  FaultFixture fixture;
  const auto store = fixture.open();
  REQUIRE(commit(*store, batch_of(1, 1)).ok());  // the first one after opening also syncs a header
  for (std::int64_t key = 2; key < 10; ++key) {
    const int before = fixture.disk.count(Operation::sync, Place::log);
    REQUIRE(commit(*store, batch_of(key, 1)).ok());
    CHECK(fixture.disk.count(Operation::sync, Place::log) == before + 1);
  }
}

TEST_CASE("a failed sync of the log ends all commits until the store is opened again") {
  FaultFixture fixture;
  auto store = fixture.open();
  REQUIRE(commit(*store, batch_of(1, 3)).ok());
  fixture.disk.fail(Operation::sync, Place::log, SQLITE_IOERR_FSYNC, EIO);
  check_poisoned_by_next_commit(fixture, std::move(store), 3, "1034: Input/output error");
}

TEST_CASE("a sync that fails for lack of space ends all commits too: its outcome is unknown") {
  FaultFixture fixture;
  auto store = fixture.open();
  REQUIRE(commit(*store, batch_of(1, 3)).ok());
  fixture.disk.fail(Operation::sync, Place::log, SQLITE_IOERR_FSYNC, ENOSPC);
  check_poisoned_by_next_commit(fixture, std::move(store), 3, "1034: No space left");
}

TEST_CASE("a failed write to the log ends all commits until the store is opened again") {
  FaultFixture fixture;
  auto store = fixture.open();
  REQUIRE(commit(*store, batch_of(1, 3)).ok());
  fixture.disk.fail(Operation::write, Place::log, SQLITE_IOERR_WRITE, EIO, 2);
  check_poisoned_by_next_commit(fixture, std::move(store), 3, "778: Input/output error");
}

TEST_CASE("a write without space or quota fails one commit, and the next one works") {
  struct Fault {
    int code;
    int error_number;
  };
  for (const Fault fault : {Fault{SQLITE_FULL, ENOSPC}, Fault{SQLITE_IOERR_WRITE, EDQUOT}}) {
    FaultFixture fixture;
    auto store = fixture.open();
    REQUIRE(commit(*store, batch_of(1, 3)).ok());
    for (const int skip : {0, 1, 5}) {
      fixture.disk.fail(Operation::write, Place::log, fault.code, fault.error_number, skip);
      const auto failed = commit(*store, batch_of(4, 3));
      REQUIRE_FALSE(failed.ok());
      CHECK_MESSAGE(failed.error().code == ErrorCode::disk_full, failed.error().message);
      CHECK(has(failed.error().message, fixture.file().string()));
      CHECK(has(failed.error().hint, "free some space"));
      CHECK(whole_sagas(*store) == up_to(3));
    }
    fixture.disk.heal();
    CHECK(commit(*store, batch_of(4, 3)).ok());
    store.reset();
    CHECK(whole_sagas(*fixture.open()) == up_to(6));
  }
}

TEST_CASE("a checkpoint without space leaves commits acknowledged and is made up for later") {
  FaultFixture fixture;
  fixture.options.checkpoint_pages = 10;
  auto store = fixture.open();
  constexpr int always = 1'000'000;
  fixture.disk.fail(Operation::write, Place::main_file, SQLITE_FULL, ENOSPC, 0, always);
  for (std::int64_t key = 1; key <= 50; ++key) REQUIRE(commit(*store, batch_of(key, 1)).ok());
  CHECK(whole_sagas(*store) == up_to(50));
  fixture.disk.heal();
  const int before = fixture.disk.count(Operation::sync, Place::main_file);
  for (std::int64_t key = 51; key <= 60; ++key) REQUIRE(commit(*store, batch_of(key, 1)).ok());
  CHECK(fixture.disk.count(Operation::sync, Place::main_file) > before);
  store.reset();
  CHECK(whole_sagas(*fixture.open()) == up_to(60));
}

TEST_CASE("a checkpoint that fails keeps the commit before it and refuses the next") {
  for (const Operation operation : {Operation::write, Operation::sync}) {
    FaultFixture fixture;
    fixture.options.checkpoint_pages = 10;
    auto store = fixture.open();
    const int code = operation == Operation::write ? SQLITE_IOERR_WRITE : SQLITE_IOERR_FSYNC;
    fixture.disk.fail(operation, Place::main_file, code, EIO);
    std::int64_t acknowledged = 0;
    while (commit(*store, batch_of(acknowledged + 1, 1)).ok()) {
      ++acknowledged;
      REQUIRE(acknowledged < 100);
    }
    CHECK(acknowledged > 0);
    const auto refused = commit(*store, batch_of(acknowledged + 1, 1));
    CHECK(refused.error().code == ErrorCode::storage_failed);
    CHECK(has(refused.error().message, "checkpointing"));
    store.reset();
    CHECK(whole_sagas(*fixture.open()) == up_to(acknowledged));
  }
}

/// Commits single sagas until something fails; gives how many were acknowledged.
std::int64_t commit_until_failure(Store& store, std::int64_t first, std::int64_t last) {
  for (std::int64_t key = first; key <= last; ++key)
    if (!commit(store, batch_of(key, 1)).ok()) return key - 1;
  return last;
}

TEST_CASE("whichever write or sync fails, no acknowledged commit is lost and none is half there") {
  struct Fault {
    int code;
    int error_number;
  };
  for (const Fault fault : {Fault{SQLITE_IOERR_WRITE, EIO}, Fault{SQLITE_FULL, ENOSPC}}) {
    bool reached = true;
    for (int skip = 0; reached && skip < 400; ++skip) {
      FaultFixture fixture;
      fixture.options.checkpoint_pages = 20;
      auto store = fixture.open();
      REQUIRE(commit(*store, batch_of(1, 1)).ok());
      const int before = fixture.disk.count_all();
      fixture.disk.fail_any(fault.code, fault.error_number, skip);
      const std::int64_t acknowledged = commit_until_failure(*store, 2, 12);
      reached = fixture.disk.count_all() - before > skip;
      store.reset();
      fixture.disk.heal();
      const auto sagas = whole_sagas(*fixture.open());
      const bool one_more = sagas == up_to(acknowledged + 1);
      CHECK_MESSAGE((sagas == up_to(acknowledged) || one_more), "after operation " << skip);
    }
    CHECK_FALSE(reached);  // the sweep went through all operations
  }
}

TEST_CASE("a store that cannot take its epoch because the disk is full says so") {
  FaultFixture fixture;
  REQUIRE(commit(*fixture.open(), batch_of(1, 1)).ok());
  fixture.disk.fail(Operation::write, Place::log, SQLITE_FULL, ENOSPC);
  CHECK(fixture.refusal().code == ErrorCode::disk_full);
  fixture.disk.heal();
  CHECK(whole_sagas(*fixture.open()) == up_to(1));
}

TEST_CASE("a database that cannot be created leaves nothing that stops the next try") {
  for (int skip = 0; skip < 12; ++skip) {
    FaultFixture fixture;
    fixture.disk.fail(Operation::write, Place::main_file, SQLITE_FULL, ENOSPC, skip);
    const auto refused = open_sqlite_store(fixture.options);
    fixture.disk.heal();
    if (!refused) CHECK(refused.error().code == ErrorCode::disk_full);
    if (!refused) CHECK(commit(*fixture.open(), batch_of(1, 1)).ok());
  }
}

}  // namespace

}  // namespace skald::test
