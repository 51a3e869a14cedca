#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "tests/bench/workload.hpp"

namespace skald::bench {

/// What skald-bench can be told.
struct Options {
  std::vector<const Workload*> workloads;  ///< empty: all
  Scale scale = Scale::full;
  int runs = 0;
  std::filesystem::path directory;  ///< of temporary data
  std::chrono::milliseconds slow_disk{0};
  bool json = false;
  bool here = false;              ///< workloads run in this very process
  std::filesystem::path compare;  ///< a report of earlier; empty: none
};

/// Reads the command line. When there is nothing to be done, or it is wrong, it has been answered
/// and the exit code is given.
[[nodiscard]] std::variant<Options, int> read_options(int argc, char** argv);

}  // namespace skald::bench
