#pragma once

#include "engine/model/definition.hpp"

namespace skald::sagas {

/// Sells a vehicle: reserves it, has the buyer's credit checked, takes the deposit, registers the
/// documents, and transfers the title (the pivot); then publishes `vehicle_sold` under the vehicle
/// and tells the lead. Whatever goes wrong before is undone, and the lead is told of it, too. No
/// two sales work on one vehicle at a time.
///
/// Input: {"sale", "vehicle", "dealer", "buyer", "lead": text, "price": integer ≥ 1, "deposit":
/// integer ≥ 1 (cents), "documents": [{"kind": text}]}. Signals, found by their sale, when the bank
/// looks at the credit by hand: credit_approved, credit_declined.
/// Participants: "vehicles", "credit", "payments", "registry", "notifications".
[[nodiscard]] Result<Definition> vehicle_sale();

}  // namespace skald::sagas
