#pragma once

#include "engine/core/turn.hpp"

namespace skald::core {

/// Enters the first state of each top-level region.
void enter_initials(Turn& turn);

/// Takes everything that is ready: raised events, then anonymous, joining and timed transitions,
/// until nothing moves; then goes on with unwinding, or ends the saga, or finds that it can never
/// move again.
void settle(Turn& turn);

/// Lets a saga go on that its table has parked.
void go_on(Turn& turn);

/// The transition `event` would take from one of the active states, or null. Guards see its code
/// and payload.
[[nodiscard]] const Transition* enabled(const Turn& turn, const Raised& event);

/// Whether the event would move the saga, be it as an unexpected one.
[[nodiscard]] bool handles(const Turn& turn, const Raised& event);

/// Puts the event aside until the state has changed.
void keep(Turn& turn, const Raised& event);

}  // namespace skald::core
