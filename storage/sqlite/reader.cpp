#include "storage/sqlite/reader.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <condition_variable>
#include <mutex>
#include <unordered_map>

#include "storage/sqlite/failure.hpp"
#include "storage/sqlite/list_query.hpp"
#include "storage/sqlite/rows.hpp"
#include "storage/sqlite/schema.hpp"

namespace skald::sqlite {

namespace {

/// One connection with the statements it has prepared so far. Their number is bounded by the
/// shapes a list query can take, because values are never part of the text.
class ReadConnection {
 public:
  explicit ReadConnection(const DatabasePlace& place) : database_(connect(place, Access::read)) {}

  SQLite::Statement& statement(const std::string& sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return known->second;
    return statements_.emplace(sql, SQLite::Statement(*database_, sql)).first->second;
  }

  SQLite::Database& database() { return *database_; }

 private:
  std::unique_ptr<SQLite::Database> database_;
  std::unordered_map<std::string, SQLite::Statement> statements_;
};

/// One view of the data for several statements.
class Snapshot {
 public:
  explicit Snapshot(ReadConnection& connection) : connection_(connection) {
    run(connection_.statement("BEGIN"));
  }
  ~Snapshot() { connection_.database().tryExec("COMMIT"); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  ReadConnection& connection_;
};

void bind_values(SQLite::Statement& statement, const ListQuery& query) {
  int place = 0;
  for (const auto& value : query.values) {
    ++place;
    if (const auto* text = std::get_if<std::string>(&value))
      statement.bindNoCopy(place, *text);
    else
      statement.bind(place, std::get<std::int64_t>(value));
  }
}

/// The number `sql` gives for the parameter `value`, if any.
std::optional<std::int64_t> number_for(ReadConnection& connection, const char* sql,
                                       std::int64_t value) {
  SQLite::Statement& statement = connection.statement(sql);
  const StatementUse use(statement);
  statement.bind(1, value);
  if (!statement.executeStep() || statement.isColumnNull(0)) return std::nullopt;
  return statement.getColumn(0).getInt64();
}

/// The keys that sagas created in the filter's time can have; none: there is no such saga.
std::optional<KeyRange> keys_created_within(ReadConnection& connection, const SagaFilter& filter) {
  KeyRange range;
  if (filter.created_from) {
    const auto span = number_for(connection,
                                 "SELECT span FROM created_span WHERE latest >= ? "
                                 "ORDER BY span LIMIT 1",
                                 stored(*filter.created_from));
    if (!span) return std::nullopt;
    range.first = *span * keys_per_span;
  }
  if (filter.created_before) {
    const auto span = number_for(connection,
                                 "SELECT span FROM created_span WHERE earliest < ? "
                                 "ORDER BY span DESC LIMIT 1",
                                 stored(*filter.created_before));
    if (!span) return std::nullopt;
    range.last = *span * keys_per_span + (keys_per_span - 1);
  }
  return range;
}

Result<std::optional<SagaRow>> first_row(SQLite::Statement& statement) {
  if (!statement.executeStep()) return std::optional<SagaRow>{};
  auto row = saga_row(statement);
  if (!row) return row.error();
  return std::optional{std::move(row).value()};
}

Result<std::optional<SagaRow>> find_by_key(ReadConnection& connection, std::int64_t key) {
  static const std::string sql = select_saga("key = ?");
  SQLite::Statement& statement = connection.statement(sql);
  const StatementUse use(statement);
  statement.bind(1, key);
  return first_row(statement);
}

std::vector<std::int64_t> keys_of(ReadConnection& connection, const ListQuery& query) {
  SQLite::Statement& statement = connection.statement(query.sql);
  const StatementUse use(statement);
  bind_values(statement, query);
  std::vector<std::int64_t> keys;
  while (statement.executeStep()) keys.push_back(statement.getColumn(0).getInt64());
  return keys;
}

ListQuery query_of(ReadConnection& connection, const SagaFilter& filter, KeyRange range,
                   std::size_t limit) {
  const bool by_status = filter.definition.empty() && !filter.statuses.empty();
  auto definitions = by_status ? definitions_in(connection.statement(next_definition))
                               : std::vector<std::string>{};
  return list_query(filter, range, limit, definitions);
}

class SqliteReader final : public StoreReader {
 public:
  SqliteReader(std::filesystem::path file, std::vector<std::unique_ptr<ReadConnection>> connections)
      : file_(std::move(file)), idle_(std::move(connections)) {}

  Result<std::optional<SagaRow>> find(const SagaId& id) override;
  Result<std::optional<SagaRow>> find(SagaKey key) override;
  Result<std::vector<SagaRow>> list(const SagaFilter& filter, std::optional<SagaKey> before,
                                    std::size_t limit) override;
  Result<std::vector<SagaRow>> oldest(SagaKey after, std::size_t limit) override;
  Result<std::vector<HistoryRow>> history(SagaKey saga, std::int64_t after,
                                          std::size_t limit) override;
  Result<std::vector<StatusCount>> count() override;

 private:
  std::unique_ptr<ReadConnection> take() {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return !idle_.empty(); });
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }

