#include "sagas/stock_reservation.hpp"

#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"
#include "sagas/bodies.hpp"

namespace skald::sagas {

namespace {

using nlohmann::json;
using namespace skald::sml;
using namespace std::chrono_literals;

struct payment_confirmed {};
struct order_cancelled {};
struct item_reserved {};
struct item_refused {};
struct item_shipped {};
struct item_not_shipped {};
struct stock_read {};
struct stock_unread {};
struct alerts_sent {};
struct alerts_unsent {};

json items(const SagaView& saga) { return saga.input().at("items"); }

std::string product_path(const SagaView& saga) {
  return "/products/" + segment(saga.item().at("sku").get<std::string>());
}

/// What the inventory has shown to be scarce, one alert for each.
json scarce_products(const SagaView& saga) {
  json scarce = json::array();
  for (const auto& product : saga.output("read-stock"))
    if (product.at("available") <= product.at("lowStock")) scarce.push_back(product);
  return scarce;
}

json scarce_sku(const SagaView& saga) { return saga.item().at("sku"); }

json low_stock(const SagaView& saga) {
  const auto& product = saga.item();
  return {{"sku", product.at("sku")},
          {"available", product.at("available")},
          {"reorder", product.at("available") <= product.at("reorderPoint")}};
}

/// The saga holds the clock, not the inventory: a reservation that expires in two places expires
/// twice.
json hold_time(const SagaView& saga) { return saga.input().value("holdFor", "15m"); }

const auto reserve = operation("reserve-stock")
                         .post("inventory", "/reservations")
                         .body(fields_of_input({"order", "items"}))
                         .raises<item_reserved, item_refused>();
const auto release =
    operation("release-stock").post("inventory", "/releases").body(fields_of_input({"order"}));
const auto ship = operation("ship-items")
                      .post("inventory", "/shipments")
                      .body(fields_of_input({"order"}))
                      .raises<item_shipped, item_not_shipped>();
const auto read_stock =
    operation("read-stock").get("inventory").path(product_path).raises<stock_read, stock_unread>();
const auto alert = operation("alert-low-stock")
                       .publish("low_stock")
                       .key(scarce_sku)
                       .body(low_stock)
                       .raises<alerts_sent, alerts_unsent>();

const auto note_payment = set("note the payment", [](const EventView& event, json& data) {
  data["payment"] = event.payload.at("payment");
});

/// Shipping is the pivot and cannot be taken back, so its outcome is asked for as long as it takes.
const RetryPolicy until_known{
    .attempts = 30, .first = 100ms, .factor = 1.6, .max = 30s, .jitter = 0.2};

struct stock_reservation_table {
  static constexpr std::string_view name = "stock-reservation";
  static constexpr std::string_view description =
      "Holds stock for an order until it is paid, cancelled, or held for too long.";
  static constexpr std::string_view business_key = "order";
  static auto input() {
    return fields(
        text("order").at_least(1),
        list_of("items", text("sku").at_least(1), integer("quantity").at_least(1)).at_least(1),
        text("holdFor").optional());
  }
  static auto signals() {
    // A payment may be confirmed before the stock is reserved: it is kept until then. Who cancels
    // too late must hear of it, or would wait for money that does not come back.
    return accepts(signal<payment_confirmed>.key("order").payload(text("payment").at_least(1)),
                   signal<order_cancelled>.key("order").refuse());
  }
  static json output(const SagaView& saga) {
    return {{"order", saga.input().at("order")}, {"payment", saga.data().at("payment")}};
  }

  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"ItemReserving"_s + on_entry<_> / call(reserve).undo(release),
        "ItemReserving"_s + event<item_reserved>                     = "ItemReserved"_s,
        "ItemReserving"_s + event<item_refused>                      = "OutOfStock"_s,
        "ItemReserved"_s  + event<payment_confirmed> / note_payment  = "ItemShipping"_s,
        "ItemReserved"_s  + event<order_cancelled>
                          / unwind("the order was cancelled")        = "OrderCancelled"_s,
        "ItemReserved"_s  + at(hold_time)
                          / unwind("the reservation has expired")    = "ReservationExpired"_s,
        "ItemShipping"_s  + on_entry<_> / call(ship).pivot().retry(until_known),
        "ItemShipping"_s  + event<item_not_shipped>
                          / unwind("the inventory does not ship")    = "StockReleased"_s,
        "ItemShipping"_s  + event<item_shipped>                      = "ItemShipped"_s,
        // That nobody could be alerted undoes no shipment.
        "ItemShipped"_s   + on_entry<_> / call(read_stock).readonly().for_each(items)
                                              .concurrency(4).on_exhausted(go_to("StockUpdated"_s)),
        "ItemShipped"_s   + event<stock_read>                        = "LowStockAlert"_s,
        "ItemShipped"_s   + event<stock_unread>                      = "StockUpdated"_s,
        "LowStockAlert"_s + on_entry<_> / call(alert).retriable().for_each(scarce_products),
        "LowStockAlert"_s + event<alerts_sent>                       = "StockUpdated"_s,
        "LowStockAlert"_s + event<alerts_unsent>                     = "StockUpdated"_s,
        "StockUpdated"_s                                             = X,
        "OutOfStock"_s / fail                                        = X,
        "OrderCancelled"_s / fail                                    = X,
        "ReservationExpired"_s / fail                                = X,
        "StockReleased"_s / fail                                     = X);
    // clang-format on
  }
};

}  // namespace

Result<Definition> stock_reservation() { return define<stock_reservation_table>(); }

}  // namespace skald::sagas
