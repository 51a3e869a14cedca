#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/measured.hpp"

namespace skald::bench {

/// All runs of one workload.
struct Series {
  std::string_view name;
  std::string_view what;
  std::vector<Measured> runs;
};

/// For people: each figure's median, the least and the most of the runs, and its ratio.
[[nodiscard]] std::string table_of(const Series& series);

/// For programs: {"workloads": [{"name": "P1", "ratio": …, "figures": […]}]}. Its ratio is
/// that of its first figure that has one.
[[nodiscard]] nlohmann::json report_of(const std::vector<Series>& all);

/// What is more than 15 % better or worse in `now` than in `before`, both by report_of(): ratios
/// where there are any, as two machines are never equally busy. One line each.
struct Comparison {
  std::string text;
  bool worse = false;
};
[[nodiscard]] Comparison compare(const nlohmann::json& before, const nlohmann::json& now);

}  // namespace skald::bench
