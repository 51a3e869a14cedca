#include <doctest/doctest.h>

#include "storage/memory/memory_store.hpp"
#include "storage/sqlite/sqlite_store.hpp"
#include "tests/storage/store_contract.hpp"
#include "tests/storage/temporary_directory.hpp"

namespace skald::test {

namespace {

Backend memory_backend() {
  auto disk = std::make_shared<MemoryDisk>();
  return {"memory", [disk] { return open_memory_store(disk); }};
}

Backend sqlite_backend() {
  auto directory = std::make_shared<TemporaryDirectory>();
  return {"sqlite", [directory] {
            SqliteOptions options;
            options.directory = directory->path() / "data";
            auto store = open_sqlite_store(options);
            REQUIRE_MESSAGE(store.ok(), (store ? "" : store.error().message));
            return std::move(store).value();
          }};
}

}  // namespace

std::vector<BackendFactory> backends() { return {memory_backend, sqlite_backend}; }

}  // namespace skald::test
