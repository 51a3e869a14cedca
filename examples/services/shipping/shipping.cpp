#include <algorithm>
#include <nlohmann/json.hpp>

#include "examples/services/service/form.hpp"
#include "examples/services/services.hpp"

/// Shipments, one active per order.
namespace skald::services {

namespace {

/// Addresses that name one of these places get 409 address_not_served.
constexpr std::array<std::string_view, 2> not_served{"Atlantis", "Nowhere"};

/// The carrier goes by the number of pieces, so that the same order always gets the same one.
std::string carrier_for(std::int64_t pieces) {
  if (pieces <= 2) return "Huginn Express";
  return pieces <= 10 ? "Muninn Parcel" : "Sleipnir Freight";
}

/// The sum of the quantities of `items`; an item without one counts as one piece.
std::int64_t pieces_in(const Json& body, Form& form) {
  const auto& tree = body.value();
  const auto items = tree.is_object() ? tree.find("items") : tree.end();
  if (items == tree.end() || !items->is_array() || items->empty()) {
    form.complain("items", "must be a list of at least one item");
    return 0;
  }
  std::int64_t pieces = 0;
  for (const auto& item : *items) {
    const nlohmann::json one(1);
    const auto quantity = item.is_object() ? item.value("quantity", one) : one;
    const bool good = quantity.is_number_integer() && quantity >= 1 && quantity <= 1'000'000;
    if (!good) form.complain("items", "each quantity must be a whole number from 1 to 1000000");
    pieces += good ? quantity.get<std::int64_t>() : 0;
  }
  return pieces;
}

std::string shipment_name(std::int64_t id) { return "shipment-" + std::to_string(id); }

std::int64_t active_shipment(Database& db, const std::string& order) {
  return db.number("SELECT id FROM shipments WHERE order_id = ? AND cancelled_at IS NULL", {order});
}

Answer book(Database& db, const Call& call) {
  Form form(call.body);
  const auto order = form.text("order");
  const auto address = form.anything("address");
  const auto pieces = pieces_in(call.body, form);
  if (!form.ok()) return form.problems();
  for (const auto place : not_served)
    if (address.find(place) != std::string::npos)
      return refused("address_not_served", "No carrier goes to " + std::string(place) + ".");
  if (active_shipment(db, order) != 0)
    return refused("already_shipping", "The order '" + order + "' has a shipment.");
  const auto carrier = carrier_for(pieces);
  db.run("INSERT INTO shipments (order_id, address, pieces, carrier, at) VALUES (?, ?, ?, ?, ?)",
         {order, address, pieces, carrier, call.now_us});
  return ok({{"shipmentId", shipment_name(db.last_id())}, {"carrier", carrier}});
}

Answer cancel(Database& db, const Call& call) {
  Form form(call.body);
  const auto order = form.text("order");
  if (!form.ok()) return form.problems();
  const auto id = active_shipment(db, order);
  if (id == 0) return refused("unknown_shipment", "The order '" + order + "' has no shipment.");
  db.run("UPDATE shipments SET cancelled_at = ? WHERE id = ?", {call.now_us, id});
  return ok({{"shipmentId", shipment_name(id)}, {"cancelled", true}});
}

Answer totals(Database& db, const Call&) {
  const auto booked = db.number("SELECT count(*) FROM shipments");
  const auto cancelled = db.number("SELECT count(*) FROM shipments WHERE cancelled_at IS NOT NULL");
  return ok(
      {{"booked", booked},
       {"cancelled", cancelled},
       {"active", booked - cancelled},
       {"pieces", db.number("SELECT sum(pieces) FROM shipments WHERE cancelled_at IS NULL")}});
}

}  // namespace

void define_shipping(Service& service) {
  service.database().script(
      "CREATE TABLE IF NOT EXISTS shipments (id INTEGER PRIMARY KEY AUTOINCREMENT,"
      " order_id TEXT NOT NULL, address TEXT NOT NULL, pieces INTEGER NOT NULL,"
      " carrier TEXT NOT NULL, at INTEGER NOT NULL, cancelled_at INTEGER);"
      "CREATE UNIQUE INDEX IF NOT EXISTS one_active_shipment ON shipments (order_id)"
      " WHERE cancelled_at IS NULL;");
  service.guarded("/shipments", "address_not_served", book);
  service.guarded("/cancellations", "cancellation_refused", cancel);
  service.plain("GET", "/totals", totals);
}

}  // namespace skald::services
