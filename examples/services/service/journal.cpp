#include "examples/services/service/journal.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace skald::services::journal {

void prepare(Database& db) {
  db.script(
      "CREATE TABLE IF NOT EXISTS journal ("
      " seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, saga TEXT NOT NULL,"
      " step TEXT NOT NULL, phase TEXT NOT NULL, attempt INTEGER NOT NULL, key TEXT NOT NULL,"
      " operation TEXT NOT NULL, decision TEXT NOT NULL, status INTEGER NOT NULL,"
      " effect INTEGER NOT NULL, reply TEXT NOT NULL);"
      "CREATE INDEX IF NOT EXISTS journal_by_key ON journal (key);"
      "CREATE TRIGGER IF NOT EXISTS journal_keeps BEFORE UPDATE ON journal"
      " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;"
      "CREATE TRIGGER IF NOT EXISTS journal_stays BEFORE DELETE ON journal"
      " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;");
}

void append(Database& db, const Entry& entry) {
  db.run(
      "INSERT INTO journal (at, saga, step, phase, attempt, key, operation, decision, status,"
      " effect, reply) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {entry.at_us, entry.saga, entry.step, entry.phase, entry.attempt, entry.key, entry.operation,
       entry.decision, std::int64_t{entry.status}, std::int64_t{entry.effect ? 1 : 0},
       entry.reply});
}

std::int64_t count(Database& db, const std::string& key) {
  return db.number("SELECT count(*) FROM journal WHERE key = ?", {key});
}

Answer page(Database& db, const Call& call) {
  const auto after = call.number("after", 0);
  const auto limit = std::clamp<std::int64_t>(call.number("limit", 1000), 1, 10'000);
  auto entries = nlohmann::json::array();
  std::int64_t next = after;
  for (const auto& row : db.rows(
           "SELECT seq, at, saga, step, phase, attempt, key, operation, decision, status, effect,"
           " reply FROM journal WHERE seq > ? ORDER BY seq LIMIT ?",
           {after, limit})) {
    next = row.number(0);
    entries.push_back({{"seq", row.number(0)},
                       {"at", row.number(1)},
                       {"saga", row.text(2)},
                       {"step", row.text(3)},
                       {"phase", row.text(4)},
                       {"attempt", row.number(5)},
                       {"idempotencyKey", row.text(6)},
                       {"operation", row.text(7)},
                       {"decision", row.text(8)},
                       {"status", row.number(9)},
                       {"effect", row.number(10) != 0},
                       {"reply", row.text(11)}});
  }
  return ok({{"entries", entries}, {"next", next}});
}

}  // namespace skald::services::journal
