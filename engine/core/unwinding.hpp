#pragma once

#include <optional>
#include <string>

#include "engine/core/turn.hpp"

namespace skald::core {

/// Why the saga cannot be unwound now, as a sentence; none if it can.
[[nodiscard]] std::optional<std::string> why_no_unwind(const Definition& definition,
                                                       const Instance& saga);

/// Begins undoing what ran. From here on no step goes forward: what waits for a retry is given up
/// (and undone if it may have run), what is in flight is awaited first. REQUIRES: the pivot is not
/// passed, and no unwinding has begun.
void begin_unwind(Turn& turn, UnwindCause cause, std::string reason,
                  std::optional<StateIndex> target);

/// Children whose end is awaited are unwound with the saga.
void stop_children(Turn& turn);

/// Begins the next undo, in reverse completion order and one at a time, once nothing is in flight.
/// When nothing is left, enters the target or ends the saga. True when the target was entered.
bool advance_unwind(Turn& turn);

/// Whether `entry` has, or may have, an effect that unwinding must undo.
[[nodiscard]] bool needs_undo(const Definition& definition, const LogEntry& entry);

/// Where an unwinding that no transition asked for leads from the active states: the target of the
/// first transition that handles a failure and after which no effect is made; none: it ends in
/// place.
[[nodiscard]] std::optional<StateIndex> unwind_target(const Definition& definition,
                                                      const Instance& saga);

}  // namespace skald::core
