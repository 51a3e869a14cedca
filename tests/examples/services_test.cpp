#include <doctest/doctest.h>

#include "tests/examples/service_process.hpp"

using namespace skald::examples_test;
using nlohmann::json;

TEST_CASE("a payment is captured within the customer's limit and refunded at most in full") {
  const TemporaryDirectory data;
  const ServiceProcess service("payments", data.path());
  CHECK(service.post("/customers", {{"id", "ada"}, {"limit", 500}}).status == 200);
  const auto pay = [&](const std::string& saga, int amount) {
    const json body{{"order", saga}, {"customer", "ada"}, {"amount", amount}};
    return service.post("/payments", body, attempt(saga, "pay", "forward"));
  };
  CHECK(pay("s1", 501).body.at("code") == "card_declined");
  CHECK(pay("s2", 500).body.at("paymentId") == "payment-1");
  const json part{{"order", "s2"}, {"amount", 200}};
  CHECK(service.post("/refunds", part, attempt("s2", "partly", "forward")).status == 200);
  const json too_much{{"order", "s2"}, {"amount", 301}};
  CHECK(service.post("/refunds", too_much, attempt("s2", "more", "forward")).status == 409);
  const json rest{{"order", "s2"}};
  CHECK(service.post("/refunds", rest, attempt("s2", "pay", "undo")).body.at("amount") == 300);
  CHECK(service.post("/refunds", rest, attempt("s1", "pay", "undo")).body.at("undone") == false);
  const auto total = service.get("/total");
  CHECK(total.at("captured") == 500);
  CHECK(total.at("net") == 0);
  CHECK(total.at("refunds") == 2);
  CHECK(total.at("consistent") == true);
}

TEST_CASE("an order ships once at a time, and not to where no carrier goes") {
  const TemporaryDirectory data;
  const ServiceProcess service("shipping", data.path());
  const auto book = [&](const std::string& saga, const json& address, int quantity) {
    const json items = json::array({{{"sku", "axe"}, {"quantity", quantity}}});
    const json body{{"order", "o1"}, {"address", address}, {"items", items}};
    return service.post("/shipments", body, attempt(saga, "ship", "forward"));
  };
  CHECK(book("s1", {{"city", "Atlantis"}}, 1).body.at("code") == "address_not_served");
  CHECK(book("s2", "Oslo", 3).body.at("carrier") == "Muninn Parcel");
  CHECK(book("s3", "Oslo", 3).body.at("code") == "already_shipping");
  const auto cancelled =
      service.post("/cancellations", {{"order", "o1"}}, attempt("s2", "ship", "undo"));
  CHECK(cancelled.body.at("shipmentId") == "shipment-1");
  CHECK(book("s4", "Oslo", 1).status == 200);
  CHECK(service.get("/totals") ==
        json{{"booked", 2}, {"cancelled", 1}, {"active", 1}, {"pieces", 1}});
  CHECK(book("s5", "Oslo", 0).status == 400);
}

TEST_CASE("the five services run as five processes, each with its own memory and journal") {
  const TemporaryDirectory data;
  for (const std::string name :
       {"accounts", "payments", "inventory", "shipping", "notifications"}) {
    ServiceProcess service(name, data.path());
    CHECK(service.get("/health").at("service") == name);
    CHECK(service.get("/journal").at("entries").empty());
    CHECK(service.terminate() == 0);
    CHECK(std::filesystem::exists(data.path() / (name + ".db")));
  }
}
