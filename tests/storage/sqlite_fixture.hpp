#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "storage/sqlite/sqlite_store.hpp"
#include "tests/storage/rows_for_tests.hpp"
#include "tests/storage/temporary_directory.hpp"

namespace skald::test {

/// An SQLite store's data directory, and ways to open and inspect it.
struct SqliteFixture {
  TemporaryDirectory directory;
  SqliteOptions options;

  SqliteFixture() { options.directory = directory.path() / "data"; }

  [[nodiscard]] std::filesystem::path file(const char* name = "skald.db") const {
    return options.directory / name;
  }

  [[nodiscard]] std::unique_ptr<Store> open() const {
    auto store = open_sqlite_store(options);
    REQUIRE_MESSAGE(store.ok(), (store ? "" : store.error().message));
    return std::move(store).value();
  }

  [[nodiscard]] Error refusal() const {
    const auto store = open_sqlite_store(options);
    REQUIRE_FALSE(store.ok());
    return store.error();
  }
};

/// A batch of `count` sagas from `first` on, each with history, a request and a definition.
[[nodiscard]] inline Batch batch_of(std::int64_t first, std::int64_t count) {
  Batch batch;
  for (std::int64_t key = first; key < first + count; ++key) {
    batch.sagas.push_back(saga(key));
    batch.sagas.back().instance.assign(1000, 'i');
    batch.history.push_back(history(key, 1));
    batch.requests.push_back(request("start-id:saga-" + std::to_string(key), key));
    batch.definitions.push_back(definition("of-a-batch", static_cast<std::uint32_t>(key)));
  }
  return batch;
}

/// The keys of all sagas, oldest first, each of which has its history, request and
/// definition as well.
[[nodiscard]] inline std::vector<std::int64_t> whole_sagas(Store& store) {
  std::vector<std::int64_t> whole;
  const auto rows = store.reader().list({}, std::nullopt, 1'000'000);
  REQUIRE(rows.ok());
  REQUIRE(definitions(store).size() == rows->size());
  for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
    const std::int64_t key = number(row->key);
    const auto entries = store.reader().history(row->key, 0, 10);
    const auto asked = store.writer().find_request("start-id:saga-" + std::to_string(key));
    if (entries && entries->size() == 1 && asked && asked->has_value()) whole.push_back(key);
  }
  REQUIRE(whole.size() == rows->size());
  return whole;
}

/// 1, 2, …, `last`.
[[nodiscard]] inline std::vector<std::int64_t> up_to(std::int64_t last) {
  std::vector<std::int64_t> all;
  for (std::int64_t key = 1; key <= last; ++key) all.push_back(key);
  return all;
}

/// All bytes of a file. Never of one that this process has open in a store: closing the descriptor
/// would drop SQLite's locks.
[[nodiscard]] inline std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_bytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

[[nodiscard]] inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace skald::test
