#include "examples/services/inventory/events.hpp"

#include <array>
#include <stdexcept>

#include "examples/services/inventory/projections.hpp"

namespace skald::services::inventory {

namespace {

constexpr std::array<std::string_view, 6> names{"ProductAdded", "StockAdjusted",
                                                "ItemReserved", "ItemReleased",
                                                "ItemShipped",  "ReservationExpired"};

EventType type_named(const std::string& name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<EventType>(i);
  throw std::runtime_error("the event table holds an event of the unknown type '" + name + "'");
}

Event event_from(const Row& row) {
  Event event;
  event.seq = row.number(0);
  event.at_us = row.number(1);
  event.type = type_named(row.text(2));
  event.sku = row.text(3);
  event.order = row.text(4);
  event.quantity = row.number(5);
  event.text = row.text(6);
  event.low_stock = row.number(7);
  event.reorder_point = row.number(8);
  if (!row.is_null(9)) event.expires_us = row.number(9);
  return event;
}

}  // namespace

std::string_view name_of(EventType type) { return names.at(static_cast<std::size_t>(type)); }

void prepare_events(Database& db) {
  db.script(
      "CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY AUTOINCREMENT,"
      " at INTEGER NOT NULL, type TEXT NOT NULL, sku TEXT NOT NULL, order_id TEXT NOT NULL,"
      " quantity INTEGER NOT NULL, text TEXT NOT NULL, low_stock INTEGER NOT NULL,"
      " reorder_point INTEGER NOT NULL, expires INTEGER);"
      "CREATE TRIGGER IF NOT EXISTS events_keep BEFORE UPDATE ON events"
      " BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;"
      "CREATE TRIGGER IF NOT EXISTS events_stay BEFORE DELETE ON events"
      " BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;");
}

void append(Database& db, Event event) {
  db.run(
      "INSERT INTO events (at, type, sku, order_id, quantity, text, low_stock, reorder_point,"
      " expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {event.at_us, std::string(name_of(event.type)), event.sku, event.order, event.quantity,
       event.text, event.low_stock, event.reorder_point,
       event.expires_us ? Value(*event.expires_us) : Value()});
  event.seq = db.last_id();
  Projections(db, "main").apply(event);
}

std::vector<Event> read_events(Database& db, std::int64_t after, std::int64_t limit) {
  std::vector<Event> events;
  for (const auto& row : db.rows("SELECT seq, at, type, sku, order_id, quantity, text, low_stock,"
                                 " reorder_point, expires FROM events WHERE seq > ?"
                                 " ORDER BY seq LIMIT ?",
                                 {after, limit}))
    events.push_back(event_from(row));
  return events;
}

}  // namespace skald::services::inventory
