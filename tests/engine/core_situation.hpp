#pragma once

#include <string>

#include "tests/engine/core_moves.hpp"

namespace skald::test {

/// Makes situations that differ only in what cannot matter any more the same, so that there are
/// finitely many, and few enough to walk them all:
///  - times, revision, the number of an attempt (2 stands for any) and the wording of errors;
///  - once a step is undone, how it was done; once the saga unwinds, why steps were skipped;
///  - once it has unwound, or passed the pivot, what the steps before did in detail.
void normalise(const Definition& definition, Situation& situation);

/// What makes a normalised situation different from the others.
[[nodiscard]] std::string key_of(const Situation& situation);

}  // namespace skald::test
