#include "engine/core/retry.hpp"

#include <algorithm>
#include <cmath>

namespace skald::core {

Duration retry_delay(const RetryPolicy& policy, std::uint32_t failures, std::uint64_t entropy,
                     std::optional<Duration> retry_after) {
  const double first = static_cast<double>(policy.first.count());
  const double max = static_cast<double>(policy.max.count());
  const double grown = first * std::pow(policy.factor, static_cast<double>(failures - 1));
  const double capped = std::min(std::isfinite(grown) ? grown : max, max);
  // 53 bits of entropy make a uniform number in [0, 1).
  const double uniform = static_cast<double>(entropy >> 11) * 0x1.0p-53;
  const double spread = 1.0 + policy.jitter * (2.0 * uniform - 1.0);
  const Duration delay{static_cast<std::int64_t>(capped * spread)};
  return std::max({delay, retry_after.value_or(Duration{0}), Duration{1}});
}

}  // namespace skald::core
