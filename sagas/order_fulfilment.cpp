#include "sagas/order_fulfilment.hpp"

#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"
#include "sagas/bodies.hpp"

namespace skald::sagas {

namespace {

using nlohmann::json;
using namespace skald::sml;
using namespace std::chrono_literals;

struct stock_reserved {};
struct stock_refused {};
struct payment_taken {};
struct payment_refused {};
struct shipment_created {};
struct shipment_refused {};
struct customer_told {};
struct customer_not_told {};

auto message(std::string text) {
  return [text = std::move(text)](const SagaView& saga) {
    const auto& input = saga.input();
    return json{{"to", input.at("customer")}, {"order", input.at("order")}, {"text", text}};
  };
}

const auto reserve_stock = operation("reserve-stock")
                               .post("inventory", "/reservations")
                               .body(fields_of_input({"order", "items"}))
                               .raises<stock_reserved, stock_refused>();
const auto release_stock =
    operation("release-stock").post("inventory", "/releases").body(fields_of_input({"order"}));
const auto take_payment = operation("take-payment")
                              .post("payments", "/payments")
                              .body(fields_of_input({"order", "customer", "amount"}))
                              .raises<payment_taken, payment_refused>();
const auto refund_payment = operation("refund-payment")
                                .post("payments", "/refunds")
                                .body(fields_of_input({"order", "customer", "amount"}));
const auto create_shipment = operation("create-shipment")
                                 .post("shipping", "/shipments")
                                 .body(fields_of_input({"order", "address", "items"}))
                                 .raises<shipment_created, shipment_refused>();
const auto cancel_shipment = operation("cancel-shipment")
                                 .post("shipping", "/cancellations")
                                 .body(fields_of_input({"order"}));
const auto tell_shipped = operation("tell-shipped")
                              .post("notifications", "/messages")
                              .body(message("Your order is on its way."))
                              .raises<customer_told, customer_not_told>();
const auto tell_cancelled = operation("tell-cancelled")
                                .post("notifications", "/messages")
                                .body(message("Your order could not be fulfilled."))
                                .raises<customer_told, customer_not_told>();

/// A message is worth patience, but no order waits for it for ever: when it is refused the order
/// ends.
const RetryPolicy patient{.attempts = 30, .first = 100ms, .factor = 1.6, .max = 30s, .jitter = 0.2};

/// Two regions, side by side; the composite state is joined when both have reached their end.
struct Preparing {
  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"ReservingStock"_s  + on_entry<_> / call(reserve_stock).undo(release_stock),
        "ReservingStock"_s  + event<stock_reserved>  = "StockReserved"_s,
        "StockReserved"_s                            = X,
       *"TakingPayment"_s   + on_entry<_> / call(take_payment).undo(refund_payment),
        "TakingPayment"_s   + event<payment_taken>   = "PaymentTaken"_s,
        "PaymentTaken"_s                             = X);
    // clang-format on
  }
};

struct order_fulfilment_table {
  static constexpr std::string_view name = "order-fulfilment";
  static constexpr std::string_view description =
      "Reserves stock and takes the payment side by side, ships, and tells the customer.";
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view business_key = "order";
  static constexpr auto deadline = 24h;
  static auto input() {
    return fields(
        text("order").at_least(1), text("customer").at_least(1), integer("amount").at_least(1),
        text("address").at_least(1),
        list_of("items", text("sku").at_least(1), integer("quantity").at_least(1)).at_least(1));
  }

  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *state<Preparing>          + event<stock_refused>    / unwind = "OrderCancelled"_s,
        state<Preparing>          + event<payment_refused>  / unwind = "OrderCancelled"_s,
        state<Preparing>          + join<_>                          = "Shipping"_s,
        "Shipping"_s              + on_entry<_>
                                  / call(create_shipment).undo(cancel_shipment).pivot(),
        "Shipping"_s              + event<shipment_refused> / unwind = "OrderCancelled"_s,
        "Shipping"_s              + event<shipment_created>          = "OrderShipped"_s,
        "OrderShipped"_s          + on_entry<_> / call(tell_shipped).retriable().retry(patient),
        "OrderShipped"_s          + event<customer_told>             = "OrderCompleted"_s,
        "OrderShipped"_s          + event<customer_not_told>         = "OrderCompleted"_s,
        "OrderCancelled"_s        + on_entry<_> / call(tell_cancelled).retriable().retry(patient),
        "OrderCancelled"_s        + event<customer_told>             = "OrderNotFulfilled"_s,
        "OrderCancelled"_s        + event<customer_not_told>         = "OrderNotFulfilled"_s,
        "OrderCompleted"_s                                           = X,
        "OrderNotFulfilled"_s     / fail                             = X);
    // clang-format on
  }
};

}  // namespace

Result<Definition> order_fulfilment() { return define<order_fulfilment_table>(); }

}  // namespace skald::sagas
