#pragma once

#include "engine/core/turn.hpp"

namespace skald::core {

/// Begins the timers of `state`, which was entered now.
void begin_timers(Turn& turn, StateIndex state);

/// Marks the timers that are due; their transitions are then enabled like anonymous ones.
void expire_timers(Turn& turn);

/// Moves the timers that were set as spans; those that were set to an instant keep it.
void shift_timers(Turn& turn, Duration by);

/// Whether the time of `transition` has come.
[[nodiscard]] bool expired(const Turn& turn, const Transition& transition);

/// A timed transition that was taken does not come again until its state is entered again.
void forget_timer(Turn& turn, const Transition& transition);

}  // namespace skald::core
