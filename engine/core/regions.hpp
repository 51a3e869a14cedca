#pragma once

#include <optional>
#include <vector>

#include "engine/core/turn.hpp"

/// Which states are active, and how they are entered and left.
namespace skald::core {

/// Whether `state` is `ancestor` or lies inside it.
[[nodiscard]] bool within(const Definition& definition, StateIndex state, StateIndex ancestor);

/// The active states directly inside `parent` (none: at the top), one for each region, in order.
[[nodiscard]] std::vector<StateIndex> active_in(const Turn& turn, std::optional<StateIndex> parent);

/// A composite state is joined when enough of its regions have reached a final state.
[[nodiscard]] bool joined(const Turn& turn, StateIndex composite);

/// Enters `state` as the `position`-th active state: its timers begin, its entry actions run, and
/// for a composite one each region is entered after it, where its history left it or at its first
/// state.
void enter(Turn& turn, StateIndex state, std::size_t position);

/// Runs the exit actions of `source` and everything active inside it, innermost first. False when
/// one of them failed and the saga was broken off.
[[nodiscard]] bool run_exits(Turn& turn, StateIndex source, const Raised& event);

/// Leaves `source` with everything inside it, remembering histories. Returns the position the next
/// state takes.
std::size_t leave(Turn& turn, StateIndex source);

}  // namespace skald::core
