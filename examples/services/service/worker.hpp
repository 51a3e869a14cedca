#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace skald::services {

/// One thread that does jobs one after another, some of them only when their time has come. A
/// service keeps its database on it, so its I/O threads never wait for the disk or for a delay.
class Worker {
 public:
  using Job = std::function<void()>;

  Worker();
  ~Worker();  ///< finish()
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Adds a job, to be done after `wait`. False when the worker has finished: the job is dropped.
  /// From any thread; jobs must not throw.
  [[nodiscard]] bool add(Job job, std::chrono::milliseconds wait = {});

  /// Does what is left at once, without waiting, and ends the thread.
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skald::services
