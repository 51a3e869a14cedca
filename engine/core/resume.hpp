#pragma once

#include <optional>
#include <vector>

#include "engine/model/effect.hpp"

namespace skald {

/// When the saga wants its next Tick: the earliest retry or its deadline; none if it waits for
/// others.
[[nodiscard]] std::optional<Timestamp> next_due(const Instance& instance);

/// What must be asked for again after a restart: every attempt that was waiting for its reply. It
/// is the same attempt under the same idempotency key, so nothing changes in the saga but the
/// knowledge that the earlier sending may have had an effect.
[[nodiscard]] std::vector<Call> resume(Instance& instance);

}  // namespace skald
