#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>

namespace skald::test {

/// A forked process that runs `work` and reports numbers over a pipe. Fork it while this process
/// has no store open and no other threads.
class Child {
 public:
  using Report = std::function<void(std::int64_t)>;

  /// `work` runs in the new process, which ends when it returns.
  explicit Child(const std::function<void(const Report&)>& work);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }

  /// The next number reported, waiting for it; none when the process has ended and all were read.
  [[nodiscard]] std::optional<std::int64_t> next();

  /// SIGKILL, and waits until the process is gone. Numbers reported before can still be read.
  void kill();

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
};

/// Blocks for ever, until the process is killed.
[[noreturn]] void wait_to_be_killed();

}  // namespace skald::test
