#pragma once

#include <string>

#include "engine/core/turn.hpp"

/// The saga's latest failure: what `error` shows.
namespace skald::core {

/// Keeps what went wrong with a step.
void note_failure(Turn& turn, const Step& step, const Failed& failed, const std::string& reason);

/// Keeps that something went wrong that is no step's; `code` is stable, `message` for a person.
void note_failure(Turn& turn, std::string_view code, const std::string& message);

/// Keeps what sets an unwinding off, so that from its beginning on there is a failure: the cause by
/// its name, and the reason. The failure of a step that sets one off has been noted, and stays.
void note_cause(Turn& turn, UnwindCause cause, const std::string& reason);

}  // namespace skald::core
