#include "sagas/stock_reservation.hpp"

#include "tests/sagas/twins.hpp"

namespace skald::test {

namespace {

constexpr auto input = R"({"order": "o-1", "holdFor": "90s",
                           "items": [{"sku": "lamp 2/3", "quantity": 2},
                                     {"sku": "cup", "quantity": 1}]})";
constexpr auto plenty = R"({"sku": "cup", "available": 9, "lowStock": 2, "reorderPoint": 1})";
constexpr auto scarce = R"({"sku": "lamp 2/3", "available": 1, "lowStock": 2, "reorderPoint": 1})";
constexpr auto paid = R"({"payment": "p-1"})";

Twins twins_of(const char* given = input) {
  return Twins(from_table(sagas::stock_reservation()), from_document("stock-reservation.json"),
               given);
}

TEST_CASE("the stock reservation is the same in both languages") {
  const auto table = from_table(sagas::stock_reservation());
  const auto document = from_document("stock-reservation.json");
  CHECK(structure(table) == structure(document));
  CHECK(heading(table, input) == heading(document, input));
  CHECK(heading(table, R"({"holdFor": 1})") == "is refused");
  CHECK(heading(document, R"({"holdFor": 1})") == "is refused");
  const auto end = play(
      table, document, input,
      {done("reserve-stock", "{}"), signal("payment_confirmed", paid), done("ship-items", "{}"),
       done("read-stock", scarce), done("read-stock", plenty), done("alert-low-stock", "{}")});
  CHECK(end.saga.status == Status::completed);
  CHECK(end.saga.output.text() == R"({"order":"o-1","payment":"p-1"})");
}

TEST_CASE("only what is scarce is alerted, each product by its own key") {
  auto twins = twins_of();
  twins.move(signal("payment_confirmed", paid));  // before the stock is reserved: it is kept
  twins.move(done("reserve-stock", "{}"));
  CHECK(where(twins.saga()) == "ItemShipping");
  twins.move(done("ship-items", "{}"));
  CHECK(twins.saga().in_flight.front().address == "/products/lamp%202%2F3");
  twins.move(done("read-stock", scarce));
  twins.move(done("read-stock", plenty));
  CHECK(twins.sent("alert-low-stock") ==
        R"(lamp 2/3 {"available":1,"reorder":true,"sku":"lamp 2/3"})");
  CHECK(twins.saga().in_flight.size() == 1);
}

TEST_CASE("a reservation nobody pays expires and the stock is released") {
  for (const bool given : {true, false}) {
    auto twins =
        twins_of(given ? input : R"({"order": "o-1", "items": [{"sku": "cup", "quantity": 1}]})");
    const auto begun = twins.saga().now;
    twins.move(done("reserve-stock", "{}"));
    twins.move(time());
    CHECK(twins.saga().now - begun == (given ? Duration{90'000} : Duration{900'000}));
    CHECK(twins.sent("undo reserve-stock") == R"( {"order":"o-1"})");
    twins.finish();
    CHECK(where(twins.saga()) == "ReservationExpired");
    CHECK(twins.saga().saga.status == Status::compensated);
  }
}

TEST_CASE("an order can be cancelled while it waits, and not when it ships") {
  auto twins = twins_of();
  twins.move(done("reserve-stock", "{}"));
  SUBCASE("in time") {
    twins.move(signal("order_cancelled"));
    twins.finish();
    CHECK(where(twins.saga()) == "OrderCancelled");
  }
  SUBCASE("too late") {
    twins.move(signal("payment_confirmed", paid));
    const auto decision = Driver(twins.saga()).send(Receive{"order_cancelled", Json{}});
    CHECK(decision.refusal);
    twins.move(signal("order_cancelled"));
    CHECK(where(twins.saga()) == "ItemShipping");
  }
}

TEST_CASE("stock that cannot be read is no reason not to end") {
  auto twins = twins_of();
  twins.move(done("reserve-stock", "{}"));
  twins.move(signal("payment_confirmed", paid));
  twins.move(done("ship-items", "{}"));
  while (!twins.saga().in_flight.empty()) twins.move(refused("read-stock", "unknown_product"));
  CHECK(twins.saga().saga.status == Status::completed);
  CHECK(where(twins.saga()) == "StockUpdated");
}

}  // namespace

}  // namespace skald::test
