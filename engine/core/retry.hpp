#pragma once

#include <cstdint>
#include <optional>

#include "engine/model/definition.hpp"

namespace skald::core {

/// How long to wait after the `failures`-th attempt (from 1) ended with unknown outcome.
///
/// Exponential backoff with proportional jitter drawn from `entropy`; `retry_after`, the
/// participant's wish, is a lower bound, so that one that asks for rest gets it. Between 1 ms and
/// 366 days.
[[nodiscard]] Duration retry_delay(const RetryPolicy& policy, std::uint32_t failures,
                                   std::uint64_t entropy, std::optional<Duration> retry_after);

}  // namespace skald::core
