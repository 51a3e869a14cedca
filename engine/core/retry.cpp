#include "engine/core/retry.hpp"

#include <algorithm>
#include <cmath>

namespace skald::core {

namespace {

/// Nobody means to wait longer; and added to a point in time it cannot overflow, whatever a policy
/// or a participant says.
constexpr Duration longest = std::chrono::hours{24 * 366};

}  // namespace

Duration retry_delay(const RetryPolicy& policy, std::uint32_t failures, std::uint64_t entropy,
                     std::optional<Duration> retry_after) {
  const double first = static_cast<double>(policy.first.count());
  const double max = static_cast<double>(std::min(policy.max, longest).count());
  const double power = std::pow(policy.factor, static_cast<double>(failures - 1));
  const double step = static_cast<double>(policy.step.count());
  const double grown = step > 0.0 ? first + step * (power - 1.0) : first * power;
  const double capped = std::min(std::isfinite(grown) ? grown : max, max);
  // 53 bits of entropy make a uniform number in [0, 1).
  const double uniform = static_cast<double>(entropy >> 11) * 0x1.0p-53;
  const double spread = 1.0 + policy.jitter * (2.0 * uniform - 1.0);
  const Duration delay{static_cast<std::int64_t>(capped * spread)};
  return std::min(std::max({delay, retry_after.value_or(Duration{0}), Duration{1}}), longest);
}

}  // namespace skald::core
