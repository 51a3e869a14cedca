#pragma once

#include <chrono>
#include <compare>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace skald::http {

/// Things to do next, or not before a time, on one thread of its own: reading a saga and answering
/// its client, or checking a document, is done on one, because neither the orchestrator's thread
/// nor those that read requests must be held up by it.
///
/// at(), soon() and cancel() may be called from any thread, also from a task.
class Agenda {
 public:
  using Task = std::function<void()>;
  using Time = std::chrono::steady_clock::time_point;

  /// Names a task until it has begun.
  struct Entry {
    Time due;
    std::uint64_t number = 0;
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };

  Agenda();
  ~Agenda();  ///< closes, if close() has not been called
  Agenda(const Agenda&) = delete;
  Agenda& operator=(const Agenda&) = delete;

  /// Does `task` as soon as the thread is free; tasks for the same time in the order they came.
  void soon(Task task);

  /// Does `task` when `due` has come.
  Entry at(Time due, Task task);

  /// Forgets a task that has not begun, and everything it holds.
  void cancel(const Entry& entry);

  /// Does everything that waits now, whatever its time, and ends the thread: clients that wait for
  /// a saga get their answer at once. Tasks given from then on run on the caller's thread. Never
  /// from a task.
  void close();

 private:
  void work();
  [[nodiscard]] Task take(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Entry, Task> tasks_;
  std::uint64_t next_number_ = 0;
  bool closed_ = false;
  std::jthread thread_;
};

}  // namespace skald::http
