#include "examples/services/inventory/projections.hpp"

#include <array>

namespace skald::services::inventory {

namespace {

constexpr std::array tables{"stock", "reservations", "audit", "analytics", "alerts"};

bool ends_reservation(EventType type) {
  return type == EventType::item_released || type == EventType::item_shipped ||
         type == EventType::reservation_expired;
}

std::string sentence(const Event& event) {
  const auto pieces = std::to_string(event.quantity) + " of " + event.sku;
  switch (event.type) {
    case EventType::product_added:
      return "added the product " + event.sku + " (" + event.text + ")";
    case EventType::stock_adjusted:
      return "adjusted the stock by " + pieces + ": " + event.text;
    case EventType::item_reserved:
      return "reserved " + pieces + " for order " + event.order;
    case EventType::item_released:
      return "released " + pieces + " from order " + event.order;
    case EventType::item_shipped:
      return "shipped " + pieces + " for order " + event.order;
    case EventType::reservation_expired:
      return "the reservation of " + pieces + " for order " + event.order + " expired";
  }
  return {};
}

}  // namespace

void Projections::create() {
  const std::array<std::string, 5> columns{
      "sku TEXT PRIMARY KEY, name TEXT, on_hand INTEGER, reserved INTEGER, shipped INTEGER,"
      " low_stock INTEGER, reorder_point INTEGER, updated_at INTEGER",
      "seq INTEGER PRIMARY KEY, order_id TEXT, sku TEXT, quantity INTEGER, expires INTEGER,"
      " state TEXT",
      "seq INTEGER PRIMARY KEY, at INTEGER, sku TEXT, order_id TEXT, type TEXT, what TEXT,"
      " on_hand INTEGER, reserved INTEGER",
      "sku TEXT PRIMARY KEY, adjusted INTEGER, reserved INTEGER, released INTEGER,"
      " expired INTEGER, shipped INTEGER, low INTEGER, reorder INTEGER",
      "seq INTEGER, kind TEXT, sku TEXT, level INTEGER, at INTEGER, PRIMARY KEY (seq, kind)"};
  for (std::size_t i = 0; i < columns.size(); ++i)
    db_.script("CREATE TABLE IF NOT EXISTS " + table(tables[i]) + " (" + columns[i] + ")");
  db_.script("CREATE INDEX IF NOT EXISTS " + table("reservations_by_order") +
             " ON reservations (order_id)");
  db_.script("CREATE INDEX IF NOT EXISTS " + table("reservations_to_expire") +
             " ON reservations (expires) WHERE state = 'reserved'");
}

void Projections::drop() {
  for (const auto* name : tables) db_.script("DROP TABLE " + table(name));
}

void Projections::apply(const Event& event) {
  apply_stock(event);
  apply_reservations(event);
  apply_audit(event);
  apply_analytics(event);
  raise_alerts(event);
}

void Projections::apply_stock(const Event& event) {
  if (event.type == EventType::product_added) {
    db_.run("INSERT INTO " + table("stock") + " VALUES (?, ?, 0, 0, 0, ?, ?, ?)",
            {event.sku, event.text, event.low_stock, event.reorder_point, event.at_us});
    return;
  }
  const bool shipped = event.type == EventType::item_shipped;
  std::int64_t on_hand = shipped ? -event.quantity : 0;
  std::int64_t reserved = ends_reservation(event.type) ? -event.quantity : 0;
  if (event.type == EventType::stock_adjusted) on_hand = event.quantity;
  if (event.type == EventType::item_reserved) reserved = event.quantity;
  db_.run("UPDATE " + table("stock") +
              " SET on_hand = on_hand + ?, reserved = reserved + ?, shipped = shipped + ?,"
              " updated_at = ? WHERE sku = ?",
          {on_hand, reserved, shipped ? event.quantity : std::int64_t{0}, event.at_us, event.sku});
}

void Projections::apply_reservations(const Event& event) {
  if (event.type == EventType::item_reserved) {
    db_.run("INSERT INTO " + table("reservations") + " VALUES (?, ?, ?, ?, ?, 'reserved')",
            {event.seq, event.order, event.sku, event.quantity,
             event.expires_us ? Value(*event.expires_us) : Value()});
    return;
  }
  if (!ends_reservation(event.type)) return;
  const std::string state = event.type == EventType::item_released  ? "released"
                            : event.type == EventType::item_shipped ? "shipped"
                                                                    : "expired";
  db_.run("UPDATE " + table("reservations") +
              " SET state = ? WHERE order_id = ? AND sku = ? AND state = 'reserved'",
          {state, event.order, event.sku});
}

void Projections::apply_audit(const Event& event) {
  db_.run("INSERT INTO " + table("audit") + " SELECT ?, ?, sku, ?, ?, ?, on_hand, reserved FROM " +
              table("stock") + " WHERE sku = ?",
          {event.seq, event.at_us, event.order, std::string(name_of(event.type)), sentence(event),
           event.sku});
}

void Projections::apply_analytics(const Event& event) {
  static constexpr std::array columns{"", "adjusted", "reserved", "released", "shipped", "expired"};
  if (event.type == EventType::product_added) {
    db_.run("INSERT INTO " + table("analytics") + " VALUES (?, 0, 0, 0, 0, 0, 0, 0)", {event.sku});
    return;
  }
  const std::string column = columns.at(static_cast<std::size_t>(event.type));
  db_.run("UPDATE " + table("analytics") + " SET " + column + " = " + column + " + ? WHERE sku = ?",
          {event.quantity, event.sku});
}

void Projections::raise_alerts(const Event& event) {
  if (event.type == EventType::product_added) return;
  const auto rows = db_.rows("SELECT on_hand, on_hand - reserved, low_stock, reorder_point FROM " +
                                 table("stock") + " WHERE sku = ?",
                             {event.sku});
  const auto on_hand = rows.at(0).number(0);
  const auto available = rows.at(0).number(1);
  set_alert(event, "low", "LowStock", available <= rows[0].number(2), available);
  set_alert(event, "reorder", "ReorderPointReached", on_hand <= rows[0].number(3), on_hand);
}

/// An alert is raised once on the way down, and again only after the level was above in between.
void Projections::set_alert(const Event& event, const std::string& column, const std::string& kind,
                            bool on, std::int64_t level) {
  const int changed = db_.run("UPDATE " + table("analytics") + " SET " + column +
                                  " = ?1 WHERE sku = ?2 AND " + column + " != ?1",
                              {std::int64_t{on ? 1 : 0}, event.sku});
  if (changed == 0 || !on) return;
  db_.run("INSERT INTO " + table("alerts") + " VALUES (?, ?, ?, ?, ?)",
          {event.seq, kind, event.sku, level, event.at_us});
}

bool RebuildReport::equal() const {
  for (const auto& [name, count] : differences)
    if (count != 0) return false;
  return true;
}

RebuildReport rebuild(Database& db) {
  static constexpr std::int64_t page = 1000;
  Projections fresh(db, "temp");
  fresh.create();
  RebuildReport report;
  for (std::int64_t after = 0;;) {
    const auto events = read_events(db, after, page);
    for (const auto& event : events) fresh.apply(event);
    if (events.empty()) break;
    report.events += static_cast<std::int64_t>(events.size());
    after = events.back().seq;
  }
  for (const std::string name : tables) {
    const auto missing = "SELECT * FROM temp." + name + " EXCEPT SELECT * FROM main." + name;
    const auto surplus = "SELECT * FROM main." + name + " EXCEPT SELECT * FROM temp." + name;
    auto& count = report.differences[name];
    count = db.number("SELECT (SELECT count(*) FROM (" + missing + ")) + (SELECT count(*) FROM (" +
                      surplus + "))");
    if (count == 0) continue;
    db.script("DELETE FROM main." + name);
    db.script("INSERT INTO main." + name + " SELECT * FROM temp." + name);
  }
  fresh.drop();
  return report;
}

}  // namespace skald::services::inventory
