#pragma once

#include <vector>

#include "engine/core/turn.hpp"

namespace skald::core {

/// Runs the actions in order. False when one failed: the saga was broken off then, because the
/// table can no longer be followed.
[[nodiscard]] bool run_actions(Turn& turn, const std::vector<Action>& actions, const Raised& event);

/// Whether one of the actions is an A.
template <class A>
[[nodiscard]] bool has(const std::vector<Action>& actions) {
  for (const auto& action : actions)
    if (std::holds_alternative<A>(action)) return true;
  return false;
}

}  // namespace skald::core
