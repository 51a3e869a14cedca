// Files of older schema versions: they open, keep what they hold and can hold what is new.
#include <sqlite3.h>
#include <SQLiteCpp/Database.h>

#include <cerrno>

#include "storage/sqlite/schema.hpp"
#include "tests/storage/faulty_vfs.hpp"
#include "tests/storage/sqlite_fixture.hpp"

namespace skald::test {

namespace {

/// Leaves a file as a program that knew version 1 alone would: with one saga, its history and its
/// request, last owned under epoch 7.
void make_version_1(const SqliteFixture& fixture) {
  std::filesystem::create_directories(fixture.options.directory);
  SQLite::Database raw(fixture.file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  raw.exec("PRAGMA page_size = 8192");
  raw.exec("PRAGMA application_id = " + std::to_string(sqlite::application_id));
  REQUIRE(sqlite::migrate(raw, sqlite::migrations().first(1), fixture.file()).ok());
  raw.exec("PRAGMA journal_mode = WAL");
  raw.exec(
      "UPDATE node SET epoch = 7;"
      "INSERT INTO saga VALUES (1, 'saga-1', 'transfer', 1, 'order-1', 'running', 10, 20, NULL, 1,"
      " '{}');"
      "INSERT INTO created_span VALUES (0, 10, 10);"
      "INSERT INTO history VALUES (1, 1, 10, '[]');"
      "INSERT INTO request VALUES ('start:a', 5, 1, 10)");
}

const int version_now = static_cast<int>(sqlite::migrations().size());

int version_of(const SqliteFixture& fixture) {
  SQLite::Database raw(fixture.file().string());
  return raw.execAndGet("PRAGMA user_version").getInt();
}

void check_kept(Store& store) {
  const auto found = store.reader().find(SagaId{"saga-1"});
  REQUIRE(found->has_value());
  CHECK((*found)->business_key == "order-1");
  CHECK(store.reader().history(SagaKey{1}, 0, 10)->size() == 1);
  CHECK((*store.writer().find_request("start:a"))->fingerprint == 5);
  CHECK((*store.writer().find_request("start:a"))->answer.empty());
  // Nothing told yet what it waits for: it is looked into.
  const auto counts = store.reader().count();
  REQUIRE(counts->size() == 1);
  CHECK(counts->front().definition == DefinitionRef{"transfer", 1});
  CHECK(counts->front().status == Status::running);
  CHECK(counts->front().count == 1);
  int live = 0;
  CHECK(store.writer().for_each_live([&](const LiveRow& row) {
    ++live;
    CHECK(row.keep == Keep::for_others);
  }));
  CHECK(live == 1);
}

TEST_CASE("a file of version 1 is brought to the newest and keeps what it holds") {
  const SqliteFixture fixture;
  make_version_1(fixture);
  REQUIRE(version_of(fixture) == 1);
  {
    const auto store = fixture.open();
    CHECK(number(store->writer().epoch()) == 8);
    check_kept(*store);
    CHECK(definitions(*store).empty());
    REQUIRE(commit(*store, {.definitions = {definition("transfer", 1)}}).ok());
  }
  CHECK(version_of(fixture) == version_now);
  const auto again = fixture.open();
  check_kept(*again);
  CHECK(definitions(*again).size() == 1);
}

TEST_CASE("a migration for which there is no space leaves the file at its version") {
  for (int skip = 0; skip < 3; ++skip) {
    SqliteFixture fixture;
    make_version_1(fixture);
    FaultyVfs disk;
    fixture.options.vfs = FaultyVfs::name();
    disk.fail(FaultyVfs::Operation::write, FaultyVfs::Place::log, SQLITE_FULL, ENOSPC, skip);
    CHECK(fixture.refusal().code == ErrorCode::disk_full);
    disk.heal();
    CHECK(version_of(fixture) == 1);
    check_kept(*fixture.open());
    CHECK(version_of(fixture) == version_now);
  }
}

TEST_CASE("all steps together make the tables this program uses") {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "some.db";
  SQLite::Database raw(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  REQUIRE(sqlite::migrate(raw, sqlite::migrations(), file).ok());
  for (const char* table :
       {"saga", "created_span", "history", "request", "node", "definition", "saga_count"})
    CHECK(raw.tableExists(table));
  CHECK(raw.execAndGet("SELECT group_concat(name) FROM pragma_table_info('definition')")
            .getString() == "name,version,hash,document,at");
  CHECK(raw.execAndGet("SELECT group_concat(name) FROM pragma_table_info('saga')").getString() ==
        "key,id,definition,version,business_key,status,created,updated,ended,revision,instance,"
        "due,keep");
}

}  // namespace

}  // namespace skald::test
