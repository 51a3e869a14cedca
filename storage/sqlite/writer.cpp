#include "storage/sqlite/writer.hpp"

#include <sqlite3.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "storage/sqlite/failure.hpp"
#include "storage/sqlite/removal.hpp"
#include "storage/sqlite/rows.hpp"
#include "storage/sqlite/saga_counts.hpp"
#include "storage/sqlite/schema.hpp"

namespace skald::sqlite {

namespace {

constexpr const char* start_again =
    "check the disk, then start again: everything that was acknowledged is in the file";

constexpr const char* insert_saga =
    "INSERT INTO saga(key, updated, revision, due, keep, instance, status, ended, id, definition, "
    "version, business_key, created) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ";

/// As many rows of history as one statement stores: 40 % fewer instructions a row than one by one.
constexpr std::size_t rows_at_once = 16;

std::string insert_history(std::size_t rows) {
  std::string sql = "INSERT INTO history(saga, revision, at, entries) VALUES (?, ?, ?, ?)";
  for (std::size_t i = 1; i < rows; ++i) sql += ", (?, ?, ?, ?)";
  return sql;
}

/// How many of the sorted `keys`, from the first, to read in one go: a row that is passed over
/// costs about a quarter of one that is looked up.
std::size_t together(std::span<const std::int64_t> keys) {
  constexpr std::size_t most = 256;
  constexpr std::int64_t passed_over = 4;
  const std::size_t count = std::min(most, keys.size());
  const std::int64_t span = keys[count - 1] - keys.front();
  return span < passed_over * static_cast<std::int64_t>(count) ? count : 1;
}

/// The statements of a commit, prepared once: preparing them for each row would halve the rate.
struct Statements {
  explicit Statements(const SQLite::Database& database)
      : begin(database, "BEGIN IMMEDIATE"),
        epoch(database, "SELECT epoch FROM node"),
        // Statements that do not name indexed columns leave the indexes alone.
        move(database,
             "UPDATE saga SET updated = ?2, revision = ?3, due = ?4, keep = ?5, instance = ?6 "
             "WHERE key = ?1"),
        status(database,
               "UPDATE saga SET updated = ?2, revision = ?3, due = ?4, keep = ?5, instance = ?6, "
               "status = ?7, ended = ?8 WHERE key = ?1"),
        start(database, insert_saga),
        upsert(database,
               std::string(insert_saga) +
                   "ON CONFLICT(key) DO UPDATE SET updated = ?2, revision = ?3, due = ?4, "
                   "keep = ?5, instance = ?6, status = ?7, ended = ?8, definition = ?10, "
                   "version = ?11, business_key = ?12"),
        span(database,
             "INSERT INTO created_span(span, earliest, latest) VALUES (?1, ?2, ?3) "
             "ON CONFLICT(span) DO UPDATE SET earliest = min(earliest, ?2), "
             "latest = max(latest, ?3)"),
        history(database, insert_history(1)),
        histories(database, insert_history(rows_at_once)),
        request(database,
                "INSERT INTO request(key, fingerprint, saga, at, answer) VALUES (?, ?, ?, ?, ?)"),
        definition(database,
                   "INSERT INTO definition(name, version, hash, document, at) "
                   "VALUES (?, ?, ?, ?, ?)"),
        commit(database, "COMMIT"),
        rollback(database, "ROLLBACK") {}

  SQLite::Statement begin, epoch, move, status, start, upsert, span, history, histories, request,
      definition, commit, rollback;
};

Error duplicate(ErrorCode code, const std::string& what, std::string hint) {
  return {code, what + "; the batch is not stored", std::move(hint), {}};
}

Error superseded(Epoch given, std::int64_t stored_epoch, const std::filesystem::path& file) {
  return {ErrorCode::storage_failed,
          "commit under epoch " + std::to_string(number(given)) + " is refused: " + file.string() +
              " is owned under epoch " + std::to_string(stored_epoch),
          "another node took over; stop this one",
          {}};
}

class SqliteWriter final : public StoreWriter {
 public:
  SqliteWriter(DatabasePlace place, std::unique_ptr<SQLite::Database> database, Epoch epoch,
               int checkpoint_pages)
      : place_(std::move(place)),
        database_(std::move(database)),
        statements_(*database_),
        counts_(*database_),
        removal_(*database_),
        epoch_(epoch),
        checkpoint_pages_(checkpoint_pages) {
    sqlite3_wal_hook(database_->getHandle(), &SqliteWriter::note_log_pages, this);
    allow_write_on_close(*database_, true);
  }

