#include "tests/bench/saga_load.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace skald::bench {

namespace {

using Clock = std::chrono::steady_clock;

/// Everything after the first starts happens on the orchestrator's thread.
class Running {
 public:
  explicit Running(const SagaLoad& load) : load_(load) {}

  SagaLoadResult run() {
    const auto from = Clock::now();
    for (std::size_t i = 0; i < load_.at_once; ++i) start_next();
    std::unique_lock lock(mutex_);
    over_.wait(lock, [this] { return ended_ == load_.sagas; });
    result_.took = Clock::now() - from;
    return std::move(result_);
  }

 private:
  void start_next() {
    const auto mine = begun_++;
    if (mine >= load_.sagas) return;
    const auto asked = Clock::now();
    load_.engine.start({.definition = load_.definition,
                        .input = Json::from_stored(load_.input(load_.first + mine))},
                       [this, asked](const Result<Started>& started) { on_start(started, asked); });
  }

  void on_start(const Result<Started>& started, Clock::time_point asked) {
    result_.starts.add(Clock::now() - asked);
    if (!started) ++result_.refused;
    if (!started || !load_.until_ended) return out_of_the_way();
    load_.engine.watch(started->id, [this, asked] {
      result_.ends.add(Clock::now() - asked);
      out_of_the_way();
    });
  }

  /// The lock is held while the waiting thread is told: it may be gone right after.
  void out_of_the_way() {
    start_next();
    const std::lock_guard lock(mutex_);
    if (++ended_ == load_.sagas) over_.notify_all();
  }

  const SagaLoad& load_;
  std::atomic<std::size_t> begun_{0};
  std::size_t ended_ = 0;
  std::mutex mutex_;
  std::condition_variable over_;
  SagaLoadResult result_;
};

}  // namespace

SagaLoadResult start_sagas(const SagaLoad& load) { return Running(load).run(); }

PacedStarts::PacedStarts(SagaLoad load, double rate)
    : load_(std::move(load)),
      rate_(rate),
      thread_([this](const std::stop_token& stopped) { work(stopped); }) {}

PacedStarts::Result PacedStarts::stop() {
  thread_.request_stop();
  thread_.join();
  std::unique_lock lock(mutex_);
  answered_.wait(lock, [this] { return answers_ == result_.sagas; });
  return std::move(result_);
}

void PacedStarts::work(const std::stop_token& stopped) {
  const auto begun = Clock::now();
  while (!stopped.stop_requested() && result_.sagas < load_.sagas) {
    const auto after = Seconds(static_cast<double>(result_.sagas) / rate_);
    const auto due = begun + std::chrono::duration_cast<Clock::duration>(after);
    if (const auto left = due - Clock::now(); left.count() > 0) pause_for(left);
    load_.engine.start({.definition = load_.definition,
                        .input = Json::from_stored(load_.input(load_.first + result_.sagas))},
                       [this, due](const skald::Result<Started>&) { on_start(due); });
    ++result_.sagas;
  }
}

void PacedStarts::on_start(Clock::time_point due) {
  const std::lock_guard lock(mutex_);
  result_.starts.add(Clock::now() - due);
  ++answers_;
  answered_.notify_all();
}

}  // namespace skald::bench
