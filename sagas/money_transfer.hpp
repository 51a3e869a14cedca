#pragma once

#include "engine/model/definition.hpp"

namespace skald::sagas {

/// Moves an amount from one account to another: debit the source, credit the target; when the
/// target cannot be credited the source gets its money back.
///
/// Input: {"source": text, "target": text, "amount": integer ≥ 1 (cents)}. Participant: "accounts".
[[nodiscard]] Result<Definition> money_transfer();

}  // namespace skald::sagas
