#pragma once

#include "engine/model/definition.hpp"

namespace skald::sagas {

/// Follows a delivery from the order to the customer's door, through the eleven states of its flow,
/// by what restaurant, driver and customer signal. The payment is held at the start and captured at
/// the pickup (the pivot); until then the customer may cancel, and the hold is released. A driver
/// has two minutes to accept; after three offers the delivery is given up. When nobody opens for a
/// quarter of an hour an operator is asked.
///
/// It publishes `delivery_event` under the order as correlation key for every state; see
/// delivery_notices() and delivery_analytics(), which listen.
///
/// Input: {"order", "customer", "restaurant", "address": text, "amount": integer ≥ 1 (cents)}.
/// Signals, all found by their order: preparation_started, order_ready, driver_accepted {"driver"},
/// driver_declined, driver_departed, driver_at_restaurant, order_picked_up, driver_at_customer,
/// order_delivered, customer_cancelled.
/// Participants: "payments", "drivers".
[[nodiscard]] Result<Definition> delivery_tracking();

}  // namespace skald::sagas
