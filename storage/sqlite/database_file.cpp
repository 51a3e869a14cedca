#include "storage/sqlite/database_file.hpp"

#include <fcntl.h>
#include <SQLiteCpp/Database.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "storage/sqlite/data_directory.hpp"
#include "storage/sqlite/failure.hpp"
#include "storage/sqlite/schema.hpp"

namespace skald::sqlite {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view sqlite_magic{"SQLite format 3\0", 16};

/// The first 100 bytes of every SQLite file (sqlite.org/fileformat.html §1.3), big-endian.
struct FileHeader {
  std::array<unsigned char, 100> bytes{};

  std::uint32_t number_at(std::size_t place) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8U | bytes[place + i];
    return value;
  }
  bool is_sqlite() const {
    return std::memcmp(bytes.data(), sqlite_magic.data(), sqlite_magic.size()) == 0;
  }
  std::uint32_t application() const { return number_at(68); }
  std::uint64_t page_size() const {
    const std::uint32_t size = bytes[16] * 256U + bytes[17];
    return size == 1 ? 65536 : size;
  }
  /// In bytes, as the last writer left it; 0 when that writer was too old to say.
  std::uint64_t file_size() const {
    return number_at(24) == number_at(92) ? number_at(28) * page_size() : 0;
  }
};

fs::path with_suffix(const fs::path& file, const char* suffix) {
  fs::path path = file;
  path += suffix;
  return path;
}

bool has_content(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return !error && size > 0;
}

Error unreadable(const fs::path& file, const std::string& why, const std::string& hint) {
  return {
      ErrorCode::storage_unreadable, file.string() + " " + why, hint + "; nothing was changed", {}};
}

Result<FileHeader> read_header(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return system_error(errno, "opening", file);
  FileHeader header;
  const ssize_t length = ::pread(descriptor, header.bytes.data(), header.bytes.size(), 0);
  const int error_number = errno;
  ::close(descriptor);
  if (length < 0) return system_error(error_number, "reading", file);
  return header;  // short files leave zeros, which are not SQLite's first bytes
}

Result<void> check_existing(const fs::path& file) {
  const auto header = read_header(file);
  if (!header) return header.error();
  std::error_code error;
  const std::uint64_t size = fs::file_size(file, error);
  if (error) return system_error(error.value(), "asking for the size of", file);
  if (size == 0) return unreadable(file, "is empty", "restore a backup, or remove the file");
  if (!header->is_sqlite())
    return unreadable(file, "is no SQLite database", "restore a backup, or move the file away");
  if (header->application() != application_id)
    return unreadable(file, "is an SQLite database of another program",
                      "give Skald a data directory of its own");
  // With a write-ahead log the missing pages may stand there; SQLite then checks it itself.
  if (!has_content(with_suffix(file, "-wal")) && size < header->file_size())
    return unreadable(file,
                      "is damaged: it has " + std::to_string(size) + " bytes and should have " +
                          std::to_string(header->file_size()),
                      "restore a backup");
  return {};
}

void remove_leftovers(const fs::path& draft) {
  std::error_code ignored;  // what cannot be removed makes the exclusive creation fail, with reason
  fs::remove(draft, ignored);
  fs::remove(with_suffix(draft, "-journal"), ignored);
}

Result<void> write_draft(const DatabasePlace& draft) {
  // Payloads are nobody else's business even where the directory was made readable by others.
  const int descriptor = ::open(draft.file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return system_error(errno, "creating", draft.file);
  ::close(descriptor);
  SQLite::Database database(draft.file.string(), SQLite::OPEN_READWRITE, 0, draft.vfs);
  try {
    database.exec("PRAGMA page_size = 8192");
    database.exec("PRAGMA synchronous = FULL");
    database.exec("PRAGMA application_id = " + std::to_string(application_id));
    return migrate(database, migrations(), draft.file);
  } catch (const SQLite::Exception& thrown) {
    return error_of(failure_of(database.getHandle(), thrown), "creating", draft.file);
  }
}

/// Written under another name and renamed when it is whole, so that a half-made database, an empty
/// file above all, can never be taken for one.
Result<void> create(const DatabasePlace& place) {
  const DatabasePlace draft{with_suffix(place.file, ".new"), place.vfs};
  remove_leftovers(draft.file);
  if (auto written = write_draft(draft); !written) {
    remove_leftovers(draft.file);
    return written;
  }
  if (std::rename(draft.file.c_str(), place.file.c_str()) != 0)
    return system_error(errno, "renaming the new database to", place.file);
  return sync_directory(place.file.parent_path());
}

}  // namespace

Result<void> require_database(const DatabasePlace& place) {
  std::error_code error;
  if (fs::exists(place.file, error)) return check_existing(place.file);
  if (error) return system_error(error.value(), "looking for", place.file);
  const fs::path log = with_suffix(place.file, "-wal");
  if (has_content(log))
    return unreadable(place.file, "is missing, but its log " + log.string() + " is there",
                      "restore both files from the same backup");
  return create(place);
}

}  // namespace skald::sqlite
