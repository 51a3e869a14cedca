#pragma once

#include <condition_variable>
#include <mutex>
#include <vector>

#include "engine/orchestrator/command.hpp"

namespace skald {

/// Commands on their way to the orchestrator's thread, in order of arrival. push() from any thread,
/// take() from one.
class Inbox {
 public:
  /// Adds a command. False, and nothing added, when `bounded` and `max` commands wait already:
  /// clients are refused, replies never are.
  [[nodiscard]] bool push(Command command, bool bounded);

  /// Waits until `enough` commands are there, wake() is called, or `patience` is over; then takes
  /// up to `count_max` commands.
  [[nodiscard]] std::vector<Command> take(std::chrono::milliseconds patience, std::size_t count_max,
                                          std::size_t enough = 1);

  /// Makes take() return soon.
  void wake();

  [[nodiscard]] std::size_t size() const;

 private:
  static constexpr std::size_t max = 50'000;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Command> waiting_;
  std::size_t enough_ = 1;  ///< commands that the thread waits for
  bool woken_ = false;
};

}  // namespace skald
