#pragma once

#include <string>

#include "examples/services/service/call.hpp"

/// The three views of the inventory as JSON, read from their projections.
namespace skald::services::inventory {

/// The current stock of one product; 404 if there is no such product.
[[nodiscard]] Answer product(Database& db, const std::string& sku);

/// GET /audit?after=&limit=&sku=: what happened, oldest first, and what was there after it.
[[nodiscard]] Answer audit(Database& db, const Call& call);

/// Movements by product, and the alerts about low stock and reached reorder points.
[[nodiscard]] Answer analytics(Database& db, const Call& call);

/// Sums over all products; `conserved` compares them with sums over the bare events.
[[nodiscard]] Answer totals(Database& db, const Call& call);

}  // namespace skald::services::inventory
