#pragma once

#include "engine/core/turn.hpp"

/// Steps that run once for each item of a list.
namespace skald::core {

/// Makes the list and begins as many of its items as may run at once.
void begin_loop(Turn& turn, StepIndex step);

/// One item is done: the next begins, or the step is done.
void item_done(Turn& turn, const Pending& settled);

/// The place of `pending`'s item in its list, from 0.
[[nodiscard]] std::uint32_t item_index(const Instance& saga, StepIndex step, std::uint32_t run);

/// Raises the event that stands for the failure of `pending`, which is settled. What other items
/// have done is undone.
void raise_failure(Turn& turn, const Pending& settled, const Failed& failed);

/// Raises the event that stands for the success of `settled`.
void raise_done(Turn& turn, const Pending& settled, const Done& done);

}  // namespace skald::core
