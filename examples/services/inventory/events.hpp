#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "examples/services/service/database.hpp"

/// The inventory is what its events say. Nothing else is the truth; see projections.hpp.
namespace skald::services::inventory {

enum class EventType {
  product_added,
  stock_adjusted,
  item_reserved,
  item_released,
  item_shipped,
  reservation_expired,
};

/// The name as stored and shown, e.g. "ItemReserved".
[[nodiscard]] std::string_view name_of(EventType type);

struct Event {
  EventType type{};
  std::string sku{};
  std::string order{};         ///< of reservations and shipments; otherwise empty
  std::int64_t quantity = 0;   ///< signed in stock_adjusted, 0 in product_added, otherwise from 1
  std::string text{};          ///< the product's name, or why stock was adjusted
  std::int64_t low_stock = 0;  ///< product_added: alert at so few available pieces
  std::int64_t reorder_point = 0;            ///< product_added: reorder at so few pieces on hand
  std::optional<std::int64_t> expires_us{};  ///< item_reserved: when it ends by itself
  std::int64_t at_us = 0;
  std::int64_t seq = 0;  ///< given by append()
};

/// Creates the event table, which refuses to change or delete its rows.
void prepare_events(Database& db);

/// Writes `event` and brings the stored projections up to it, in the caller's transaction.
void append(Database& db, Event event);

/// At most `limit` events after number `after`, in their order.
[[nodiscard]] std::vector<Event> read_events(Database& db, std::int64_t after, std::int64_t limit);

}  // namespace skald::services::inventory
