#pragma once

#include <functional>

#include "engine/model/time.hpp"

namespace skald {

/// Tells the wall-clock time. The orchestrator asks once per batch, so that all of a batch agrees.
using Now = std::function<Timestamp()>;

/// The system's clock.
[[nodiscard]] Timestamp system_now();

/// For measuring spans; never goes back.
[[nodiscard]] std::chrono::steady_clock::time_point steady_now();

}  // namespace skald
