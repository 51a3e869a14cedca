#include <doctest/doctest.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include "tests/examples/service_process.hpp"

using namespace skald::examples_test;
using nlohmann::json;

namespace {

/// An inventory with 10 axes (low at 3, reorder at 5) and 4 bows.
struct Inventory {
  Inventory() {
    const json axe{{"sku", "axe"}, {"quantity", 10}, {"lowStock", 3}, {"reorderPoint", 5}};
    CHECK(service.post("/products", axe).status == 200);
    CHECK(service.post("/products", {{"sku", "bow"}, {"quantity", 4}}).status == 200);
  }

  Reply reserve(const std::string& saga, int axes, int bows, json extra = json::object()) const {
    json body{{"order", saga}, {"items", json::array()}};
    if (axes > 0) body["items"].push_back({{"sku", "axe"}, {"quantity", axes}});
    if (bows > 0) body["items"].push_back({{"sku", "bow"}, {"quantity", bows}});
    body.update(extra);
    return service.post("/reservations", body, attempt(saga, "reserve", "forward"));
  }
  Reply release(const std::string& saga) const {
    return service.post("/releases", {{"order", saga}}, attempt(saga, "reserve", "undo"));
  }
  Reply ship(const std::string& saga) const {
    return service.post("/shipments", {{"order", saga}}, attempt(saga, "ship", "forward"));
  }
  json product(const std::string& sku) const { return service.get("/products/" + sku); }
  void check_sound() const {
    CHECK(service.get("/totals").at("conserved") == true);
    const auto rebuilt = service.post("/rebuild", nullptr);
    CHECK_MESSAGE(rebuilt.body.at("equal") == true, rebuilt.body.dump());
  }

  TemporaryDirectory data;
  ServiceProcess service{"inventory", data.path()};
};

}  // namespace

TEST_CASE_FIXTURE(Inventory, "a reservation takes all its items or none") {
  CHECK(reserve("s1", 3, 1).status == 200);
  CHECK(product("axe").at("available") == 7);
  const auto refused = reserve("s2", 3, 4);
  CHECK(refused.status == 409);
  CHECK(refused.body.at("code") == "out_of_stock");
  CHECK(product("axe").at("available") == 7);
  CHECK(product("bow").at("reserved") == 1);
  check_sound();
}

TEST_CASE_FIXTURE(Inventory, "a release gives back once, and nothing for a refused reservation") {
  CHECK(reserve("s1", 3, 1).status == 200);
  CHECK(release("s1").body.at("released") == true);
  CHECK(release("s1").body.at("released") == true);
  CHECK(product("axe").at("available") == 10);
  CHECK(reserve("s2", 11, 0).status == 409);
  CHECK(release("s2").body.at("undone") == false);
  CHECK(product("axe").at("available") == 10);
  check_sound();
}

TEST_CASE_FIXTURE(Inventory, "what is shipped leaves the house and cannot be released") {
  CHECK(reserve("s1", 3, 0).status == 200);
  CHECK(ship("s1").status == 200);
  CHECK(product("axe").at("onHand") == 7);
  CHECK(product("axe").at("shipped") == 3);
  CHECK(release("s1").body.at("code") == "already_shipped");
  CHECK(ship("s2").body.at("code") == "not_reserved");
  check_sound();
}

TEST_CASE_FIXTURE(Inventory, "a reservation that runs out is given back at the next look") {
  CHECK(reserve("s1", 10, 0, {{"expiresInMs", 1}}).status == 200);
  while (product("axe").at("available") != 10) {
  }
  CHECK(ship("s1").body.at("code") == "reservation_expired");
  CHECK(release("s1").body.at("released") == false);
  CHECK(reserve("s2", 10, 0, {{"expiresInMs", 3'600'000}}).status == 200);
  CHECK(service.post("/expire", nullptr).body.at("expired") == 0);
  const auto trail = service.get("/audit?sku=axe").at("entries");
  CHECK(trail[3].at("event") == "ReservationExpired");
  check_sound();
}

TEST_CASE_FIXTURE(Inventory, "low stock and the reorder point raise one alert on each way down") {
  const auto alerts = [&] { return service.get("/analytics").at("alerts"); };
  CHECK(reserve("s1", 6, 0).status == 200);
  CHECK(alerts().empty());
  CHECK(reserve("s2", 1, 0).status == 200);
  REQUIRE(alerts().size() == 1);
  CHECK(alerts()[0].at("kind") == "LowStock");
  CHECK(reserve("s3", 1, 0).status == 200);
  CHECK(alerts().size() == 1);
  CHECK(ship("s1").status == 200);
  REQUIRE(alerts().size() == 2);
  CHECK(alerts()[0].at("kind") == "ReorderPointReached");
  CHECK(alerts()[0].at("level") == 4);
  CHECK(release("s2").status == 200);
  CHECK(release("s3").status == 200);
  CHECK(reserve("s4", 1, 0).status == 200);
  CHECK(alerts().size() == 3);
  check_sound();
}

TEST_CASE_FIXTURE(Inventory, "the audit trail tells every event and what was there after it") {
  CHECK(reserve("s1", 3, 0).status == 200);
  const json loss{{"sku", "axe"}, {"quantity", -2}, {"reason", "rust"}};
  CHECK(service.post("/adjustments", loss, {{"Idempotency-Key", "a1"}}).status == 200);
  CHECK(service.post("/adjustments", loss, {{"Idempotency-Key", "a1"}}).status == 200);
  CHECK(
      service.post("/adjustments", {{"sku", "axe"}, {"quantity", -6}}, {{"Idempotency-Key", "a2"}})
          .body.at("code") == "out_of_stock");
  const auto trail = service.get("/audit?sku=axe").at("entries");
  REQUIRE(trail.size() == 4);
  CHECK(trail[0].at("event") == "ProductAdded");
  CHECK(trail[3].at("what") == "adjusted the stock by -2 of axe: rust");
  CHECK(trail[3].at("onHand") == 8);
  CHECK(trail[3].at("reserved") == 3);
  check_sound();
}

TEST_CASE_FIXTURE(Inventory, "a projection that was tampered with is found out and rebuilt") {
  CHECK(reserve("s1", 3, 1).status == 200);
  service.kill();
  {
    SQLite::Database db((data.path() / "inventory.db").string(), SQLite::OPEN_READWRITE);
    db.exec("UPDATE stock SET reserved = 2 WHERE sku = 'axe'");
    CHECK_THROWS_AS(db.exec("UPDATE events SET quantity = 2"), SQLite::Exception);
  }
  const ServiceProcess again("inventory", data.path());
  CHECK(again.get("/totals").at("conserved") == false);
  const auto first = again.post("/rebuild", nullptr).body;
  CHECK(first.at("equal") == false);
  CHECK(first.at("differences").at("stock") == 2);
  CHECK(first.at("differences").at("audit") == 0);
  CHECK(again.post("/rebuild", nullptr).body.at("equal") == true);
  CHECK(again.get("/products/axe").at("reserved") == 3);
  CHECK(again.get("/totals").at("conserved") == true);
}

TEST_CASE_FIXTURE(Inventory, "a request that is wrong in several places hears of all of them") {
  const json body{{"items", {{{"sku", "axe"}, {"quantity", 0}}, {{"quantity", 1}}}}};
  const auto reply = service.post("/reservations", body, attempt("s1", "reserve", "forward"));
  CHECK(reply.status == 400);
  CHECK(reply.body.at("findings").size() == 3);
  CHECK(ask(service.port(), "GET", "/products/none")->status == 404);
}
