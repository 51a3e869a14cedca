#pragma once

#include <functional>

#include "engine/core/turn.hpp"

/// What a saga began and does not need any more is undone while it goes on.
namespace skald::core {

/// Abandons what the regions of `composite` that have not ended ran, and let run; to be called
/// before it is left.
void abandon_rest(Turn& turn, StateIndex composite);

/// Abandons every run of `step`: what is done is undone, what is in flight when it is known.
void abandon_step(Turn& turn, StepIndex step);

/// Begins the next undo of what was abandoned, in reverse completion order and one at a time.
void undo_abandoned(Turn& turn);

}  // namespace skald::core
