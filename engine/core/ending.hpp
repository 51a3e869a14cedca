#pragma once

#include "engine/core/turn.hpp"

namespace skald::core {

/// Ends the saga when every region is in a final state and nothing is under way. A saga that ends
/// as a failure while effects stand unwinds first; true when that has begun. Finds sagas that can
/// never move again and says so in their stuck reason.
bool conclude(Turn& turn);

/// Ends the saga with the status its log and unwinding have earned.
void end(Turn& turn);

/// Ends the saga with this status, whatever stands.
void end_as(Turn& turn, Status status);

/// Takes a completed saga up again, so that it can be undone as part of its parent.
void reopen(Turn& turn);

}  // namespace skald::core
