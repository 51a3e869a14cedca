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

}  // namespace skald
