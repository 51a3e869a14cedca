#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "examples/services/inventory/events.hpp"

namespace skald::services::inventory {

/// The three views of the inventory, folded from its events:
///
/// - current stock: tables `stock` and `reservations`
/// - audit trail: table `audit`, one line per event with what was there after it
/// - analytics: tables `analytics` and `alerts` (low stock, reorder point reached)
///
/// The same code folds the stored views (schema "main"), one event at a time in the transaction of
/// the event, and rebuilds them from nothing (schema "temp") to check them.
class Projections {
 public:
  Projections(Database& db, std::string schema) : db_(db), schema_(std::move(schema)) {}

  void create();  ///< the tables, if they are not there
  void drop();

  /// Takes in `event`; events come in their order, each once.
  void apply(const Event& event);

 private:
  void apply_stock(const Event& event);
  void apply_reservations(const Event& event);
  void apply_audit(const Event& event);
  void apply_analytics(const Event& event);
  void raise_alerts(const Event& event);
  void set_alert(const Event& event, const std::string& column, const std::string& kind, bool on,
                 std::int64_t level);
  [[nodiscard]] std::string table(const std::string& name) const { return schema_ + "." + name; }

  Database& db_;
  std::string schema_;
};

/// How many rows of each stored view differ from what the events say.
struct RebuildReport {
  std::int64_t events = 0;
  std::map<std::string, std::int64_t> differences;  ///< by table; 0 where all is well
  [[nodiscard]] bool equal() const;
};

/// Folds all events anew, compares, and puts the new rows in the place of stored ones that differ.
/// In the caller's transaction.
[[nodiscard]] RebuildReport rebuild(Database& db);

}  // namespace skald::services::inventory
