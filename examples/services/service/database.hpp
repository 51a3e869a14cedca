#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace SQLite {
class Database;
}

namespace skald::services {

/// What a column holds, or what is bound to a '?'. monostate is NULL.
using Value = std::variant<std::monostate, std::int64_t, std::string>;

/// One row of an answer of SQLite.
struct Row {
  std::vector<Value> columns;

  /// Column `index` as a number; 0 if it holds none.
  [[nodiscard]] std::int64_t number(std::size_t index) const;
  /// Column `index` as text; empty if it holds none.
  [[nodiscard]] std::string text(std::size_t index) const;
  [[nodiscard]] bool is_null(std::size_t index) const { return columns.at(index).index() == 0; }
};

/// The SQLite file of one service: WAL, and every commit is on disk before it returns
/// (synchronous=FULL). For one thread at a time. Members throw std::exception when SQLite fails;
/// the service answers 503 then.
class Database {
 public:
  explicit Database(const std::string& file);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs statements that take no values and give no rows, separated by ';'.
  void script(const std::string& sql);

  /// Runs one statement that gives no rows; returns how many rows it changed.
  int run(const std::string& sql, const std::vector<Value>& values = {});

  [[nodiscard]] std::vector<Row> rows(const std::string& sql,
                                      const std::vector<Value>& values = {});

  /// The first column of the first row; 0 if there is none.
  [[nodiscard]] std::int64_t number(const std::string& sql, const std::vector<Value>& values = {});

  /// The number of the row inserted last.
  [[nodiscard]] std::int64_t last_id() const;

  /// For the barrier, which works inside the transaction of this connection.
  [[nodiscard]] SQLite::Database& connection();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A writing transaction from its first moment; rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& db);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();

 private:
  Database& db_;
  bool open_ = true;
};

}  // namespace skald::services
