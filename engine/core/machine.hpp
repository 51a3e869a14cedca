#pragma once

#include "engine/core/turn.hpp"

namespace skald::core {

/// Enters `state` as the `position`-th active state: its entry actions run, and for a composite one
/// the first state of each region is entered after it.
void enter(Turn& turn, StateIndex state, std::size_t position);

/// Takes everything that is ready: raised events, then anonymous and joining transitions, until
/// nothing moves; then goes on with unwinding, or ends the saga, or finds that it can never move
/// again.
void settle(Turn& turn);

/// The transition `event` would take from the active states, or null. Guards see `code` and
/// `payload`.
[[nodiscard]] const Transition* enabled(const Turn& turn, const Raised& event);

}  // namespace skald::core
