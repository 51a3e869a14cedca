// Opening an SQLite store: what it creates, whom it refuses, and that it changes nothing then.
#include <SQLiteCpp/Database.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "storage/sqlite/schema.hpp"
#include "tests/storage/child_process.hpp"
#include "tests/storage/faulty_vfs.hpp"
#include "tests/storage/sqlite_fixture.hpp"

namespace skald::test {

namespace {

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

void run_sql(const std::filesystem::path& file, const std::string& sql) {
  SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec(sql);
}

/// Leaves a store with ten sagas in `fixture`, closed.
void fill(const SqliteFixture& fixture) {
  const auto store = fixture.open();
  REQUIRE(commit(*store, batch_of(1, 10)).ok());
}

void check_refused_unchanged(const SqliteFixture& fixture, std::string_view about) {
  const std::string before = bytes_of(fixture.file());
  const Error error = fixture.refusal();
  CHECK(error.code == ErrorCode::storage_unreadable);
  CHECK_MESSAGE(has(error.message, about), error.message);
  CHECK(has(error.message, fixture.file().string()));
  CHECK(has(error.hint, "nothing was changed"));
  CHECK(bytes_of(fixture.file()) == before);
}

TEST_CASE("a missing data directory is made, for its owner only") {
  SqliteFixture fixture;
  fixture.options.directory = fixture.directory.path() / "several" / "levels" / "deep";
  const auto store = fixture.open();
  REQUIRE(commit(*store, batch_of(1, 1)).ok());
  CHECK(mode_of(fixture.options.directory) == 0700);
  for (const char* name : {"skald.db", "skald.db-wal", "skald.db-shm", "skald.lock"})
    CHECK(mode_of(fixture.file(name)) == 0600);
}

TEST_CASE("the directory holds the database and the lock when the store is closed, nothing else") {
  const SqliteFixture fixture;
  fill(fixture);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(fixture.options.directory))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"skald.db", "skald.lock"});
}

TEST_CASE("the file is a database of 8 KiB pages with a write-ahead log and Skald's mark") {
  const SqliteFixture fixture;
  fill(fixture);
  SQLite::Database raw(fixture.file().string());
  CHECK(raw.execAndGet("PRAGMA page_size").getInt() == 8192);
  CHECK(raw.execAndGet("PRAGMA journal_mode").getString() == "wal");
  CHECK(raw.execAndGet("PRAGMA application_id").getInt64() == sqlite::application_id);
  CHECK(raw.execAndGet("PRAGMA integrity_check").getString() == "ok");
}

TEST_CASE("what stands where the directory should be is named") {
  SqliteFixture fixture;
  fixture.options.directory = fixture.directory.path() / "file";
  write_bytes(fixture.options.directory, "in the way");
  const Error error = fixture.refusal();
  CHECK(error.code == ErrorCode::storage_failed);
  CHECK(has(error.message, fixture.options.directory.string()));
}

TEST_CASE("a second store in the same process is refused with this process's id") {
  const SqliteFixture fixture;
  const auto store = fixture.open();
  const Error error = fixture.refusal();
  CHECK(error.code == ErrorCode::storage_in_use);
  CHECK(has(error.message, std::to_string(::getpid())));
  CHECK(has(error.message, fixture.options.directory.string()));
  REQUIRE(commit(*store, batch_of(1, 1)).ok());
}

TEST_CASE("another process is refused while one holds the store, and let in when it is killed") {
  const SqliteFixture fixture;
  Child holder([&](const Child::Report& report) {
    const auto store = open_sqlite_store(fixture.options);
    if (store) report(::getpid());
    wait_to_be_killed();
  });
  REQUIRE(holder.next() == holder.pid());
  const Error error = fixture.refusal();  // would hang here if it waited
  CHECK(error.code == ErrorCode::storage_in_use);
  CHECK(has(error.message, "process " + std::to_string(holder.pid())));
  CHECK(has(error.message, fixture.options.directory.string()));
  holder.kill();
  CHECK(commit(*fixture.open(), batch_of(1, 1)).ok());
}

TEST_CASE("a file of a newer schema is refused with both versions") {
  const SqliteFixture fixture;
  fill(fixture);
  run_sql(fixture.file(), "PRAGMA user_version = 999");
  check_refused_unchanged(fixture, "version 999");
  CHECK(has(fixture.refusal().message,
            "versions up to " + std::to_string(sqlite::migrations().size())));
}

