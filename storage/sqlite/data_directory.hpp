#pragma once

#include <filesystem>

#include "engine/model/result.hpp"

namespace skald::sqlite {

/// Ownership of a data directory: an flock(2) on `skald.lock`, in which the owner's pid stands.
/// The kernel releases it when the process ends, however it ends.
class DirectoryLock {
 public:
  /// Takes the lock, or refuses at once with storage_in_use and the owner's pid.
  [[nodiscard]] static Result<DirectoryLock> take(const std::filesystem::path& directory);

  ~DirectoryLock();
  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&&) = delete;

 private:
  explicit DirectoryLock(int file) : file_(file) {}
  int file_;  ///< descriptor that holds the lock; -1 after a move
};

/// Creates `directory` with mode 0700, and its parents, when it is missing.
[[nodiscard]] Result<void> make_directory(const std::filesystem::path& directory);

/// Makes what was created or renamed in `directory` survive power loss (fsync of the directory).
[[nodiscard]] Result<void> sync_directory(const std::filesystem::path& directory);

}  // namespace skald::sqlite
