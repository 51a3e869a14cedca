#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/orchestrator/store.hpp"

namespace skald {

/// How one commit went.
struct Committed {
  Result<void> stored;
  double seconds = 0;          ///< it took
  std::vector<SagaRow> sagas;  ///< the rows of the batch
};

/// Commits one batch at a time: after start() on a thread of its own, so that the next batch is
/// applied while this one reaches the disk; before that at once, on the caller's.
///
/// All members are for the orchestrator's thread.
class Committer {
 public:
  /// `writer` must outlive this.
  explicit Committer(StoreWriter& writer) : writer_(writer) {}
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  /// From now on commits have their own thread, which calls `done` after each.
  void start(std::function<void()> done);

  /// Begins to commit `batch`. The one before must have been waited for.
  void submit(Batch batch);

  /// Whether the batch that was submitted has its result.
  [[nodiscard]] bool is_done() const;

  /// The result of the submitted batch; waits for it. Once for each.
  [[nodiscard]] Committed wait();

  /// The writer, for reading: waits until no commit is under way.
  [[nodiscard]] StoreWriter& when_idle();

 private:
  [[nodiscard]] Committed commit(Batch batch);
  void work();

  StoreWriter& writer_;
  std::function<void()> done_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Batch> given_;       ///< until the thread takes it
  std::optional<Committed> result_;  ///< until it is waited for
  bool busy_ = false;                ///< from submit() to the result
  bool ending_ = false;
  std::jthread thread_;
};

}  // namespace skald
