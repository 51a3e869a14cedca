#pragma once

#include "engine/model/definition.hpp"

namespace skald::sagas {

/// Fulfils an order: reserves stock and takes the payment side by side, ships, and tells the
/// customer.
///
/// Shipping is the pivot: before it everything is undone when something is refused (stock released,
/// payment refunded) and the customer is told; after it the order stands, and even a notification
/// that is refused cannot undo it.
///
/// Input: {"order": text, "customer": text, "amount": integer ≥ 1 (cents), "address": text,
/// "items": [{"sku": text, "quantity": integer ≥ 1}]}.
/// Participants: "inventory", "payments", "shipping", "notifications".
[[nodiscard]] Result<Definition> order_fulfilment();

}  // namespace skald::sagas
