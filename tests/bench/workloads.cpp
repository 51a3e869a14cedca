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
      {.name = "P5",
       .what = "kill -9 with many sagas in flight, until all of them are live again",
       .probes = {.sync = true, .sqlite = true},
       .once = true,
       .run = run_recovery},
      {.name = "P6",
       .what = "sleeping sagas: memory, and how late those that are due are woken",
       .probes = {.sync = true, .sqlite = true},
       .once = true,
       .run = run_sleepers},
      {.name = "P7", .what = "bytes on disk and written for each saga", .run = run_bytes},
      {.name = "P8",
       .what = "very many sagas unwind at once, under 1000 starts/s",
       .run = run_storm},
      {.name = "P9",
       .what = "list, search and count over very many sagas, under 5000 starts/s",
       .probes = {.sync = true, .echo = true},
       .once = true,
       .run = run_search},
      {.name = "P10",
       .what = "a very long saga: step 10,000 against step 10",
       .once = true,
       .run = run_long},
      {.name = "P11", .what = "ten times the clients: what still gets done", .run = run_overload},
      {.name = "P12",
       .what = "one hung and one dead participant among 100: what the others see of it",
       .run = run_neighbours},
      {.name = "P14",
       .what = "a saga with 1000 calls at once",
       .probes = {.echo = true},
       .run = run_parallel},
      {.name = "P16",
       .what = "the program when it has nothing to do: size, memory, start, wake-ups",
       .run = run_footprint},
  };
  return all;
}

const Workload* workload_named(std::string_view name) {
  for (const auto& one : workloads())
    if (one.name == name) return &one;
  return nullptr;
}

}  // namespace skald::bench
