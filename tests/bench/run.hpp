#pragma once

#include <chrono>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "tests/bench/workload.hpp"

namespace skald::bench {

/// How one run of a workload is to be done.
struct RunOptions {
  Scale scale = Scale::full;
  std::filesystem::path directory;  ///< of the workload; exists
  std::chrono::milliseconds slow_disk{0};
};

/// Calibrates and runs `workload`, in this process.
[[nodiscard]] Measured run_here(const Workload& workload, const RunOptions& options);

/// The same in a process of its own, so that its memory and its CPU are its own and a crash of the
/// engine is a failed audit.
[[nodiscard]] Measured run_apart(const Workload& workload, const RunOptions& options);

/// The role of the process that run_apart() starts.
int play_workload(const nlohmann::json& parameters);

}  // namespace skald::bench
