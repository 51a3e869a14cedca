#include "tests/sagas/both.hpp"

#include <nlohmann/json.hpp>

#include "sagas/delivery_analytics.hpp"
#include "sagas/delivery_notices.hpp"
#include "sagas/delivery_tracking.hpp"
#include "sagas/money_transfer.hpp"
#include "sagas/order_fulfilment.hpp"
#include "sagas/stock_reservation.hpp"
#include "sagas/subscription_billing.hpp"
#include "sagas/vehicle_sale.hpp"

namespace skald::test {

namespace {

Json json_of(const std::string& text) { return Json(nlohmann::json::parse(text)); }

/// Scarce, so that the alert is part of what is tried.
testing::MatrixOptions of_stock() {
  testing::MatrixOptions options;
  options.outputs.emplace("read-stock", json_of(R"({"sku": "lamp", "available": 1, "lowStock": 5,
                                                   "reorderPoint": 2})"));
  return options;
}

testing::MatrixOptions of_delivery_events() {
  testing::MatrixOptions options;
  options.payloads.emplace("delivery_event",
                           json_of(R"({"order": "o-1", "state": "OrderDelivered", "driver": "dan",
                                       "at": "2026-01-01T12:00:00Z"})"));
  return options;
}

testing::MatrixOptions of_vehicle() {
  testing::MatrixOptions options{.depth = 1};
  options.input = json_of(R"({"sale": "s-1", "vehicle": "v-7", "dealer": "d-1", "buyer": "ann",
                              "lead": "ann", "price": 9, "deposit": 1,
                              "documents": [{"kind": "invoice"}, {"kind": "insurance"}]})");
  options.outputs.emplace("transfer-title", json_of(R"({"title": "t-9"})"));
  return options;
}

}  // namespace

const std::vector<ModelSaga>& model_sagas() {
  static const std::vector<ModelSaga> all{
      {"money-transfer.json", &sagas::money_transfer},
      {"order-fulfilment.json", &sagas::order_fulfilment},
      {"stock-reservation.json", &sagas::stock_reservation, of_stock()},
      {"delivery-tracking.json", &sagas::delivery_tracking, {.depth = 1}},
      {"delivery-notices.json", &sagas::delivery_notices, of_delivery_events()},
      {"delivery-analytics.json", &sagas::delivery_analytics, of_delivery_events()},
      {"vehicle-sale.yaml", &sagas::vehicle_sale, of_vehicle()},
      {"subscription-billing.json", &sagas::subscription_billing},
      {"subscription-charge.json", &sagas::subscription_charge}};
  return all;
}

Json tests_of(const Definition& document) {
  const auto& source = document.document.value();
  return source.contains("tests") ? Json(source.at("tests")) : Json(nlohmann::json::array());
}

}  // namespace skald::test