TEST_CASE("a file of a newer schema that was killed is refused without touching its log") {
  const SqliteFixture fixture;
  fill(fixture);
  Child newer([&](const Child::Report& report) {
    SQLite::Database raw(fixture.file().string(), SQLite::OPEN_READWRITE);
    raw.exec("PRAGMA user_version = 999");
    report(1);
    wait_to_be_killed();
  });
  REQUIRE(newer.next() == 1);
  newer.kill();
  const std::string log = bytes_of(fixture.file("skald.db-wal"));
  REQUIRE_FALSE(log.empty());
  check_refused_unchanged(fixture, "version 999");
  CHECK(bytes_of(fixture.file("skald.db-wal")) == log);
}

TEST_CASE("a file that is no database is refused, and nothing is put beside it") {
  const SqliteFixture fixture;
  for (const std::size_t size : {std::size_t{1}, std::size_t{99}, std::size_t{20'000}}) {
    std::filesystem::create_directories(fixture.options.directory);
    write_bytes(fixture.file(), std::string(size, 'g'));
    check_refused_unchanged(fixture, "is no SQLite database");
    CHECK_FALSE(std::filesystem::exists(fixture.file("skald.db-wal")));
    CHECK_FALSE(std::filesystem::exists(fixture.file("skald.db-journal")));
  }
}

TEST_CASE("another program's database is refused") {
  const SqliteFixture fixture;
  std::filesystem::create_directories(fixture.options.directory);
  SQLite::Database(fixture.file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE other(x)");
  check_refused_unchanged(fixture, "of another program");
}

TEST_CASE("an empty file is refused: it is what a failed copy leaves") {
  const SqliteFixture fixture;
  std::filesystem::create_directories(fixture.options.directory);
  write_bytes(fixture.file(), "");
  check_refused_unchanged(fixture, "is empty");
}

TEST_CASE("a file that was cut short is refused") {
  const SqliteFixture fixture;
  fill(fixture);
  const auto size = std::filesystem::file_size(fixture.file());
  for (const auto left : {size / 2, size - 1}) {
    std::filesystem::resize_file(fixture.file(), left);
    check_refused_unchanged(fixture, "is damaged");
  }
}

TEST_CASE("a file with an unreadable first page is refused") {
  const SqliteFixture fixture;
  fill(fixture);
  std::string bytes = bytes_of(fixture.file());
  for (std::size_t i = 100; i < 8192; ++i) bytes[i] = '\x55';
  write_bytes(fixture.file(), bytes);
  check_refused_unchanged(fixture, "malformed");
}

TEST_CASE("a log without its database is refused, not replaced by a new one") {
  const SqliteFixture fixture;
  std::filesystem::create_directories(fixture.options.directory);
  write_bytes(fixture.file("skald.db-wal"), "frames");
  const Error error = fixture.refusal();
  CHECK(error.code == ErrorCode::storage_unreadable);
  CHECK(has(error.message, "is missing, but its log"));
  CHECK(bytes_of(fixture.file("skald.db-wal")) == "frames");
  CHECK_FALSE(std::filesystem::exists(fixture.file()));
}

TEST_CASE("what a creation that was killed left behind is replaced") {
  const SqliteFixture fixture;
  std::filesystem::create_directories(fixture.options.directory);
  write_bytes(fixture.file("skald.db.new"), "half of it");
  write_bytes(fixture.file("skald.db.new-journal"), "half of it");
  fill(fixture);
  CHECK(whole_sagas(*fixture.open()) == up_to(10));
}

TEST_CASE("a file system on which the log cannot be shared is refused") {
  SqliteFixture fixture;
  fill(fixture);
  FaultyVfs disk;
  disk.offer_shared_memory(false);
  fixture.options.vfs = FaultyVfs::name();
  const Error error = fixture.refusal();
  CHECK(error.code == ErrorCode::storage_failed);
  CHECK_MESSAGE(has(error.message, fixture.file().string()), error.message);
}

TEST_CASE("options that make no sense are refused") {
  SqliteFixture fixture;
  fixture.options.readers = 0;
  CHECK(fixture.refusal().code == ErrorCode::invalid_argument);
}

TEST_CASE("migrations run from where the file is, and one that fails leaves the version before") {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "some.db";
  SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  const std::array first{"CREATE TABLE a(x)"};
  const std::array more{"CREATE TABLE a(x)", "CREATE TABLE b(x); INSERT INTO b VALUES (1)",
                        "CREATE TABLE c(x); INSERT INTO nowhere VALUES (1)"};
  REQUIRE(sqlite::migrate(database, first, file).ok());
  CHECK(database.execAndGet("PRAGMA user_version").getInt() == 1);
  CHECK_THROWS_AS((void)sqlite::migrate(database, more, file), SQLite::Exception);
  CHECK(database.execAndGet("PRAGMA user_version").getInt() == 2);
  CHECK(database.tableExists("b"));
  CHECK_FALSE(database.tableExists("c"));
}

}  // namespace

}  // namespace skald::test
