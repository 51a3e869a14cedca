#include "storage/sqlite/data_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "storage/sqlite/failure.hpp"

namespace skald::sqlite {

namespace {

std::string pid_in(int file) {
  std::array<char, 32> text{};
  const ssize_t length = ::pread(file, text.data(), text.size(), 0);
  std::string pid(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  return pid.substr(0, pid.find('\n'));
}

Error in_use(const std::filesystem::path& directory, const std::string& pid) {
  const std::string owner = pid.empty() ? "another process" : "the process " + pid;
  return {ErrorCode::storage_in_use,
          "the data directory " + directory.string() + " is in use by " + owner,
          "stop that process, or give this one a directory of its own",
          {}};
}

/// Written before the file is shortened, never after: a full disk then still has the block.
bool write_pid(int file) {
  const std::string pid = std::to_string(::getpid()) + "\n";
  const auto size = static_cast<ssize_t>(pid.size());
  return ::pwrite(file, pid.data(), pid.size(), 0) == size && ::ftruncate(file, size) == 0;
}

}  // namespace

Result<DirectoryLock> DirectoryLock::take(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / "skald.lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return system_error(errno, "opening the lock file", path);
  DirectoryLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return in_use(directory, pid_in(file));
    return system_error(errno, "locking", path);
  }
  if (!write_pid(file)) return system_error(errno, "writing the process id to", path);
  return lock;
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept
    : file_(std::exchange(other.file_, -1)) {}

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) ::close(file_);
}

Result<void> make_directory(const std::filesystem::path& directory) {
  std::error_code error;
  if (std::filesystem::is_directory(directory, error)) return {};
  const auto parent = std::filesystem::absolute(directory).parent_path();
  std::filesystem::create_directories(parent, error);
  if (error) return system_error(error.value(), "creating the directory", parent);
  if (::mkdir(directory.c_str(), 0700) != 0)
    return system_error(errno, "creating the data directory", directory);
  return sync_directory(parent);
}

Result<void> sync_directory(const std::filesystem::path& directory) {
  const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return system_error(errno, "opening the directory", directory);
  const int outcome = ::fsync(file);
  const int error_number = errno;
  ::close(file);
  if (outcome != 0) return system_error(error_number, "syncing the directory", directory);
  return {};
}

}  // namespace skald::sqlite
