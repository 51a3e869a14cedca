#include <nlohmann/json.hpp>

#include "sagas/delivery_analytics.hpp"
#include "sagas/delivery_notices.hpp"
#include "tests/sagas/twins.hpp"

namespace skald::test {

namespace {

constexpr auto input = R"({"order": "o-1", "customer": "ann"})";

/// As delivery tracking publishes it.
Move event(const std::string& state, const std::string& at = "2026-01-01T12:00:00.000Z") {
  return signal("delivery_event", R"({"order": "o-1", "driver": "dan", "state": ")" + state +
                                      R"(", "at": ")" + at + "\"}");
}

TEST_CASE("the notices of a delivery are the same in both languages") {
  const auto table = from_table(sagas::delivery_notices());
  const auto document = from_document("delivery-notices.json");
  CHECK(structure(table) == structure(document));
  CHECK(heading(table, input) == heading(document, input));
  const auto end =
      play(table, document, input,
           {event("OrderReceived"), event("DriverAccepts"), event("EnRouteToCustomer"),
            done("tell-customer", "{}"), done("tell-customer", "{}"), event("ArrivedAtCustomer"),
            done("tell-customer", "{}"), event("OrderDelivered"), done("tell-customer", "{}")});
  CHECK(end.saga.status == Status::completed);
  CHECK(end.calls.size() == 4);
}

TEST_CASE("a customer hears of a cancellation, and then no more") {
  Twins twins(from_table(sagas::delivery_notices()), from_document("delivery-notices.json"), input);
  twins.move(event("OrderCancelled"));
  CHECK(twins.sent("tell-customer") ==
        R"( {"order":"o-1","text":"Your order is cancelled, and you pay nothing.","to":"ann"})");
  twins.move(refused("tell-customer", "recipient_unreachable"));
  CHECK(twins.saga().saga.status == Status::completed);
}

TEST_CASE("delivery analytics are the same in both languages, and measure the time") {
  const auto table = from_table(sagas::delivery_analytics());
  const auto document = from_document("delivery-analytics.json");
  CHECK(structure(table) == structure(document));
  const auto end = play(table, document, R"({"order": "o-1"})",
                        {event("OrderReceived", "2026-01-01T12:00:00.900Z"),
                         event("OrderDelivered", "2026-01-01T12:31:10.100Z")});
  CHECK(end.saga.status == Status::completed);
  CHECK(end.saga.output.value().at("seconds") == 1870);
  CHECK(end.saga.output.value().at("outcome") == "OrderDelivered");
}

TEST_CASE("an event without its members is refused by both") {
  for (const auto& definition :
       {from_table(sagas::delivery_analytics()), from_document("delivery-analytics.json")}) {
    Driver driver(definition, {}, R"({"order": "o-1"})");
    driver.start();
    CHECK(driver.send(Receive{"delivery_event", *Json::parse(R"({"order": "o-1"})")}).refusal);
  }
}

}  // namespace

}  // namespace skald::test
