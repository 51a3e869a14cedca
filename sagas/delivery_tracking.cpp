#include "sagas/delivery_tracking.hpp"

#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"
#include "sagas/bodies.hpp"

namespace skald::sagas {

namespace {

using nlohmann::json;
using namespace skald::sml;
using namespace std::chrono_literals;

struct preparation_started {};
struct order_ready {};
struct driver_accepted {};
struct driver_declined {};
struct driver_departed {};
struct driver_at_restaurant {};
struct order_picked_up {};
struct driver_at_customer {};
struct order_delivered {};
struct customer_cancelled {};

struct payment_held {};
struct payment_refused {};
struct payment_captured {};
struct capture_refused {};
struct offer_sent {};
struct offer_refused {};
struct no_driver {};  ///< raised by the table itself: the search is given up
struct announced {};
struct delivery_announced {};

constexpr int offers_max = 3;

const auto hold_payment = operation("hold-payment")
                              .post("payments", "/holds")
                              .body(fields_of_input({"order", "customer", "amount"}))
                              .raises<payment_held, payment_refused>();
const auto release_payment =
    operation("release-payment").post("payments", "/releases").body(fields_of_input({"order"}));
const auto capture_payment = operation("capture-payment")
                                 .post("payments", "/captures")
                                 .body(fields_of_input({"order", "amount"}))
                                 .raises<payment_captured, capture_refused>();
const auto offer_delivery = operation("offer-delivery")
                                .post("drivers", "/offers")
                                .body(fields_of_input({"order", "restaurant", "address"}))
                                .raises<offer_sent, offer_refused>();
const auto withdraw_offer =
    operation("withdraw-offer").post("drivers", "/withdrawals").body(fields_of_input({"order"}));

/// Tells whoever listens that the delivery has come to `state`.
operation announce(const std::string& id, const std::string& state) {
  return operation(id)
      .publish("delivery_event")
      .key(field_of_input("order"))
      .body([state](const SagaView& saga) {
        return json{{"order", saga.input().at("order")},
                    {"state", state},
                    {"driver", saga.data().value("driver", "")},
                    {"at", to_rfc3339(saga.now())}};
      })
      .raises<announced, announced>();
}
/// The same before the pickup, where nothing may be left to undo.
call tell(const std::string& id, const std::string& state) {
  return call(announce(id, state)).no_undo("it was true when it was told");
}

const auto count_offer =
    set("count the offer", [](json& data) { data["offers"] = data.value("offers", 0) + 1; });
const auto note_driver = set("note the driver", [](const EventView& event, json& data) {
  data["driver"] = event.payload.at("driver");
});
const auto count_listeners = set("count the listeners", [](const EventView& event, json& data) {
  data["listeners"] = event.payload.is_object() ? event.payload.value("delivered", 0) : 0;
});
const auto note_offer = set("note who was asked", [](const EventView& event, json& data) {
  data["asked"] = event.payload.is_object() ? event.payload.value("driver", "") : "";
});
const auto offers_left =
    when("offers left", [](const json& data) { return data.at("offers") < offers_max; });

/// Everything that a cancellation can still undo.
struct BeforePickup {
  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"HoldingPayment"_s        + on_entry<_> / call(hold_payment).undo(release_payment),
        "HoldingPayment"_s        + event<payment_held>                  = "OrderReceived"_s,
        "OrderReceived"_s         + on_entry<_> / tell("tell-received", "OrderReceived"),
        "OrderReceived"_s         + event<preparation_started>           = "PreparationStarted"_s,
        "PreparationStarted"_s    + on_entry<_> / tell("tell-started", "PreparationStarted"),
        "PreparationStarted"_s    + event<order_ready>                   = "OrderReady"_s,
        "OrderReady"_s            + on_entry<_> / tell("tell-ready", "OrderReady"),
        "OrderReady"_s                                                   = "DriverNotified"_s,
        "DriverNotified"_s        + on_entry<_> / (count_offer,
                                                   call(offer_delivery).undo(withdraw_offer),
                                                   tell("tell-notified", "DriverNotified")),
        "DriverNotified"_s        + event<driver_accepted> / note_driver = "DriverAccepts"_s,
        "DriverNotified"_s        + event<driver_declined> [offers_left] = "DriverNotified"_s,
        "DriverNotified"_s        + event<driver_declined>               / process(no_driver{}),
        "DriverNotified"_s        + after(2min) [offers_left]            = "DriverNotified"_s,
        "DriverNotified"_s        + after(2min)                          / process(no_driver{}),
        "DriverAccepts"_s         + on_entry<_> / tell("tell-accepted", "DriverAccepts"),
        "DriverAccepts"_s         + event<driver_departed>               = "EnRouteToRestaurant"_s,
        "EnRouteToRestaurant"_s   + on_entry<_> / tell("tell-departed", "EnRouteToRestaurant"),
        "EnRouteToRestaurant"_s   + event<driver_at_restaurant>          = "ArrivedAtRestaurant"_s,
        "ArrivedAtRestaurant"_s   + on_entry<_> / tell("tell-arrived", "ArrivedAtRestaurant"),
        "ArrivedAtRestaurant"_s   + event<order_picked_up>               = "HandedOver"_s,
        "HandedOver"_s                                                   = X);
    // clang-format on
  }
};

