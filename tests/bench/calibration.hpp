#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "tests/bench/measured.hpp"

namespace skald::bench {

/// What the machine can do without an engine. 0: not measured.
struct Calibration {
  double syncs_per_second = 0;  ///< fdatasync of 4 KiB in a preallocated file
  double sync_p50_ms = 0;
  double sync_p99_ms = 0;
  double transitions_per_second = 0;  ///< of a naive SQLite loop with the same bytes
  double echo_p50_ms = 0;             ///< loopback HTTP, one connection
  double echo_p99_ms = 0;
  double echoes_per_second = 0;  ///< loopback HTTP, 64 connections
};

/// What is to be measured of it.
struct Probes {
  bool sync = false;
  bool sqlite = false;
  bool echo = false;
};

/// Measures `probes`, each for about `span`, with files in `directory`. What SQLite and fdatasync
/// do takes `sync_delay` longer at each sync.
[[nodiscard]] Calibration calibrate(const Probes& probes, const std::filesystem::path& directory,
                                    std::chrono::milliseconds span,
                                    std::chrono::milliseconds sync_delay);

/// The figures that were measured, for the report.
[[nodiscard]] std::vector<Figure> figures_of(const Calibration& calibration);

}  // namespace skald::bench
