#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tests/bench/latencies.hpp"

namespace skald::bench {

/// Which way a figure gets better; neither: it only describes.
enum class Better { higher, lower, neither };

/// One thing a workload has measured.
struct Figure {
  std::string name;
  double value = 0;
  std::string unit;
  Better better = Better::neither;
  double reference = 0;  ///< what the machine does, in the same unit; 0: nothing to compare with
  std::string referred_to{};  ///< what the reference is
};

/// Everything one run of a workload has measured, and what was wrong with it.
struct Measured {
  std::vector<Figure> figures;          ///< the first one with a reference stands for the workload
  std::vector<Figure> calibration{};    ///< what the machine did just before
  std::vector<std::string> failures{};  ///< of the audit; a figure counts only without any

  void add(std::string name, double value, std::string unit, Better better = Better::neither);
  /// The figure that was added last is a ratio to `reference`, which is `what`.
  void refer_to(double reference, std::string what);
  /// p50, p99, p99.9 and the longest, in milliseconds.
  void add(const std::string& name, const Latencies& latencies);
  /// Adds `failure` unless it `holds`.
  void check(bool holds, std::string failure);
  /// Adds a failure unless both numbers are the same.
  void check_same(const std::string& what, std::uint64_t is, std::uint64_t should_be);
};

[[nodiscard]] nlohmann::json to_json(const Measured& measured);
[[nodiscard]] Measured measured_from(const nlohmann::json& text);

}  // namespace skald::bench