/// A capture that was asked for may have taken place, and a meal that was eaten cannot be undone.
const RetryPolicy until_known{
    .attempts = 30, .first = 100ms, .factor = 1.6, .max = 30s, .jitter = 0.2};

struct delivery_tracking_table {
  static constexpr std::string_view name = "delivery-tracking";
  static constexpr std::string_view description =
      "A delivery from the order to the customer's door, driven by what everybody signals.";
  static constexpr std::string_view business_key = "order";
  static constexpr auto deadline = 4h;
  static auto input() {
    return fields(text("order").at_least(1), text("customer").at_least(1),
                  text("restaurant").at_least(1), text("address").at_least(1),
                  integer("amount").at_least(1));
  }
  static auto tags() { return std::map<std::string, Value>{{"restaurant", value("restaurant")}}; }
  static auto signals() {
    return accepts(signal<preparation_started>.key("order"), signal<order_ready>.key("order"),
                   signal<driver_accepted>.key("order").payload(text("driver").at_least(1)),
                   // A driver who declines when another has accepted already changes nothing.
                   signal<driver_declined>.key("order").ignore(),
                   signal<driver_departed>.key("order"), signal<driver_at_restaurant>.key("order"),
                   signal<order_picked_up>.key("order"), signal<driver_at_customer>.key("order"),
                   signal<order_delivered>.key("order"),
                   // After the pickup the customer is told that it is too late.
                   signal<customer_cancelled>.key("order").refuse());
  }
  static json output(const SagaView& saga) {
    return {{"order", saga.input().at("order")}, {"driver", saga.data().at("driver")}};
  }

  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *state<BeforePickup>       + event<customer_cancelled>
                                  / unwind("the customer has cancelled") = "OrderCancelled"_s,
        state<BeforePickup>       + event<payment_refused>      / unwind = "OrderCancelled"_s,
        state<BeforePickup>       + event<offer_refused>        / unwind = "OrderCancelled"_s,
        state<BeforePickup>       + event<no_driver>
                                  / unwind("no driver has accepted")     = "OrderCancelled"_s,
        // Nothing waits for a publication but the count of who heard it.
        state<BeforePickup>       + event<announced>  / count_listeners,
        state<BeforePickup>       + event<offer_sent> / note_offer,
        state<BeforePickup>       + join<_>                              = "OrderPickedUp"_s,
        "OrderPickedUp"_s         + on_entry<_> / call(capture_payment).pivot().retry(until_known),
        "OrderPickedUp"_s         + event<announced>  / count_listeners,
        "OrderPickedUp"_s         + event<capture_refused>
                                  / unwind("the payment is not captured") = "OrderCancelled"_s,
        "OrderPickedUp"_s         + event<payment_captured>              = "EnRouteToCustomer"_s,
        "EnRouteToCustomer"_s     + on_entry<_>
                                  / (call(announce("tell-picked-up", "OrderPickedUp")).retriable(),
                                     call(announce("tell-on-the-way", "EnRouteToCustomer"))
                                         .retriable()),
        "EnRouteToCustomer"_s     + event<announced>  / count_listeners,
        "EnRouteToCustomer"_s     + event<driver_at_customer>            = "ArrivedAtCustomer"_s,
        "ArrivedAtCustomer"_s     + on_entry<_>
                                  / call(announce("tell-at-door", "ArrivedAtCustomer")).retriable(),
        "ArrivedAtCustomer"_s     + event<announced>  / count_listeners,
        "ArrivedAtCustomer"_s     + event<order_delivered>               = "OrderDelivered"_s,
        // The operator lets the driver ring again; when the door opens, it goes on by itself.
        "ArrivedAtCustomer"_s     + after(15min) / park("the customer does not open")
                                                                         = "ArrivedAtCustomer"_s,
        "OrderDelivered"_s        + on_entry<_>
                                  / call(announce("tell-delivered", "OrderDelivered")
                                             .raises<delivery_announced, delivery_announced>())
                                        .retriable(),
        "OrderDelivered"_s        + event<announced>  / count_listeners,
        "OrderDelivered"_s        + event<delivery_announced>            = "DeliveryCompleted"_s,
        "OrderCancelled"_s        + on_entry<_>
                                  / call(announce("tell-cancelled", "OrderCancelled")).retriable(),
        "OrderCancelled"_s        + event<announced>                     = "DeliveryCancelled"_s,
        "DeliveryCompleted"_s                                            = X,
        "DeliveryCancelled"_s     / fail                                 = X);
    // clang-format on
  }
};

}  // namespace

Result<Definition> delivery_tracking() { return define<delivery_tracking_table>(); }

}  // namespace skald::sagas
