#include "examples/services/service/database.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <exception>
#include <map>

namespace skald::services {

struct Database::Impl {
  SQLite::Database connection;
  std::map<std::string, SQLite::Statement, std::less<>> prepared;

  SQLite::Statement& statement(const std::string& sql) {
    auto found = prepared.find(sql);
    if (found == prepared.end())
      found = prepared.emplace(sql, SQLite::Statement(connection, sql)).first;
    return found->second;
  }
};

namespace {

/// A prepared statement with its values bound. A statement that is not reset keeps its locks.
class Bound {
 public:
  Bound(SQLite::Statement& statement, const std::vector<Value>& values) : statement_(statement) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const int place = static_cast<int>(i) + 1;
      if (const auto* number = std::get_if<std::int64_t>(&values[i]))
        statement_.bind(place, *number);
      else if (const auto* text = std::get_if<std::string>(&values[i]))
        statement_.bind(place, *text);
      else
        statement_.bind(place);
    }
  }
  ~Bound() {
    statement_.tryReset();
    statement_.clearBindings();
  }
  Bound(const Bound&) = delete;
  Bound& operator=(const Bound&) = delete;

  SQLite::Statement* operator->() { return &statement_; }

 private:
  SQLite::Statement& statement_;
};

Value value_of(const SQLite::Column& column) {
  if (column.isInteger()) return column.getInt64();
  if (column.isNull()) return std::monostate{};
  return column.getString();
}

}  // namespace

std::int64_t Row::number(std::size_t index) const {
  const auto* held = std::get_if<std::int64_t>(&columns.at(index));
  return held ? *held : 0;
}

std::string Row::text(std::size_t index) const {
  const auto* held = std::get_if<std::string>(&columns.at(index));
  return held ? *held : std::string{};
}

Database::Database(const std::string& file)
    : impl_(std::make_unique<Impl>(
          Impl{SQLite::Database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 5000), {}})) {
  impl_->connection.exec("PRAGMA journal_mode=WAL");
  impl_->connection.exec("PRAGMA synchronous=FULL");
}

Database::~Database() = default;

void Database::script(const std::string& sql) { impl_->connection.exec(sql); }

int Database::run(const std::string& sql, const std::vector<Value>& values) {
  Bound bound(impl_->statement(sql), values);
  return bound->exec();
}

std::vector<Row> Database::rows(const std::string& sql, const std::vector<Value>& values) {
  Bound bound(impl_->statement(sql), values);
  std::vector<Row> found;
  while (bound->executeStep()) {
    auto& row = found.emplace_back();
    for (int i = 0; i < bound->getColumnCount(); ++i)
      row.columns.push_back(value_of(bound->getColumn(i)));
  }
  return found;
}

std::int64_t Database::number(const std::string& sql, const std::vector<Value>& values) {
  const auto found = rows(sql, values);
  return found.empty() ? 0 : found.front().number(0);
}

std::int64_t Database::last_id() const { return impl_->connection.getLastInsertRowid(); }

SQLite::Database& Database::connection() { return impl_->connection; }

Transaction::Transaction(Database& db) : db_(db) { db_.script("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (!open_) return;
  try {
    db_.script("ROLLBACK");
  } catch (const std::exception&) {
    // SQLite has rolled back by itself when it reports that no transaction is open.
  }
}

void Transaction::commit() {
  db_.script("COMMIT");
  open_ = false;
}

}  // namespace skald::services
