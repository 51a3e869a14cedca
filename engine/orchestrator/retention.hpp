#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "engine/orchestrator/orchestrator.hpp"

namespace skald {

/// Where sagas go that are removed. Used by one thread.
class SagaArchive {
 public:
  virtual ~SagaArchive() = default;

  /// Makes one line of JSON of each saga durable. On an error none of them counts as kept; what of
  /// them is there all the same is no harm.
  [[nodiscard]] virtual Result<void> append(std::span<const std::string> lines) = 0;
};

/// Which ended sagas go, and how gently.
struct RetentionRules {
  std::optional<Duration> age;            ///< those that ended longer ago; none: at any age
  std::optional<std::int64_t> count_max;  ///< the oldest of more than these; none: of any number
  std::size_t slice = 100;                ///< removed in one commit
  std::size_t queue_short = 32;           ///< with more commands waiting, removing waits, too,
  std::chrono::milliseconds patience{5'000};     ///< but no longer than this
  std::chrono::milliseconds pause{50};           ///< between slices
  std::chrono::milliseconds look_every{10'000};  ///< when there was nothing to remove
};

/// Removes ended sagas, oldest first, in small commits between the others. What goes is archived
/// and durable there before it is deleted here; a crash in between archives it twice, and never
/// loses it. A saga whose parent has not ended stays: it may have to be undone.
class Retention {
 public:
  struct Parts {
    Orchestrator& orchestrator;
    StoreReader& reader;
    const Registry& definitions;
    SagaArchive* archive = nullptr;                             ///< none: what goes is gone
    std::function<Result<std::string>(const SagaRow&)> line{};  ///< a saga for the archive
    Now now = system_now;
    AtCrashPoint at_crash_point{};
  };
  Retention(Parts parts, RetentionRules rules);
  ~Retention();  ///< stops, if stop() has not been called
  Retention(const Retention&) = delete;
  Retention& operator=(const Retention&) = delete;

  /// Begins, on a thread of its own.
  void run();

  /// Ends the thread after the slice at hand. Before the orchestrator is drained.
  void stop();

  /// For tests, instead of run(): removes at most one slice; gives the number of sagas.
  [[nodiscard]] Result<std::size_t> step();

  [[nodiscard]] std::uint64_t removed() const { return removed_; }
  [[nodiscard]] std::uint64_t archived() const { return archived_; }

 private:
  /// What one slice is chosen by.
  struct Choice {
    std::optional<Timestamp> ended_until;
    std::int64_t excess = 0;
    std::vector<SagaRow> rows{};
    [[nodiscard]] bool takes(const SagaRow& row) const;
  };

  void work();
  bool wait(std::chrono::milliseconds time);
  void wait_for_quiet();
  [[nodiscard]] Result<std::int64_t> excess();
  [[nodiscard]] Result<bool> choose(Choice& choice);
  [[nodiscard]] Result<bool> may_go(const SagaRow& row);
  [[nodiscard]] Result<void> archive(const std::vector<SagaRow>& rows);
  [[nodiscard]] Result<std::size_t> remove(const Choice& choice);

  Parts parts_;
  RetentionRules rules_;
  SagaKey position_{};   ///< up to here this pass has looked
  bool warned_ = false;  ///< that some saga cannot be removed
  std::chrono::steady_clock::time_point last_slice_{};
  std::atomic<std::uint64_t> removed_{0};
  std::atomic<std::uint64_t> archived_{0};
  std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false;
  std::jthread thread_;
};

}  // namespace skald
