#include "storage/sqlite/failure.hpp"

#include <sqlite3.h>
#include <SQLiteCpp/Exception.h>

#include <cerrno>
#include <system_error>

namespace skald::sqlite {

namespace {

constexpr std::string_view free_space =
    "free some space on the disk of the data directory; nothing was stored, and storing works "
    "again by itself as soon as there is space";
constexpr std::string_view restore =
    "nothing was changed; restore a backup, or look at the file with `sqlite3 -readonly`";
constexpr std::string_view check_disk =
    "check the disk and its mount (full log in `dmesg`), then start again: everything that was "
    "acknowledged is in the file";

bool means_no_space(int error_number) { return error_number == ENOSPC || error_number == EDQUOT; }

std::string reason(int error_number) { return std::generic_category().message(error_number); }

}  // namespace

bool Failure::is_disk_full() const {
  if ((code & 0xff) == SQLITE_FULL) return true;
  return code == SQLITE_IOERR_WRITE && means_no_space(system);
}

bool Failure::is_duplicate() const {
  return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
         code == SQLITE_CONSTRAINT_ROWID;
}

bool Failure::is_damage() const {
  const int primary = code & 0xff;
  return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_ERROR;
}

Failure failure_of(sqlite3* connection, const SQLite::Exception& thrown) {
  const bool about_io = (thrown.getErrorCode() & 0xff) == SQLITE_IOERR ||
                        (thrown.getErrorCode() & 0xff) == SQLITE_CANTOPEN;
  const int system = about_io && connection != nullptr ? sqlite3_system_errno(connection) : 0;
  const int extended = thrown.getExtendedErrorCode();
  return {extended > 0 ? extended : thrown.getErrorCode(), system, thrown.what()};
}

Error error_of(const Failure& failure, std::string_view doing, const std::filesystem::path& file) {
  std::string message = std::string(doing) + " " + file.string() + ": " + failure.text +
                        " (SQLite code " + std::to_string(failure.code);
  if (failure.system != 0) message += ": " + reason(failure.system);
  message += ")";
  if (failure.is_disk_full())
    return {ErrorCode::disk_full, std::move(message), std::string(free_space), {}};
  if (failure.is_damage())
    return {ErrorCode::storage_unreadable, std::move(message), std::string(restore), {}};
  return {ErrorCode::storage_failed, std::move(message), std::string(check_disk), {}};
}

Error system_error(int error_number, std::string_view doing, const std::filesystem::path& path) {
  std::string message = std::string(doing) + " " + path.string() + ": " + reason(error_number);
  if (means_no_space(error_number))
    return {ErrorCode::disk_full, std::move(message), std::string(free_space), {}};
  return {ErrorCode::storage_failed,
          std::move(message),
          "check that the data directory is on a local disk and belongs to this user",
          {}};
}

}  // namespace skald::sqlite
