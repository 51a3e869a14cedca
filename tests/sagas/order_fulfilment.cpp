#include "sagas/order_fulfilment.hpp"

#include "tests/sagas/twins.hpp"

namespace skald::test {

namespace {

constexpr auto input = R"({"order": "o-1", "customer": "ann", "amount": 990, "address": "Main St 1",
                           "items": [{"sku": "lamp", "quantity": 2}]})";

TEST_CASE("the order fulfilment is the same in both languages") {
  const auto table = from_table(sagas::order_fulfilment());
  const auto document = from_document("order-fulfilment.json");
  CHECK(structure(table) == structure(document));
  CHECK(heading(table, input) == heading(document, input));
  CHECK(heading(table, R"({"items": []})") == "is refused");
  CHECK(heading(document, R"({"items": []})") == "is refused");
  const auto end =
      play(table, document, input,
           {done("take-payment", R"({"paymentId": "p-1"})"), done("reserve-stock", "{}"),
            done("create-shipment", "{}"), done("tell-shipped", "{}")});
  CHECK(end.saga.status == Status::completed);
  CHECK(where(end) == "OrderCompleted");
}

TEST_CASE("a refused payment releases the stock and tells the customer") {
  Twins twins(from_table(sagas::order_fulfilment()), from_document("order-fulfilment.json"), input);
  twins.move(done("reserve-stock", "{}"));
  twins.move(refused("take-payment", "card_declined"));
  CHECK(twins.sent("undo reserve-stock") == R"( {"order":"o-1"})");
  twins.finish();
  CHECK(twins.sent("tell-cancelled") ==
        R"( {"order":"o-1","text":"Your order could not be fulfilled.","to":"ann"})");
  CHECK(twins.saga().saga.status == Status::compensated);
}

TEST_CASE("a message that is refused undoes no order") {
  Twins twins(from_table(sagas::order_fulfilment()), from_document("order-fulfilment.json"), input);
  for (const auto* step : {"reserve-stock", "take-payment", "create-shipment"})
    twins.move(done(step, "{}"));
  twins.move(refused("tell-shipped", "recipient_unreachable"));
  CHECK(twins.saga().saga.status == Status::completed);
}

}  // namespace

}  // namespace skald::test
