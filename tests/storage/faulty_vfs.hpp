#pragma once

#include <memory>
#include <string>

struct sqlite3_vfs;

namespace skald::test {

/// A disk that fails on demand: an SQLite VFS around the system's, registered while this object
/// lives. For one thread. Stores use it through SqliteOptions::vfs = name().
class FaultyVfs {
 public:
  enum class Operation { write, sync };
  enum class Place { log, main_file };  ///< the -wal file, or skald.db

  FaultyVfs();
  ~FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  [[nodiscard]] static std::string name() { return "skald-faulty"; }

  /// After `skip` further such operations, `times` of them answer the SQLite result `code`, as if
  /// the system had answered `error_number`. Replaces what was set before.
  void fail(Operation operation, Place place, int code, int error_number, int skip = 0,
            int times = 1);

  /// As above, for operations of both kinds in both places together.
  void fail_any(int code, int error_number, int skip);

  void heal();

  /// Whether files opened from now on offer shared memory, without which there is no WAL.
  void offer_shared_memory(bool offered);

  /// How many such operations were asked for so far.
  [[nodiscard]] int count(Operation operation, Place place) const;
  [[nodiscard]] int count_all() const;

  struct State;

 private:
  std::unique_ptr<State> state_;
  std::unique_ptr<sqlite3_vfs> vfs_;
};

}  // namespace skald::test
