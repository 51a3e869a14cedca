#include "engine/participants/barrier/barrier.hpp"

#include <openssl/sha.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <optional>

namespace skald::barrier {

namespace {

constexpr std::string_view forward_end = "/forward";
constexpr std::string_view undo_end = "/undo";

/// Runs `work`; what SQLite throws becomes an Error that names what was being done.
template <class Work>
auto stored(std::string_view doing, Work work) -> Result<decltype(work())> {
  try {
    return work();
  } catch (const SQLite::Exception& failure) {
    return Error{ErrorCode::storage_failed,
                 "The barrier could not " + std::string(doing) + ": " + failure.what() + ".",
                 "Roll the transaction back and answer 503, so that the call is tried again.",
                 {}};
  }
}

/// The status of a call whose undo came first: it has no answer, and must never run.
constexpr int fenced = 0;

/// What is known of a key.
struct Seen {
  std::string fingerprint{};
  Answer answer;
  bool effect = false;
};

std::optional<Seen> find(SQLite::Database& db, const std::string& key) {
  SQLite::Statement row(db,
                        "SELECT fingerprint, status, body, effect FROM skald_barrier WHERE key=?");
  row.bind(1, key);
  if (!row.executeStep()) return std::nullopt;
  return Seen{row.getColumn(0).getString(),
              {row.getColumn(1).getInt(), row.getColumn(2).getString()},
              row.getColumn(3).getInt() != 0};
}

void insert(SQLite::Database& db, const std::string& key, const Seen& seen) {
  SQLite::Statement row(db,
                        "INSERT INTO skald_barrier (key, fingerprint, status, body, effect) "
                        "VALUES (?, ?, ?, ?, ?)");
  row.bind(1, key);
  row.bind(2, seen.fingerprint);
  row.bind(3, seen.answer.status);
  row.bind(4, seen.answer.body);
  row.bind(5, seen.effect ? 1 : 0);
  row.exec();
}

Verdict judge(SQLite::Database& db, const Call& call) {
  if (auto seen = find(db, call.key)) {
    if (seen->answer.status == fenced) return {Decision::refuse_late, {}};
    if (seen->fingerprint != call.fingerprint) return {Decision::mismatch, {}};
    return {Decision::replay, std::move(seen->answer)};
  }
  if (call.forward_key.empty()) return {Decision::run_it, {}};
  const auto undone = find(db, call.forward_key);
  if (undone && undone->effect) return {Decision::run_it, {}};
  if (!undone) insert(db, call.forward_key, {.answer = {fenced, {}}});
  return {Decision::null_undo, {}};
}

/// Whether `key` is "<saga>/<step>" or "<saga>/<step>#<run>", followed by `end`.
bool fits(const CallHeaders& headers, std::string_view key, std::string_view end) {
  const std::string start = std::string(headers.saga) + "/" + std::string(headers.step);
  if (headers.saga.empty() || headers.step.empty()) return false;
  if (!key.starts_with(start) || !key.ends_with(end)) return false;
  if (key.size() < start.size() + end.size()) return false;
  const auto run = key.substr(start.size(), key.size() - start.size() - end.size());
  return run.empty() || (run.size() > 1 && run[0] == '#' &&
                         run.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

/// The key without the quotes of an RFC 8941 string; those that send it bare mean the same.
std::string_view unquoted(std::string_view key) {
  const bool quoted = key.size() >= 2 && key.front() == '"' && key.back() == '"';
  return quoted ? key.substr(1, key.size() - 2) : key;
}

void check(const CallHeaders& headers, std::string_view key, bool undo,
           std::vector<Finding>& findings) {
  const bool in_saga = undo || !headers.saga.empty();
  const auto end = undo ? undo_end : forward_end;
  if (!headers.phase.empty() && headers.phase != "forward" && !undo)
    findings.push_back({"Saga-Phase", "must be 'forward' or 'undo'", "SAGA_PHASE"});
  if (key.empty())
    findings.push_back({"Idempotency-Key", "is missing; every call must carry one", "KEY_MISSING"});
  else if (in_saga && !fits(headers, key, end))
    findings.push_back({"Idempotency-Key",
                        "must be '<Saga-Id>/<Saga-Step>" + std::string(end) +
                            "', with '#<run>' after the step from its second run on",
                        "KEY_FORM"});
}

}  // namespace

Result<Call> read_call(const CallHeaders& headers, std::string fingerprint) {
  const bool undo = headers.phase == "undo";
  const std::string_view key = unquoted(headers.key);
  std::vector<Finding> findings;
  check(headers, key, undo, findings);
  if (!findings.empty())
    return Error{ErrorCode::invalid_argument, "The request headers do not say which call this is.",
                 "Send the headers of the participant contract.", std::move(findings)};
  Call call{std::string(key), {}, std::move(fingerprint)};
  if (undo) {
    call.forward_key = key.substr(0, key.size() - undo_end.size());
    call.forward_key += forward_end;
  }
  return call;
}

std::string fingerprint(std::string_view method, std::string_view path, std::string_view body) {
  std::string content;
  content.append(method).append(" ").append(path).append("\n").append(body);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data());
  static constexpr std::string_view hex = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) (text += hex[byte >> 4]) += hex[byte & 15];
  return text;
}

std::string_view name_of(Decision decision) {
  switch (decision) {
    case Decision::run_it:
      return "run_it";
    case Decision::replay:
      return "replay";
    case Decision::refuse_late:
      return "refuse_late";
    case Decision::null_undo:
      return "null_undo";
    case Decision::mismatch:
      return "mismatch";
  }
  return "mismatch";
}

Result<void> prepare(SQLite::Database& db) {
  const auto made = stored("create its table", [&] {
    return db.exec(
        "CREATE TABLE IF NOT EXISTS skald_barrier ("
        " key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL,"
        " body TEXT NOT NULL, effect INTEGER NOT NULL,"
        " at INTEGER NOT NULL DEFAULT (CAST(strftime('%s', 'now') AS INTEGER))) WITHOUT ROWID");
  });
  return made ? Result<void>{} : Result<void>{made.error()};
}

Result<Verdict> enter(SQLite::Database& db, const Call& call) {
  return stored("look up " + call.key, [&] { return judge(db, call); });
}

Result<void> remember(SQLite::Database& db, const Call& call, const Answer& answer) {
  const bool effect = answer.status >= 200 && answer.status < 300;
  const auto written = stored("record the answer to " + call.key, [&] {
    insert(db, call.key, {call.fingerprint, answer, effect});
    return true;
  });
  return written ? Result<void>{} : Result<void>{written.error()};
}

}  // namespace skald::barrier
