#pragma once

#include <string>
#include <vector>

#include "tests/engine/core_moves.hpp"

namespace skald::test {

/// Every promise of the design that `move` and what apply() made of it break, as sentences.
/// Written from the design alone (three outcomes, undo never lies, pivot, late replies; S3, S5,
/// S7–S11), so it is a second opinion on the core. Marks in `after` which calls were made.
[[nodiscard]] std::vector<std::string> broken_promises(const Definition& definition,
                                                       const Instance& before, const Move& move,
                                                       const Decision& decision, Situation& after);

}  // namespace skald::test
