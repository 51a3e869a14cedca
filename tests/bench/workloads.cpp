#include "tests/bench/workload.hpp"

namespace skald::bench {

const std::vector<Workload>& workloads() {
  static const std::vector<Workload> all{
      {.name = "P1",
       .what = "sagas of three steps that are C++ functions, 1000 in flight",
       .probes = {.sync = true, .sqlite = true},
       .run = run_functions},
      {.name = "P2",
       .what = "sagas of three steps over HTTP; clients and participants on the same machine",
       .probes = {.sync = true, .echo = true},
       .run = run_http},
      {.name = "P3",
       .what = "start over HTTP until it is acknowledged as durable, open loop",
       .probes = {.sync = true, .echo = true},
       .run = run_start},
      {.name = "P4",
       .what = "reply of a step until the call of the next, open loop",
       .probes = {.sync = true, .echo = true},
       .run = run_gap},
      {.name = "P7", .what = "bytes on disk and written for each saga", .run = run_bytes},
  };
  return all;
}

const Workload* workload_named(std::string_view name) {
  for (const auto& one : workloads())
    if (one.name == name) return &one;
  return nullptr;
}

}  // namespace skald::bench
