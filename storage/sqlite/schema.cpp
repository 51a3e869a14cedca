#include "storage/sqlite/schema.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>

#include <array>
#include <string>

namespace skald::sqlite {

namespace {

// Times are milliseconds since 1970 UTC. Statuses are names, not numbers, so that the file can be
// read with the sqlite3 shell and does not depend on the order of an enum.
//
// The indexes end with the key (SQLite adds the rowid to every index), which is the order of lists.
// created_span answers "which keys can have been created between these times": keys grow with time
// except when the clock was set back, so a span of keys has a narrow range of times.
constexpr const char* version_1 = R"(
  CREATE TABLE saga(
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL,
    version INTEGER NOT NULL,
    business_key TEXT NOT NULL,
    status TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    ended INTEGER,
    revision INTEGER NOT NULL,
    instance TEXT NOT NULL
  );
  CREATE INDEX saga_by_status ON saga(status);
  CREATE INDEX saga_by_definition ON saga(definition, status);
  CREATE INDEX saga_by_business_key ON saga(business_key) WHERE business_key <> '';

  CREATE TABLE created_span(
    span INTEGER PRIMARY KEY,
    earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL
  );

  CREATE TABLE history(
    saga INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    at INTEGER NOT NULL,
    entries TEXT NOT NULL,
    PRIMARY KEY (saga, revision)
  ) WITHOUT ROWID;

  CREATE TABLE request(
    key TEXT NOT NULL PRIMARY KEY,
    fingerprint INTEGER NOT NULL,
    saga INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE node(
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch INTEGER NOT NULL
  );
  INSERT INTO node(one, epoch) VALUES (1, 0);
)";

// Documents can be larger than a page: with a rowid they do not fill the tree of the keys.
constexpr const char* version_2 = R"(
  CREATE TABLE definition(
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    hash TEXT NOT NULL,
    document TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (name, version)
  );
)";

// What a repeated request is answered, where the saga does not tell it.
constexpr const char* version_3 = "ALTER TABLE request ADD COLUMN answer TEXT NOT NULL DEFAULT ''";

// The history is a log in the order of commits: each of its pages is written once or twice, where a
// table in the order of sagas would touch a page for every saga that moved. Sagas of one status are
// found by definition, of which there are few, so that a change of status touches one index. What
// sagas that are there already wait for is told by no column yet: they are taken into memory, all
// of them (keep 2).
constexpr const char* version_4 = R"(
  ALTER TABLE saga ADD COLUMN due INTEGER;
  ALTER TABLE saga ADD COLUMN keep INTEGER NOT NULL DEFAULT 2;
  DROP INDEX saga_by_status;

  ALTER TABLE history RENAME TO history_by_saga;
  CREATE TABLE history(
    place INTEGER PRIMARY KEY,
    saga INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    at INTEGER NOT NULL,
    entries BLOB NOT NULL
  );
  INSERT INTO history(saga, revision, at, entries)
    SELECT saga, revision, at, entries FROM history_by_saga ORDER BY saga, revision;
  DROP TABLE history_by_saga;
  CREATE UNIQUE INDEX history_of_saga ON history(saga, revision);
)";

// So that counting does not look at every saga. Kept by the writer (saga_counts.hpp) and not by
// triggers, because a batch changes few of its rows, and many sagas. A row may have come to 0.
constexpr const char* version_5 = R"(
  CREATE TABLE saga_count(
    definition TEXT NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (definition, version, status)
  ) WITHOUT ROWID;
  INSERT INTO saga_count(definition, version, status, count)
    SELECT definition, version, status, count(*) FROM saga GROUP BY definition, version, status;
)";

// Finds what is to go with a saga, and what belongs to none by its age. It grows at its end, as
// keys do.
constexpr const char* version_6 = "CREATE INDEX request_of_saga ON request(saga, at)";

constexpr std::array steps{version_1, version_2, version_3, version_4, version_5, version_6};

Error too_new(int version, std::size_t known, const std::filesystem::path& file) {
  return {ErrorCode::storage_unreadable,
          file.string() + " has schema version " + std::to_string(version) +
              "; this program knows versions up to " + std::to_string(known),
          "use the newer program that wrote it; nothing was changed",
          {}};
}

}  // namespace

std::span<const char* const> migrations() { return steps; }

Result<void> migrate(SQLite::Database& database, std::span<const char* const> steps_to_apply,
                     const std::filesystem::path& file) {
  const int version = database.execAndGet("PRAGMA user_version").getInt();
  const auto known = steps_to_apply.size();
  if (version < 0 || static_cast<std::size_t>(version) > known)
    return too_new(version, known, file);
  for (std::size_t done = static_cast<std::size_t>(version); done < known; ++done) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    database.exec(steps_to_apply[done]);
    database.exec("PRAGMA user_version = " + std::to_string(done + 1));
    transaction.commit();
  }
  return {};
}

}  // namespace skald::sqlite
