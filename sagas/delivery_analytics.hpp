#pragma once

#include "engine/model/definition.hpp"

namespace skald::sagas {

/// Listens to the `delivery_event`s of one order and measures: its output is {"order", "driver",
/// "outcome": "OrderDelivered" or "OrderCancelled", "seconds" from the first event to the last,
/// "events": [{"state", "at"}]}. It calls nobody.
///
/// Input: {"order": text}.
[[nodiscard]] Result<Definition> delivery_analytics();

}  // namespace skald::sagas
