#include "tests/bench/workload.hpp"

namespace skald::bench {

const std::vector<Workload>& workloads() {
  static const std::vector<Workload> all{
      {.name = "P1",
       .what = "sagas of three steps that are C++ functions, 1000 in flight",
       .probes = {.sync = true, .sqlite = true},
       .run = run_functions},
  };
  return all;
}

const Workload* workload_named(std::string_view name) {
  for (const auto& one : workloads())
    if (one.name == name) return &one;
  return nullptr;
}

}  // namespace skald::bench
