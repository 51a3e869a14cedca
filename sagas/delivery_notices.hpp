#pragma once

#include "engine/model/definition.hpp"

namespace skald::sagas {

/// Listens to the `delivery_event`s of one order and tells the customer what matters to them.
///
/// Input: {"order": text, "customer": text}. Participant: "notifications".
[[nodiscard]] Result<Definition> delivery_notices();

}  // namespace skald::sagas
