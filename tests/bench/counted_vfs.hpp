#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

struct sqlite3_vfs;

namespace skald::bench {

/// Counts what SQLite writes, and makes its disk as slow as asked: a VFS around the system's, which
/// is the default one while this object lives.
class CountedVfs {
 public:
  /// Each sync takes `delay` longer than the disk does.
  explicit CountedVfs(std::chrono::milliseconds delay);
  ~CountedVfs();
  CountedVfs(const CountedVfs&) = delete;
  CountedVfs& operator=(const CountedVfs&) = delete;

  [[nodiscard]] static std::string name() { return "skald-counted"; }

  /// So far.
  struct Counts {
    std::uint64_t bytes = 0;
    std::uint64_t syncs = 0;
  };
  [[nodiscard]] Counts counts() const;

  struct State;

 private:
  std::unique_ptr<State> state_;
  std::unique_ptr<sqlite3_vfs> vfs_;
};

}  // namespace skald::bench
