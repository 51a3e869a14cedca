#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/calibration.hpp"
#include "tests/bench/counted_vfs.hpp"
#include "tests/bench/measured.hpp"

namespace skald::bench {

/// How much a workload does: enough to stay alive, enough to compare, or what is published.
enum class Scale { tiny, brief, full };

/// What one run of a workload works with.
struct Context {
  Scale scale = Scale::full;
  std::filesystem::path directory;  ///< of this workload; the same for all of its runs
  const CountedVfs& disk;
  Calibration calibration{};  ///< with the probes that the workload asks for
  Measured measured{};

  /// What is right for the scale of this run.
  template <class T>
  [[nodiscard]] T pick(T tiny, T brief, T full) const {
    if (scale == Scale::full) return full;
    return scale == Scale::brief ? brief : tiny;
  }
  /// An empty folder called `name` in the workload's.
  [[nodiscard]] std::filesystem::path fresh(const std::string& name) const;
  /// Progress, for the person who waits.
  void say(const std::string& what) const;
};

/// One of the benchmarks, by the name that performance figures call it.
struct Workload {
  std::string_view name;
  std::string_view what;
  Probes probes;      ///< of the calibration that comes first
  bool once = false;  ///< one run at full scale takes minutes, and there is one only
  void (*run)(Context& context) = nullptr;
};

/// All of them, in order.
[[nodiscard]] const std::vector<Workload>& workloads();

/// The one called `name`, or null.
[[nodiscard]] const Workload* workload_named(std::string_view name);

// One function for each of them; what it measures is told at the top of its file.
void run_functions(Context& context);   ///< P1
void run_http(Context& context);        ///< P2
void run_start(Context& context);       ///< P3
void run_gap(Context& context);         ///< P4
void run_recovery(Context& context);    ///< P5
void run_sleepers(Context& context);    ///< P6
void run_bytes(Context& context);       ///< P7
void run_storm(Context& context);       ///< P8
void run_search(Context& context);      ///< P9
void run_long(Context& context);        ///< P10
void run_overload(Context& context);    ///< P11
void run_neighbours(Context& context);  ///< P12
void run_parallel(Context& context);    ///< P14
void run_footprint(Context& context);   ///< P16

}  // namespace skald::bench
