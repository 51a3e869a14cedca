#include "tests/bench/naive_sqlite.hpp"

#include <sqlite3.h>

#include <memory>
#include <string>

#include "engine/model/invariant.hpp"
#include "tests/bench/usage.hpp"

namespace skald::bench {

namespace {

constexpr int transitions_per_saga = 4;
constexpr int batch = 256;

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, Close>;

Database open_empty(const std::filesystem::path& file) {
  sqlite3* database = nullptr;
  invariant(sqlite3_open(file.c_str(), &database) == SQLITE_OK, "a database can be opened");
  Database owned(database);
  const char* schema =
      "PRAGMA page_size=8192; PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL;"
      "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000;"
      "CREATE TABLE saga (key INTEGER PRIMARY KEY, status INTEGER, updated INTEGER,"
      "  revision INTEGER, state BLOB);"
      "CREATE INDEX saga_by_status ON saga (status, key);"
      "CREATE TABLE history (saga INTEGER, revision INTEGER, entry BLOB,"
      "  PRIMARY KEY (saga, revision)) WITHOUT ROWID;";
  invariant(sqlite3_exec(database, schema, nullptr, nullptr, nullptr) == SQLITE_OK,
            "tables can be made");
  return owned;
}

Statement prepare(const Database& database, const char* text) {
  sqlite3_stmt* statement = nullptr;
  invariant(sqlite3_prepare_v2(database.get(), text, -1, &statement, nullptr) == SQLITE_OK,
            "a statement can be prepared");
  return Statement(statement);
}

void execute(const Statement& statement) {
  invariant(sqlite3_step(statement.get()) == SQLITE_DONE, "a row can be stored");
  sqlite3_reset(statement.get());
}

void put(const Statement& statement, int place, std::int64_t value) {
  sqlite3_bind_int64(statement.get(), place, value);
}

void put(const Statement& statement, int place, const std::string& bytes) {
  sqlite3_bind_blob(statement.get(), place, bytes.data(), static_cast<int>(bytes.size()),
                    SQLITE_STATIC);
}

struct Loop {
  explicit Loop(const std::filesystem::path& file)
      : database(open_empty(file)),
        begin(prepare(database, "BEGIN")),
        commit(prepare(database, "COMMIT")),
        history(prepare(database, "INSERT INTO history VALUES (?1, ?2, ?3)")),
        insert(prepare(database, "INSERT INTO saga VALUES (?1, ?2, ?3, ?4, ?5)")),
        update(prepare(database,
                       "UPDATE saga SET status=?2, updated=?3, revision=?4, state=?5"
                       " WHERE key=?1")) {}

  void transition(std::int64_t saga, int revision) {
    put(history, 1, saga);
    put(history, 2, revision);
    put(history, 3, bytes);
    execute(history);
    const Statement& row = revision == 1 ? insert : update;
    put(row, 1, saga);
    put(row, 2, revision == transitions_per_saga ? 4 : 0);
    put(row, 3, saga + revision);
    put(row, 4, revision);
    put(row, 5, bytes);
    execute(row);
  }

  /// One commit; sagas move in waves, like those of many clients.
  void wave(std::int64_t newest) {
    execute(begin);
    for (int age = 0; age < transitions_per_saga && age <= newest; ++age)
      for (int i = 0; i < batch / transitions_per_saga; ++i)
        transition((newest - age) * batch + i, age + 1);
    execute(commit);
  }

  const std::string bytes = std::string(200, 'x');
  Database database;
  Statement begin, commit, history, insert, update;
};

}  // namespace

double naive_transitions_per_second(const std::filesystem::path& directory,
                                    std::chrono::milliseconds span) {
  const auto file = directory / "naive.db";
  std::int64_t waves = 0;
  Seconds took{};
  {
    Loop loop(file);
    const auto from = std::chrono::steady_clock::now();
    do {
      loop.wave(waves++);
      took = std::chrono::steady_clock::now() - from;
    } while (took < span);
  }
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
  return static_cast<double>(waves * batch) / took.count();
}

}  // namespace skald::bench
