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

/// Commits one batch at a time. After start() a large one is committed on a thread of its own, so
/// that the next is applied while this one reaches the disk. A small one is committed at once, on
/// the caller's: to change threads and back takes longer than what could be applied meanwhile.
///
/// All members are for the orchestrator's thread.
class Committer {
 public:
  /// `writer` must outlive this. A batch is large from `large` sagas on.
  Committer(StoreWriter& writer, std::size_t large) : writer_(writer), large_(large) {}
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  /// From now on large batches have their own thread, which calls `done` after each.
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
  std::size_t large_;
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
