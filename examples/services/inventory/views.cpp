#include "examples/services/inventory/views.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace skald::services::inventory {

Answer product(Database& db, const std::string& sku) {
  const auto rows = db.rows(
      "SELECT name, on_hand, reserved, shipped, low_stock, reorder_point FROM stock WHERE sku = ?",
      {sku});
  if (rows.empty()) return problem(404, "unknown_product", "There is no product '" + sku + "'.");
  const auto& row = rows[0];
  return ok({{"sku", sku},
             {"name", row.text(0)},
             {"onHand", row.number(1)},
             {"reserved", row.number(2)},
             {"available", row.number(1) - row.number(2)},
             {"shipped", row.number(3)},
             {"lowStock", row.number(4)},
             {"reorderPoint", row.number(5)}});
}

Answer audit(Database& db, const Call& call) {
  const auto limit = std::clamp<std::int64_t>(call.number("limit", 1000), 1, 10'000);
  const auto sku = call.query.find("sku");
  const Value only = sku == call.query.end() ? Value() : Value(sku->second);
  auto trail = nlohmann::json::array();
  for (const auto& row : db.rows("SELECT seq, at, sku, order_id, type, what, on_hand, reserved"
                                 " FROM audit WHERE seq > ?1 AND (?2 IS NULL OR sku = ?2)"
                                 " ORDER BY seq LIMIT ?3",
                                 {call.number("after", 0), only, limit}))
    trail.push_back({{"seq", row.number(0)},
                     {"at", row.number(1)},
                     {"sku", row.text(2)},
                     {"order", row.text(3)},
                     {"event", row.text(4)},
                     {"what", row.text(5)},
                     {"onHand", row.number(6)},
                     {"reserved", row.number(7)}});
  return ok({{"entries", trail}});
}

Answer analytics(Database& db, const Call&) {
  auto products = nlohmann::json::array();
  for (const auto& row : db.rows("SELECT sku, adjusted, reserved, released, expired, shipped, low,"
                                 " reorder FROM analytics ORDER BY sku"))
    products.push_back({{"sku", row.text(0)},
                        {"adjusted", row.number(1)},
                        {"reserved", row.number(2)},
                        {"released", row.number(3)},
                        {"expired", row.number(4)},
                        {"shipped", row.number(5)},
                        {"lowStock", row.number(6) != 0},
                        {"reorderPointReached", row.number(7) != 0}});
  auto alerts = nlohmann::json::array();
  for (const auto& row :
       db.rows("SELECT seq, kind, sku, level, at FROM alerts ORDER BY seq DESC, kind LIMIT 100"))
    alerts.push_back({{"seq", row.number(0)},
                      {"kind", row.text(1)},
                      {"sku", row.text(2)},
                      {"level", row.number(3)},
                      {"at", row.number(4)}});
  return ok({{"products", products}, {"alerts", alerts}});
}

Answer totals(Database& db, const Call&) {
  const auto moved = [&](const std::string& types) {
    return db.number("SELECT sum(quantity) FROM events WHERE type IN (" + types + ")");
  };
  const auto on_hand = db.number("SELECT sum(on_hand) FROM stock");
  const auto reserved = db.number("SELECT sum(reserved) FROM stock");
  const auto shipped = moved("'ItemShipped'");
  const auto ended = moved("'ItemReleased', 'ReservationExpired', 'ItemShipped'");
  const bool conserved =
      on_hand == moved("'StockAdjusted'") - shipped &&
      reserved == moved("'ItemReserved'") - ended &&
      shipped == db.number("SELECT sum(shipped) FROM stock") &&
      db.number("SELECT count(*) FROM stock WHERE reserved < 0 OR on_hand < reserved") == 0;
  return ok({{"onHand", on_hand},
             {"reserved", reserved},
             {"available", on_hand - reserved},
             {"shipped", shipped},
             {"adjusted", moved("'StockAdjusted'")},
             {"conserved", conserved}});
}

}  // namespace skald::services::inventory
