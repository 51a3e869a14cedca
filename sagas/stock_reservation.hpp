#pragma once

#include "engine/model/definition.hpp"

namespace skald::sagas {

/// Holds stock for an order until it is paid: reserves, and waits for the signal
/// `payment_confirmed`, for `order_cancelled`, or for the reservation to expire. Paid, it ships
/// (the pivot) and publishes `low_stock` for every product that has become scarce; else the stock
/// is released.
///
/// Input: {"order": text, "items": [{"sku": text, "quantity": integer ≥ 1}], "holdFor": optional
/// duration ("90s"), 15 minutes when left out}. Both signals find the saga by its order.
/// Participant: "inventory".
[[nodiscard]] Result<Definition> stock_reservation();

}  // namespace skald::sagas
