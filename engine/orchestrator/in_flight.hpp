#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace skald {

/// Counts calls that are out and whose replies are not recorded yet. Any thread.
class InFlight {
 public:
  void begin() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  void end() {
    const std::lock_guard lock(mutex_);
    if (--count_ == 0) idle_.notify_all();
  }
  /// Waits until no call is out, at most `grace`.
  void wait_idle(std::chrono::milliseconds grace) {
    std::unique_lock lock(mutex_);
    idle_.wait_for(lock, grace, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable idle_;
  std::size_t count_ = 0;
};

}  // namespace skald
