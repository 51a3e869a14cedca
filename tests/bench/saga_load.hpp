#pragma once

#include <functional>
#include <memory>
#include <string>

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

}  // namespace skald::bench
