#pragma once

#include <string_view>
#include <vector>

#include "engine/core/turn.hpp"
#include "engine/model/error.hpp"

namespace skald {

/// The actions an operator or client may take on `saga` now: "retry", "skip", "compensate",
/// "cancel".
[[nodiscard]] std::vector<std::string_view> allowed_actions(const Definition& definition,
                                                            const Instance& saga);

namespace core {

/// The refusal of an action: `why`, with the status and the allowed actions.
[[nodiscard]] Error not_allowed(const Definition& definition, const Instance& saga,
                                std::string_view why);

/// Derives status and stuck reason from what is under way; raises the alarm when it became stuck.
void update_status(Turn& turn);

}  // namespace core

}  // namespace skald
