#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/model/error.hpp"

struct sqlite3;
namespace SQLite {
class Exception;
}

namespace skald::sqlite {

/// What SQLite and the system said about a call that failed.
struct Failure {
  int code = 0;      ///< extended result code, see sqlite.org/rescode.html
  int system = 0;    ///< errno of the system call behind it, or 0
  std::string text;  ///< SQLite's sentence

  /// A failed write that left everything as it was because no space is left. Never a failed sync.
  [[nodiscard]] bool is_disk_full() const;

  /// A unique key stands against an insert.
  [[nodiscard]] bool is_duplicate() const;

  /// The file's content is no sound Skald database: retrying or waiting cannot help.
  [[nodiscard]] bool is_damage() const;
};

/// What went wrong in the call on `connection` that threw `thrown`. Call it before anything else is
/// done on that connection.
[[nodiscard]] Failure failure_of(sqlite3* connection, const SQLite::Exception& thrown);

/// "`doing` `file`: disk I/O error (SQLite code 1034: Input/output error)", under the code that
/// fits: disk_full, storage_unreadable or storage_failed, with what to do as the hint.
[[nodiscard]] Error error_of(const Failure& failure, std::string_view doing,
                             const std::filesystem::path& file);

/// "`doing` `path`: `reason of errno`" as storage_failed, or disk_full where errno says so.
[[nodiscard]] Error system_error(int error_number, std::string_view doing,
                                 const std::filesystem::path& path);

}  // namespace skald::sqlite