  void give_back(std::unique_ptr<ReadConnection> connection) {
    {
      const std::lock_guard lock(mutex_);
      idle_.push_back(std::move(connection));
    }
    returned_.notify_one();
  }

  /// Runs `work` on a connection of the pool; what SQLite throws becomes the Error.
  template <class Work>
  auto with_connection(Work work) -> decltype(work(std::declval<ReadConnection&>())) {
    auto connection = take();
    try {
      auto outcome = work(*connection);
      give_back(std::move(connection));
      return outcome;
    } catch (const SQLite::Exception& thrown) {
      const Failure failure = failure_of(connection->database().getHandle(), thrown, Target::log);
      give_back(std::move(connection));
      return error_of(failure, "reading", file_);
    }
  }

  std::filesystem::path file_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<ReadConnection>> idle_;
};

Result<std::optional<SagaRow>> SqliteReader::find(const SagaId& id) {
  static const std::string sql = select_saga("id = ?");
  return with_connection([&id](ReadConnection& connection) {
    SQLite::Statement& statement = connection.statement(sql);
    const StatementUse use(statement);
    statement.bindNoCopy(1, id.value);
    return first_row(statement);
  });
}

Result<std::optional<SagaRow>> SqliteReader::find(SagaKey key) {
  return with_connection(
      [key](ReadConnection& connection) { return find_by_key(connection, number(key)); });
}

Result<std::vector<SagaRow>> SqliteReader::list(const SagaFilter& filter,
                                                std::optional<SagaKey> before, std::size_t limit) {
  using Page = Result<std::vector<SagaRow>>;
  if (before && number(*before) == KeyRange{}.first) return std::vector<SagaRow>{};
  return with_connection([&](ReadConnection& connection) -> Page {
    const Snapshot snapshot(connection);
    auto range = keys_created_within(connection, filter);
    if (!range) return std::vector<SagaRow>{};
    if (before) range->last = std::min(range->last, number(*before) - 1);
    std::vector<SagaRow> page;
    for (const std::int64_t key :
         keys_of(connection, query_of(connection, filter, *range, limit))) {
      auto row = find_by_key(connection, key);
      if (!row) return row.error();
      invariant(row->has_value(), "a key of an index has its row in the same snapshot");
      page.push_back(std::move(**row));
    }
    return page;
  });
}

Result<std::vector<SagaRow>> SqliteReader::oldest(SagaKey after, std::size_t limit) {
  static const std::string sql = select_saga("key > ? ORDER BY key LIMIT ?");
  return with_connection([&](ReadConnection& connection) -> Result<std::vector<SagaRow>> {
    SQLite::Statement& statement = connection.statement(sql);
    const StatementUse use(statement);
    statement.bind(1, number(after));
    statement.bind(2, static_cast<std::int64_t>(limit));
    std::vector<SagaRow> rows;
    for (;;) {
      auto row = first_row(statement);
      if (!row) return row.error();
      if (!*row) return rows;
      rows.push_back(std::move(**row));
    }
  });
}

Result<std::vector<HistoryRow>> SqliteReader::history(SagaKey saga, std::int64_t after,
                                                      std::size_t limit) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  return with_connection([&](ReadConnection& connection) -> Result<std::vector<HistoryRow>> {
    SQLite::Statement& statement = connection.statement(
        "SELECT saga, revision, at, entries FROM history WHERE saga = ? AND revision > ? "
        "ORDER BY revision LIMIT ?");
    const StatementUse use(statement);
    statement.bind(1, number(saga));
    statement.bind(2, after);
    statement.bind(3, limit < std::size_t{most} ? static_cast<std::int64_t>(limit) : most);
    std::vector<HistoryRow> rows;
    while (statement.executeStep()) rows.push_back(history_row(statement));
    return rows;
  });
}

Result<std::vector<StatusCount>> SqliteReader::count() {
  return with_connection([](ReadConnection& connection) -> Result<std::vector<StatusCount>> {
    SQLite::Statement& statement = connection.statement(
        "SELECT definition, version, status, count FROM saga_count WHERE count > 0");
    const StatementUse use(statement);
    std::vector<StatusCount> counts;
    while (statement.executeStep()) {
      const auto status = stored_status(statement.getColumn(2).getString());
      if (!status) return status.error();
      counts.push_back({{statement.getColumn(0).getString(), statement.getColumn(1).getUInt()},
                        *status,
                        statement.getColumn(3).getInt64()});
    }
    return counts;
  });
}

}  // namespace

Result<std::unique_ptr<StoreReader>> open_reader(const DatabasePlace& place, int connections) {
  try {
    std::vector<std::unique_ptr<ReadConnection>> pool;
    pool.reserve(static_cast<std::size_t>(connections));
    for (int i = 0; i < connections; ++i) pool.push_back(std::make_unique<ReadConnection>(place));
    return std::unique_ptr<StoreReader>(
        std::make_unique<SqliteReader>(place.file, std::move(pool)));
  } catch (const SQLite::Exception& thrown) {
    return error_of(failure_of(nullptr, thrown, Target::log), "opening for reading", place.file);
  }
}

}  // namespace skald::sqlite
