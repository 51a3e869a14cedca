#include "engine/orchestrator/committer.hpp"

#include "engine/model/invariant.hpp"
#include "engine/orchestrator/clock.hpp"

namespace skald {

Committer::~Committer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
}

void Committer::start(std::function<void()> done) {
  done_ = std::move(done);
  thread_ = std::jthread([this] { work(); });
}

void Committer::submit(Batch batch) {
  if (!thread_.joinable() || batch.sagas.size() < large_) {
    result_ = commit(std::move(batch));
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    invariant(!busy_ && !result_, "one batch is committed after the other");
    given_ = std::move(batch);
    busy_ = true;
  }
  changed_.notify_all();
}

bool Committer::is_done() const {
  const std::lock_guard lock(mutex_);
  return result_.has_value();
}

Committed Committer::wait() {
  std::unique_lock lock(mutex_);
  invariant(busy_ || result_, "a result is waited for once");
  changed_.wait(lock, [this] { return result_.has_value(); });
  Committed result = std::move(*result_);
  result_.reset();
  return result;
}

StoreWriter& Committer::when_idle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !busy_; });
  return writer_;
}

Committed Committer::commit(Batch batch) {
  const auto begun = steady_now();
  auto stored = writer_.commit(writer_.epoch(), batch);
  const std::chrono::duration<double> took = steady_now() - begun;
  return {std::move(stored), took.count(), std::move(batch.sagas)};
}

void Committer::work() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ending_ || given_; });
    if (!given_) return;
    Batch batch = std::move(*given_);
    given_.reset();
    lock.unlock();
    Committed result = commit(std::move(batch));
    lock.lock();
    result_ = std::move(result);
    busy_ = false;
    lock.unlock();
    changed_.notify_all();
    done_();
  }
}

}  // namespace skald
