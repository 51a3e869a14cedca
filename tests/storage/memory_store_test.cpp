// What only the memory store has: faults on demand, and a disk that outlives its stores.
#include "storage/memory/memory_store.hpp"

#include <doctest/doctest.h>

#include "tests/storage/rows_for_tests.hpp"

namespace skald::test {

namespace {

Result<void> commit_saga(Store& store, std::int64_t key) {
  return store.writer().commit(store.writer().epoch(), {{saga(key)}, {}, {}});
}

std::size_t stored(Store& store) { return store.reader().list({}, std::nullopt, 100)->size(); }

TEST_CASE("the memory store's disk is full for as many commits as asked, and stores none of them") {
  const auto disk = std::make_shared<MemoryDisk>();
  const auto store = open_memory_store(disk);
  disk->fail_next_commits(ErrorCode::disk_full, 2);
  for (int i = 0; i < 2; ++i) CHECK(commit_saga(*store, 1).error().code == ErrorCode::disk_full);
  CHECK(stored(*store) == 0);
  CHECK(commit_saga(*store, 1).ok());
  CHECK(stored(*store) == 1);
}

TEST_CASE("a commit that fails on demand stores no definition") {
  const auto disk = std::make_shared<MemoryDisk>();
  auto store = open_memory_store(disk);
  for (const ErrorCode code : {ErrorCode::disk_full, ErrorCode::storage_failed}) {
    disk->fail_next_commits(code);
    const auto failed = commit(*store, {.definitions = {definition("transfer", 1)}});
    CHECK(failed.error().code == code);
    CHECK(definitions(*store).empty());
  }
  store = open_memory_store(disk);
  REQUIRE(commit(*store, {.definitions = {definition("transfer", 1)}}).ok());
  CHECK(definitions(*open_memory_store(disk)).size() == 1);
}

TEST_CASE("a memory store that failed stays failed until it is opened again") {
  const auto disk = std::make_shared<MemoryDisk>();
  auto store = open_memory_store(disk);
  REQUIRE(commit_saga(*store, 1).ok());
  disk->fail_next_commits(ErrorCode::storage_failed);
  for (int i = 0; i < 3; ++i)
    CHECK(commit_saga(*store, 2).error().code == ErrorCode::storage_failed);
  store = open_memory_store(disk);
  CHECK(stored(*store) == 1);
  CHECK(commit_saga(*store, 2).ok());
}

TEST_CASE("a memory store is refused commits once another was opened on its disk") {
  const auto disk = std::make_shared<MemoryDisk>();
  const auto first = open_memory_store(disk);
  const auto second = open_memory_store(disk);
  CHECK(commit_saga(*first, 1).error().code == ErrorCode::storage_failed);
  CHECK(commit_saga(*second, 1).ok());
  CHECK(stored(*first) == 1);
}

}  // namespace

}  // namespace skald::test
