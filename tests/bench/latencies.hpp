#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace skald::bench {

/// How long things took: counts in buckets that grow with the value, less than 1 % wide. For one
/// thread at a time.
class Latencies {
 public:
  Latencies();
  void add(std::chrono::nanoseconds took);
  void add(const Latencies& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// The milliseconds that `share` (0 … 1) of them did not exceed; 0 when there are none.
  [[nodiscard]] double at(double share) const;

  /// The buckets that are not empty, and what they say: to pass them on to another process.
  [[nodiscard]] nlohmann::json to_json() const;
  [[nodiscard]] static Latencies from_json(const nlohmann::json& text);

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;  ///< nanoseconds
};

}  // namespace skald::bench
