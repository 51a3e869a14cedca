#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "engine/orchestrator/orchestrator.hpp"
#include "tests/bench/latencies.hpp"
#include "tests/bench/usage.hpp"

namespace skald::bench {

/// Sagas that are started in this process, one as soon as another one is out of the way.
struct SagaLoad {
  Orchestrator& engine;
  std::shared_ptr<const Definition> definition;
  std::size_t first = 0;  ///< number of the first saga
  std::size_t sagas = 0;
  std::size_t at_once = 0;
  /// A saga is out of the way when it has ended, or already when its start is durable.
  bool until_ended = true;
  /// The input of saga `number`.
  std::function<std::string(std::size_t number)> input;
};

struct SagaLoadResult {
  Seconds took{};  ///< until the last one was out of the way
  Latencies starts;
  Latencies ends;
  std::size_t refused = 0;
};

/// Blocks until all are out of the way.
[[nodiscard]] SagaLoadResult start_sagas(const SagaLoad& load);

/// Sagas that are started in this process at a steady rate, whatever the answers do, on a thread of
/// its own; until stop().
class PacedStarts {
 public:
  /// `load.sagas` is how many there may be at most.
  PacedStarts(SagaLoad load, double rate);

  /// The latencies of the starts, from when each was due; and how many there were. Once.
  struct Result {
    Latencies starts;
    std::size_t sagas = 0;
  };
  [[nodiscard]] Result stop();

 private:
  void work(const std::stop_token& stopped);
  void on_start(std::chrono::steady_clock::time_point due);

  SagaLoad load_;
  double rate_;
  std::mutex mutex_;
  std::condition_variable answered_;
  std::size_t answers_ = 0;
  Result result_;
  std::jthread thread_;
};

}  // namespace skald::bench
