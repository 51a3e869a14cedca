#include "sagas/delivery_tracking.hpp"

#include <algorithm>

#include "tests/sagas/twins.hpp"

namespace skald::test {

namespace {

constexpr auto input = R"({"order": "o-1", "customer": "ann", "restaurant": "Da Gino",
                           "address": "Main St 1", "amount": 2150})";
constexpr auto heard = R"({"delivered": 2, "refused": 0})";

Twins twins_of(const std::vector<Move>& way) {
  Twins twins(from_table(sagas::delivery_tracking()), from_document("delivery-tracking.json"),
              input, way);
  for (const auto& move : way) twins.move(move);
  return twins;
}

std::vector<Move> operator+(std::vector<Move> way, const std::vector<Move>& more) {
  way.insert(way.end(), more.begin(), more.end());
  return way;
}

/// Up to the offer to a driver.
const std::vector<Move> offered{done("hold-payment", "{}"),
                                done("tell-received", heard),
                                signal("preparation_started"),
                                done("tell-started", heard),
                                signal("order_ready"),
                                done("tell-ready", heard),
                                done("offer-delivery", R"({"driver": "dan"})")};
/// Up to the pickup.
const std::vector<Move> picked_up =
    offered + std::vector<Move>{
                  done("tell-notified", heard), signal("driver_accepted", R"({"driver": "dan"})"),
                  done("tell-accepted", heard), signal("driver_departed"),
                  done("tell-departed", heard), signal("driver_at_restaurant"),
                  done("tell-arrived", heard),  signal("order_picked_up")};
const std::vector<Move> at_the_door =
    picked_up + std::vector<Move>{done("capture-payment", "{}"), done("tell-picked-up", heard),
                                  done("tell-on-the-way", heard), signal("driver_at_customer"),
                                  done("tell-at-door", heard)};

TEST_CASE("delivery tracking is the same in both languages") {
  const auto table = from_table(sagas::delivery_tracking());
  const auto document = from_document("delivery-tracking.json");
  CHECK(structure(table) == structure(document));
  CHECK(heading(table, input) == heading(document, input));
  const auto end = play(
      table, document, input,
      at_the_door + std::vector<Move>{signal("order_delivered"), done("tell-delivered", heard)});
  CHECK(end.saga.status == Status::completed);
  CHECK(end.states == std::vector<std::string>{
                          "BeforePickup", "HoldingPayment", "OrderReceived", "PreparationStarted",
                          "OrderReady", "DriverNotified", "DriverAccepts", "EnRouteToRestaurant",
                          "ArrivedAtRestaurant", "HandedOver", "OrderPickedUp", "EnRouteToCustomer",
                          "ArrivedAtCustomer", "OrderDelivered", "DeliveryCompleted"});
  CHECK(end.saga.output.text() == R"({"driver":"dan","order":"o-1"})");
}

TEST_CASE("every state is published to who listens to the order") {
  const auto twins = twins_of(picked_up);
  CHECK(twins.sent("tell-accepted") ==
        R"(o-1 {"at":"2026-01-01T00:00:00.000Z","driver":"dan","order":"o-1",)"
        R"("state":"DriverAccepts"})");
}

TEST_CASE("three drivers are asked, two minutes each; then everything is undone") {
  for (const bool declined : {true, false}) {
    auto twins = twins_of(offered);
    for (int others = 0; others < 3; ++others)
      twins.move(declined ? signal("driver_declined") : time());
    twins.finish();
    CHECK(where(twins.saga()) == "DeliveryCancelled");
    CHECK(twins.saga().saga.status == Status::compensated);
    const auto& calls = twins.saga().calls;
    CHECK(std::count(calls.begin(), calls.end(), "offer-delivery") == 3);
    CHECK(std::count(calls.begin(), calls.end(), "undo offer-delivery") == 3);
    CHECK(std::count(calls.begin(), calls.end(), "undo hold-payment") == 1);
    CHECK(std::count(calls.begin(), calls.end(), "tell-cancelled") == 1);
  }
}

TEST_CASE("the customer may cancel until the pickup, and is told when it is too late") {
  auto early = twins_of(offered);
  early.move(signal("customer_cancelled"));
  early.finish();
  CHECK(early.saga().saga.status == Status::compensated);
  auto late = twins_of(picked_up);
  late.move(signal("customer_cancelled"));
  CHECK(where(late.saga()) == "OrderPickedUp");
  CHECK(Driver(late.saga()).send(Receive{"customer_cancelled", Json{}}).refusal);
}

TEST_CASE("an operator is asked when nobody opens, and a door that opens settles it") {
  auto twins = twins_of(at_the_door);
  twins.move(time());
  CHECK(twins.saga().saga.status == Status::stuck);
  CHECK(twins.saga().saga.stuck_reason == "the customer does not open");
  twins.move(signal("order_delivered"));
  twins.finish();
  CHECK(twins.saga().saga.status == Status::completed);
}

}  // namespace

}  // namespace skald::test