  Epoch epoch() const override { return epoch_; }
  Result<void> commit(Epoch epoch, const Batch& batch) override;
  Result<void> for_each_live(const std::function<void(const LiveRow&)>& visit) override;
  Result<void> for_each_request(const std::function<void(const RequestRow&)>& visit) override;
  Result<void> for_each_definition(const std::function<void(const DefinitionRow&)>& visit) override;
  Result<std::optional<RequestRow>> find_request(const std::string& key) override;
  Result<SagaKey> last_key() override;

 private:
  static int note_log_pages(void* self, sqlite3*, const char*, int pages) {
    static_cast<SqliteWriter*>(self)->log_pages_ = pages;
    return SQLITE_OK;
  }

  Result<void> check_epoch(Epoch epoch);
  Result<void> write(const Batch& batch);
  Result<void> write_sagas(const std::vector<SagaRow>& rows);
  Result<void> write_history(std::span<const HistoryRow> rows);
  Result<void> write_definitions(const std::vector<DefinitionRow>& rows);
  void write_spans(const std::vector<const SagaRow*>& rows);
  std::vector<std::int64_t> live_keys();
  Result<void> visit_rows(SQLite::Statement& rows, std::span<const std::int64_t> keys,
                          const std::function<void(const LiveRow&)>& visit);
  bool insert(SQLite::Statement& statement);
  void update(SQLite::Statement& statement);
  Error undo(const SQLite::Exception& thrown);
  void roll_back();
  void poison(const Error& reason);
  void checkpoint_when_due();
  int checkpoint(int mode);
  Error failure(const SQLite::Exception& thrown, std::string_view doing) const {
    return error_of(failure_of(database_->getHandle(), thrown, Target::log), doing, place_.file);
  }

