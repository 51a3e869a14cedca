#pragma once

#include <vector>

#include "engine/model/definition.hpp"
#include "engine/model/error.hpp"

namespace skald {

/// Everything wrong with a definition, each with its table row: states without a way in or out,
/// steps without undo, outcomes nothing handles, effects after the pivot or after unwinding, and
/// settings out of range. Empty: every path before the pivot can be undone and every path after it
/// ends.
[[nodiscard]] std::vector<Finding> check(const Definition& definition);

class Registry;

/// What is wrong with the sagas that the steps of a definition start, as far as `known` has their
/// definitions: one that would have to be unwound although it has a pivot, and sagas that start
/// each other without any way to an end. check() does this for a definition that starts itself.
[[nodiscard]] std::vector<Finding> check_children(const Definition& definition,
                                                  const Registry& known);

}  // namespace skald
