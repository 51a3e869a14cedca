#include "tests/bench/latencies.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>

namespace skald::bench {

namespace {

/// Each power of two is split into so many buckets.
constexpr unsigned split_bits = 7;
constexpr std::uint64_t split = std::uint64_t{1} << split_bits;
constexpr std::size_t bucket_count = (64 - split_bits) * split + split;

std::size_t bucket_of(std::uint64_t value) {
  if (value < 2 * split) return value;
  const auto shift = static_cast<unsigned>(std::bit_width(value)) - split_bits - 1;
  return shift * split + (value >> shift);
}

std::uint64_t largest_in(std::size_t bucket) {
  if (bucket < 2 * split) return bucket;
  const std::uint64_t shift = bucket / split - 1;
  return ((bucket - shift * split + 1) << shift) - 1;
}

}  // namespace

Latencies::Latencies() : buckets_(bucket_count) {}

void Latencies::add(std::chrono::nanoseconds took) {
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0));
  ++buckets_[bucket_of(value)];
  ++count_;
  max_ = std::max(max_, value);
}

void Latencies::add(const Latencies& other) {
  for (std::size_t i = 0; i < bucket_count; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

double Latencies::at(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < bucket_count; ++i) {
    seen += buckets_[i];
    if (seen > 0 && seen >= wanted)
      return static_cast<double>(std::min(largest_in(i), max_)) * 1e-6;
  }
  return 0;
}

nlohmann::json Latencies::to_json() const {
  auto buckets = nlohmann::json::array();
  for (std::size_t i = 0; i < bucket_count; ++i)
    if (buckets_[i] > 0) buckets.push_back({i, buckets_[i]});
  return {{"buckets", buckets}, {"max", max_}};
}

Latencies Latencies::from_json(const nlohmann::json& text) {
  Latencies result;
  for (const auto& bucket : text.at("buckets")) {
    const auto count = bucket.at(1).get<std::uint64_t>();
    result.buckets_.at(bucket.at(0).get<std::size_t>()) += count;
    result.count_ += count;
  }
  result.max_ = text.at("max").get<std::uint64_t>();
  return result;
}

}  // namespace skald::bench