  DatabasePlace place_;
  std::unique_ptr<SQLite::Database> database_;
  Statements statements_;
  SagaCounts counts_;
  Removal removal_;
  Epoch epoch_;
  int checkpoint_pages_;
  int log_pages_ = 0;        ///< pages in the write-ahead log after the last commit
  int next_checkpoint_ = 0;  ///< log_pages_ from which the next checkpoint is tried, if larger
  std::optional<Error> poisoned_;
};

Result<void> SqliteWriter::commit(Epoch epoch, const Batch& batch) {
  if (poisoned_) return *poisoned_;
  try {
    run(statements_.begin);
    auto written = check_epoch(epoch);
    if (written) written = write(batch);
    if (!written) {
      roll_back();
      return written;
    }
    run(statements_.commit);
  } catch (const SQLite::Exception& thrown) {
    return undo(thrown);
  }
  checkpoint_when_due();
  return {};
}

Result<void> SqliteWriter::check_epoch(Epoch epoch) {
  const StatementUse use(statements_.epoch);
  statements_.epoch.executeStep();
  const std::int64_t current = statements_.epoch.getColumn(0).getInt64();
  if (current != number(epoch)) return superseded(epoch, current, place_.file);
  return {};
}

Result<void> SqliteWriter::write(const Batch& batch) {
  if (auto counted = counts_.add(batch); !counted) return counted;
  removal_.remove(batch);
  if (auto sagas = write_sagas(batch.sagas); !sagas) return sagas;
  if (auto history = write_history(batch.history); !history) return history;
  for (const RequestRow& row : batch.requests) {
    bind_request(statements_.request, row);
    if (!insert(statements_.request))
      return duplicate(ErrorCode::internal, "the request \"" + row.key + "\" is stored already",
                       "look a request up before committing it");
  }
  return write_definitions(batch.definitions);
}

Result<void> SqliteWriter::write_history(std::span<const HistoryRow> rows) {
  while (!rows.empty()) {
    const bool many = rows.size() >= rows_at_once;
    SQLite::Statement& store = many ? statements_.histories : statements_.history;
    const auto some = rows.first(many ? rows_at_once : 1);
    bind_history(store, some);
    if (!insert(store))
      return duplicate(ErrorCode::internal,
                       "history of saga " + std::to_string(number(some.front().saga)) +
                           " has revision " + std::to_string(some.front().revision) +
                           (many ? " already, or a row stored with it is there" : " already"),
                       "");
    rows = rows.subspan(some.size());
  }
  return {};
}

Result<void> SqliteWriter::write_definitions(const std::vector<DefinitionRow>& rows) {
  for (const DefinitionRow& row : rows) {
    bind_definition(statements_.definition, row);
    if (!insert(statements_.definition))
      return duplicate(ErrorCode::internal,
                       "version " + std::to_string(row.ref.version) + " of the definition \"" +
                           row.ref.name + "\" is stored already",
                       "look a definition up before committing it");
  }
  return {};
}

Result<void> SqliteWriter::write_sagas(const std::vector<SagaRow>& rows) {
  std::vector<const SagaRow*> perhaps_new;
  for (const SagaRow& row : rows) {
    if (row.change == RowChange::moved) {
      bind_moved(statements_.move, row);
      update(statements_.move);
    } else if (row.change == RowChange::status) {
      bind_status(statements_.status, row);
      update(statements_.status);
    } else {
      auto& store = row.change == RowChange::started ? statements_.start : statements_.upsert;
      bind_saga(store, row);
      if (!insert(store))
        return duplicate(ErrorCode::id_conflict,
                         "a saga with the id \"" + row.id.value + "\" exists", "choose another id");
      perhaps_new.push_back(&row);
    }
  }
  write_spans(perhaps_new);
  return {};
}

/// Runs a bound update of one row.
void SqliteWriter::update(SQLite::Statement& statement) {
  run(statement);
  invariant(database_->getChanges() == 1, "a saga that is to be changed is stored");
}

/// Widens the spans of the rows. An old row among them has the times it had and changes nothing.
void SqliteWriter::write_spans(const std::vector<const SagaRow*>& rows) {
  struct Times {
    Timestamp earliest = Timestamp::max();
    Timestamp latest = Timestamp::min();
  };
  std::map<std::int64_t, Times> spans;
  for (const SagaRow* row : rows) {
    Times& times = spans[number(row->key) / keys_per_span];
    times.earliest = std::min(times.earliest, row->created);
    times.latest = std::max(times.latest, row->created);
  }
  for (const auto& [span, times] : spans) {
    statements_.span.bind(1, span);
    statements_.span.bind(2, stored(times.earliest));
    statements_.span.bind(3, stored(times.latest));
    run(statements_.span);
  }
}

/// Runs a bound insert. False when a unique key stands against it.
bool SqliteWriter::insert(SQLite::Statement& statement) {
  const StatementUse use(statement);
  if (statement.tryExecuteStep() == SQLITE_DONE) return true;
  sqlite3* const handle = database_->getHandle();
  if (failure_of(handle, SQLite::Exception(handle), Target::log).is_duplicate()) return false;
  throw SQLite::Exception(handle);
}

/// Ends the failed commit, and decides whether another one may be tried.
Error SqliteWriter::undo(const SQLite::Exception& thrown) {
  const Failure failed = failure_of(database_->getHandle(), thrown, Target::log);
  Error error = error_of(failed, "committing to", place_.file);
  roll_back();
  if (poisoned_) return *poisoned_;
  if (failed.is_disk_full()) {
    // Copying the log into free pages of the main file lets the next commit reuse the log's space.
    checkpoint(SQLITE_CHECKPOINT_PASSIVE);
    return error;
  }
  error.code = ErrorCode::storage_failed;
  error.hint = start_again;
  poison(error);
  return error;
}

void SqliteWriter::roll_back() {
  if (sqlite3_get_autocommit(database_->getHandle()) != 0) return;  // SQLite did it itself
  try {
    run(statements_.rollback);
  } catch (const SQLite::Exception& thrown) {
    poison(failure(thrown, "rolling back in"));
  }
}

void SqliteWriter::poison(const Error& reason) {
  allow_write_on_close(*database_, false);
  poisoned_ = Error{ErrorCode::storage_failed,
                    "no more commits: an earlier write failed, " + reason.message,
                    start_again,
                    {}};
}

/// The commit before it is durable and stays acknowledged, whatever happens here.
void SqliteWriter::checkpoint_when_due() {
  if (log_pages_ < std::max(checkpoint_pages_, next_checkpoint_)) return;
  // PASSIVE copies what no reader needs any more, but readers that overlap for ever would keep the
  // log growing; RESTART waits for them, at most the keep timeout.
  const bool overgrown = log_pages_ >= 8 * checkpoint_pages_;
  const int left = checkpoint(overgrown ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE);
  next_checkpoint_ = left == 0 ? 0 : log_pages_ + checkpoint_pages_ / 4;
}

/// Copies the log into the main file; gives the number of pages that could not be copied.
///
/// Without space it is tried again later: the log holds everything until then. Any other failure
/// means a disk that cannot be trusted.
int SqliteWriter::checkpoint(int mode) {
  int pages = 0;
  int copied = 0;
  sqlite3* handle = database_->getHandle();
  const int code = sqlite3_wal_checkpoint_v2(handle, nullptr, mode, &pages, &copied);
  if (code == SQLITE_OK) return pages - copied;
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) return log_pages_;
  const SQLite::Exception thrown(handle, code);
  const Failure failed = failure_of(handle, thrown, Target::main_file);
  if (!failed.is_disk_full()) poison(error_of(failed, "checkpointing", place_.file));
  return log_pages_;
}

Result<void> SqliteWriter::for_each_live(const std::function<void(const LiveRow&)>& visit) {
  try {
    SQLite::Statement rows(*database_,
                           "SELECT key, definition, version, status, due, keep FROM saga "
                           "WHERE key BETWEEN ? AND ? ORDER BY key");
    const auto keys = live_keys();
    for (std::span<const std::int64_t> left = keys; !left.empty();) {
      const auto some = left.first(together(left));
      if (auto read = visit_rows(rows, some, visit); !read) return read;
      left = left.subspan(some.size());
    }
    return {};
  } catch (const SQLite::Exception& thrown) {
    return failure(thrown, "reading");
  }
}

/// Visits the rows of these keys; those between them are passed over.
Result<void> SqliteWriter::visit_rows(SQLite::Statement& rows, std::span<const std::int64_t> keys,
                                      const std::function<void(const LiveRow&)>& visit) {
  const StatementUse use(rows);
  rows.bind(1, keys.front());
  rows.bind(2, keys.back());
  while (rows.executeStep()) {
    if (rows.getColumn(0).getInt64() != keys.front()) continue;
    const auto row = live_row(rows);
    if (!row) return row.error();
    visit(*row);
    keys = keys.subspan(1);
    if (keys.empty()) break;
  }
  invariant(keys.empty(), "a key of an index has its row");
  return {};
}

/// In order, so that the rows are read from front to back.
std::vector<std::int64_t> SqliteWriter::live_keys() {
  std::vector<std::int64_t> keys;
  SQLite::Statement of(*database_,
                       "SELECT key FROM saga INDEXED BY saga_by_definition "
                       "WHERE definition = ? AND status = ?");
  SQLite::Statement next(*database_, next_definition);
  for (const std::string& definition : definitions_in(next))
    for (int i = 0; !is_end(static_cast<Status>(i)); ++i) {
      const StatementUse use(of);
      of.bindNoCopy(1, definition);
      of.bindNoCopy(2, name_of(static_cast<Status>(i)).data());
      while (of.executeStep()) keys.push_back(of.getColumn(0).getInt64());
    }
  std::sort(keys.begin(), keys.end());
  return keys;
}

Result<void> SqliteWriter::for_each_request(const std::function<void(const RequestRow&)>& visit) {
  try {
    SQLite::Statement all(*database_, "SELECT key, fingerprint, saga, at, answer FROM request");
    while (all.executeStep()) visit(request_row(all));
    return {};
  } catch (const SQLite::Exception& thrown) {
    return failure(thrown, "reading");
  }
}

Result<void> SqliteWriter::for_each_definition(
    const std::function<void(const DefinitionRow&)>& visit) {
  try {
    SQLite::Statement all(*database_,
                          "SELECT name, version, hash, document, at FROM definition "
                          "ORDER BY name, version");
    while (all.executeStep()) visit(definition_row(all));
    return {};
  } catch (const SQLite::Exception& thrown) {
    return failure(thrown, "reading");
  }
}

Result<std::optional<RequestRow>> SqliteWriter::find_request(const std::string& key) {
  try {
    SQLite::Statement find(*database_,
                           "SELECT key, fingerprint, saga, at, answer FROM request WHERE key = ?");
    find.bindNoCopy(1, key);
    if (!find.executeStep()) return std::optional<RequestRow>{};
    return std::optional{request_row(find)};
  } catch (const SQLite::Exception& thrown) {
    return failure(thrown, "reading");
  }
}

Result<SagaKey> SqliteWriter::last_key() {
  try {
    return SagaKey{database_->execAndGet("SELECT max(key) FROM saga").getInt64()};
  } catch (const SQLite::Exception& thrown) {
    return failure(thrown, "reading");
  }
}

/// Durable before anything is done under it.
Epoch take_over(SQLite::Database& database) {
  SQLite::Statement next(database, "UPDATE node SET epoch = epoch + 1 RETURNING epoch");
  next.executeStep();
  const Epoch epoch{next.getColumn(0).getInt64()};
  // The change is committed when the statement has run to its end.
  while (next.executeStep()) continue;
  return epoch;
}

}  // namespace

Result<std::unique_ptr<StoreWriter>> open_writer(const DatabasePlace& place, int checkpoint_pages) {
  std::unique_ptr<SQLite::Database> database;
  try {
    database = connect(place, Access::write);
    if (auto migrated = migrate(*database, migrations(), place.file); !migrated)
      return migrated.error();
    if (auto durable = require_durable(*database, place); !durable) return durable.error();
    const Epoch epoch = take_over(*database);
    return std::unique_ptr<StoreWriter>(
        std::make_unique<SqliteWriter>(place, std::move(database), epoch, checkpoint_pages));
  } catch (const SQLite::Exception& thrown) {
    sqlite3* handle = database ? database->getHandle() : nullptr;
    return error_of(failure_of(handle, thrown, Target::log), "opening", place.file);
  }
}

}  // namespace skald::sqlite
