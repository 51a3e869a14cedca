#pragma once

#include "engine/core/apply.hpp"

namespace skald::core {

/// Ends the process when `decision` breaks a promise of the design. Runs after every transition, in
/// every build: it is better to stop than to store a claim that is not true.
void assert_invariants(const Definition& definition, const Decision& decision);

}  // namespace skald::core
