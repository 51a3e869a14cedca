#include <nlohmann/json.hpp>

#include "examples/services/inventory/projections.hpp"
#include "examples/services/inventory/views.hpp"
#include "examples/services/service/form.hpp"
#include "examples/services/services.hpp"

/// The operations of the inventory: each checks the current stock view and writes events.
namespace skald::services {

namespace {

using inventory::append;
using inventory::Event;
using inventory::EventType;

struct Reserved {
  std::string sku;
  std::int64_t quantity = 0;
};

std::vector<Reserved> reservation_of(Database& db, const std::string& order) {
  std::vector<Reserved> items;
  for (const auto& row : db.rows("SELECT sku, quantity FROM reservations"
                                 " WHERE order_id = ? AND state = 'reserved' ORDER BY seq",
                                 {order}))
    items.push_back({row.text(0), row.number(1)});
  return items;
}

/// How the last reservation of `order` ended; empty if there was none.
std::string last_state(Database& db, const std::string& order) {
  const auto rows = db.rows(
      "SELECT state FROM reservations WHERE order_id = ? ORDER BY seq DESC LIMIT 1", {order});
  return rows.empty() ? "" : rows[0].text(0);
}

std::int64_t expire_due(Database& db, std::int64_t now_us) {
  const auto due = db.rows(
      "SELECT sku, order_id, quantity FROM reservations"
      " WHERE state = 'reserved' AND expires <= ? ORDER BY seq",
      {now_us});
  for (const auto& row : due)
    append(db, {.type = EventType::reservation_expired,
                .sku = row.text(0),
                .order = row.text(1),
                .quantity = row.number(2),
                .at_us = now_us});
  return static_cast<std::int64_t>(due.size());
}

/// Before anything looks at the stock, what has run out by then is given back.
Action up_to_date(Action action) {
  return [action = std::move(action)](Database& db, const Call& call) {
    (void)expire_due(db, call.now_us);
    return action(db, call);
  };
}

Answer add_product(Database& db, const Call& call) {
  Form form(call.body);
  Event added{.type = EventType::product_added, .sku = form.text("sku"), .at_us = call.now_us};
  added.text = form.text_if_any("name").value_or(added.sku);
  added.low_stock = form.number_if_any("lowStock", 0).value_or(0);
  added.reorder_point = form.number_if_any("reorderPoint", 0).value_or(0);
  const auto quantity = form.number_if_any("quantity", 0).value_or(0);
  if (!form.ok()) return form.problems();
  if (db.number("SELECT count(*) FROM stock WHERE sku = ?", {added.sku}) == 0) {
    append(db, added);
    if (quantity > 0)
      append(db, {.type = EventType::stock_adjusted,
                  .sku = added.sku,
                  .quantity = quantity,
                  .text = "first stock",
                  .at_us = call.now_us});
  }
  return inventory::product(db, added.sku);
}

Answer adjust(Database& db, const Call& call) {
  Form form(call.body);
  const auto sku = form.text("sku");
  const auto quantity = form.number("quantity");
  const auto reason = form.text_if_any("reason").value_or("no reason given");
  if (!form.ok()) return form.problems();
  const auto rows = db.rows("SELECT on_hand - reserved FROM stock WHERE sku = ?", {sku});
  if (rows.empty()) return refused("unknown_product", "There is no product '" + sku + "'.");
  if (rows[0].number(0) + quantity < 0)
    return refused("out_of_stock", "Only " + std::to_string(rows[0].number(0)) + " of '" + sku +
                                       "' are there and not reserved.");
  append(db, {.type = EventType::stock_adjusted,
              .sku = sku,
              .quantity = quantity,
              .text = reason,
              .at_us = call.now_us});
  return inventory::product(db, sku);
}

/// The wanted pieces by product; a product that is named twice counts once, with the sum.
std::map<std::string, std::int64_t> wanted_items(const Json& body, Form& form) {
  std::map<std::string, std::int64_t> wanted;
  const auto& tree = body.value();
  const auto items = tree.is_object() ? tree.find("items") : tree.end();
  if (items == tree.end() || !items->is_array() || items->empty()) {
    form.complain("items", "must be a list of at least one {sku, quantity}");
    return wanted;
  }
  for (std::size_t i = 0; i < items->size(); ++i) {
    Form item{Json((*items)[i])};
    const auto sku = item.text("sku");
    wanted[sku] += item.number("quantity", 1);
    if (!item.ok())
      form.complain("items/" + std::to_string(i),
                    "must be {\"sku\": text, \"quantity\": whole number from 1 on}");
  }
  return wanted;
}

/// All or nothing: checks every product before the first event is written.
Answer reserve(Database& db, const Call& call) {
  Form form(call.body);
  const auto order = form.text("order");
  const auto expires_in_ms = form.number_if_any("expiresInMs", 1);
  const auto wanted = wanted_items(call.body, form);
  if (!form.ok()) return form.problems();
  if (!reservation_of(db, order).empty())
    return refused("already_reserved", "The order '" + order + "' has a reservation.");
  for (const auto& [sku, quantity] : wanted) {
    const auto rows = db.rows("SELECT on_hand - reserved FROM stock WHERE sku = ?", {sku});
    const auto available = rows.empty() ? 0 : rows[0].number(0);
    if (available < quantity)
      return refused("out_of_stock", "Of '" + sku + "', " + std::to_string(quantity) +
                                         " are wanted and " + std::to_string(available) +
                                         " available.");
  }
  auto items = nlohmann::json::array();
  for (const auto& [sku, quantity] : wanted) {
    Event event{.type = EventType::item_reserved, .sku = sku, .order = order, .quantity = quantity};
    event.at_us = call.now_us;
    if (expires_in_ms) event.expires_us = call.now_us + *expires_in_ms * 1000;
    append(db, event);
    items.push_back({{"sku", sku}, {"quantity", quantity}});
  }
  return ok({{"reservationId", order}, {"items", items}});
}

/// Ends the reservation of an order with one event of `type` for each of its items.
std::int64_t end_reservation(Database& db, const Call& call, const std::string& order,
                             EventType type) {
  const auto items = reservation_of(db, order);
  for (const auto& item : items)
    append(db, {.type = type,
                .sku = item.sku,
                .order = order,
                .quantity = item.quantity,
                .at_us = call.now_us});
  return static_cast<std::int64_t>(items.size());
}

Answer release(Database& db, const Call& call) {
  Form form(call.body);
  const auto order = form.text("order");
  if (!form.ok()) return form.problems();
  const auto state = last_state(db, order);
  if (state.empty())
    return refused("unknown_reservation", "The order '" + order + "' has no reservation.");
  if (state == "shipped") return refused("already_shipped", "The order '" + order + "' is gone.");
  // One that has expired by itself is back on the shelf already, which is what an undo wants.
  const auto released = end_reservation(db, call, order, EventType::item_released);
  return ok({{"released", released > 0}, {"was", state}});
}

Answer ship(Database& db, const Call& call) {
  Form form(call.body);
  const auto order = form.text("order");
  if (!form.ok()) return form.problems();
  const auto state = last_state(db, order);
  if (state != "reserved")
    return refused(state == "expired" ? "reservation_expired" : "not_reserved",
                   "The order '" + order + "' has no standing reservation" +
                       (state.empty() ? "." : "; it is " + state + "."));
  const auto lines = end_reservation(db, call, order, EventType::item_shipped);
  return ok({{"order", order}, {"lines", lines}});
}

Answer expire(Database& db, const Call& call) {
  return ok({{"expired", expire_due(db, call.now_us)}});
}

Answer rebuild(Database& db, const Call&) {
  const auto report = inventory::rebuild(db);
  return ok(
      {{"equal", report.equal()}, {"events", report.events}, {"differences", report.differences}});
}

}  // namespace

void define_inventory(Service& service) {
  inventory::prepare_events(service.database());
  inventory::Projections(service.database(), "main").create();
  service.guarded("/adjustments", "adjustment_refused", up_to_date(adjust));
  service.guarded("/reservations", "out_of_stock", up_to_date(reserve));
  service.guarded("/releases", "release_refused", up_to_date(release));
  service.guarded("/shipments", "shipment_refused", up_to_date(ship));
  service.plain("POST", "/products", up_to_date(add_product));
  service.plain("POST", "/expire", expire);
  service.plain("POST", "/rebuild", rebuild);
  service.plain("GET", "/products/{sku}", up_to_date([](Database& db, const Call& call) {
                  return inventory::product(db, call.path.at("sku"));
                }));
  service.plain("GET", "/audit", up_to_date(inventory::audit));
  service.plain("GET", "/analytics", up_to_date(inventory::analytics));
  service.plain("GET", "/totals", up_to_date(inventory::totals));
}

}  // namespace skald::services
