#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "dsl/sml/sm.hpp"
#include "dsl/sml/sml.hpp"
#include "tests/dsl/printed.hpp"
#include "tests/engine/core_driver.hpp"

/// The examples of dsl/sml/README.md: each of its blocks stands here word for word (a test compares
/// them), is compiled, and does what the page says.
namespace readme {

namespace {

using nlohmann::json;
using namespace skald;
using namespace skald::sml;
using namespace std::chrono_literals;

namespace turnstile {

namespace sml = skald::sml;  // was: boost::sml

struct coin {
  int value;
};
struct push {};

struct table {
  auto operator()() const {
    using namespace sml;
    const auto enough = [](const coin& paid) { return paid.value >= 2; };
    const auto count = [](int& visitors) { ++visitors; };
    return make_transition_table(
        *"locked"_s + event<coin>[enough] = "unlocked"_s, "locked"_s + event<push> = "alarm"_s,
        "unlocked"_s + event<push> / count = "locked"_s, "alarm"_s + event<coin> = X);
  }
};

TEST_CASE("the turnstile of the README turns") {
  int visitors = 0;
  sml::sm<table> machine{visitors};
  machine.process_event(coin{2});  // true: a transition expected it
  machine.process_event(push{});
  CHECK(machine.is("locked"_s));
  CHECK(visitors == 1);
}

}  // namespace turnstile

struct stock_reserved {};
struct stock_refused {};
struct backordered {};
struct payment_taken {};
struct payment_refused {};
struct driver_assigned {
  std::string driver;
};
void from_json(const json& from, driver_assigned& to) { from.at("driver").get_to(to.driver); }

struct price {
  int cents;
};
void to_json(json& to, const price& from) { to = json{{"cents", from.cents}}; }
struct basket {
  int items;
};
void from_json(const json& from, basket& to) { from.at("items").get_to(to.items); }

const auto reserve_stock = operation("reserve-stock")
                               .post("inventory", "/reservations")
                               .body([](const SagaView& saga) {
                                 return json{{"order", saga.input().at("order")}};
                               })
                               .header("X-Warehouse", "north")
                               .raises<stock_reserved, stock_refused>()
                               .outcome<backordered>("backordered")
                               .on_status("404", as::failed, "backordered");

const auto release_stock =
    operation("release-stock").del("inventory").path([](const SagaView& saga) {
      return "/reservations/" + saga.input().at("order").get<std::string>();
    });

const auto find_price = operation("find-price")
                            .body([](const SagaView&) {
                              return json{{"items", 3}};
                            })
                            .run([](const basket& in) -> answer<price> {
                              if (in.items == 0) return refused{"empty_basket"};
                              return price{in.items * 250};
                            });

const auto look_up_payment = operation("look-up-payment").get("payments", "/payments/1");
const auto take_payment = operation("take-payment")
                              .post("payments", "/payments")
                              .raises<payment_taken, payment_refused>();
const auto refund_payment = operation("refund-payment").post("payments", "/refunds");

const auto ship_parcel = operation("ship-parcel").child("parcel", 2);
const auto tell_shops =
    operation("tell-shops").publish("order_shipped").key([](const SagaView& saga) {
      return saga.input().at("order");
    });

struct order {
  static constexpr std::string_view name = "order";
  static constexpr std::uint32_t version = 2;
  static constexpr std::string_view business_key = "order";
  static constexpr auto deadline = 48h;
  static constexpr auto unwind_order = UnwindOrder::dependency;
  static auto input() { return fields(text("order"), list_of("parcels", text("to"))); }
  static auto locks() { return values("order"); }
  static auto signals() { return accepts(signal<driver_assigned>.key("order").refuse()); }
  static auto migrations() { return migrate(migration(1).state("Paid", "PaymentTaken")); }
  static json output(const SagaView& saga) { return {{"driver", saga.data().at("driver")}}; }

  auto operator()() const {
    const auto keep_driver = [](const driver_assigned& event, json& data) {
      data["driver"] = event.driver;
    };
    const auto parcels = [](const SagaView& saga) { return saga.input().at("parcels"); };
    return make_transition_table(
        *"Pricing"_s + on_entry<_> / call(find_price).readonly(),
        "Pricing"_s + done(find_price) = "Reserving"_s,
        "Pricing"_s + failed(find_price) = "Refused"_s,
        "Reserving"_s + on_entry<_> / call(reserve_stock).undo(release_stock).timeout(2s),
        "Reserving"_s + event<stock_reserved> = "Paying"_s,
        "Reserving"_s + event<backordered> = "Backordered"_s,
        "Reserving"_s + event<stock_refused> = "Refused"_s,
        "Backordered"_s + after(72h) = "Refused"_s,
        "Backordered"_s + event<stock_reserved> = "Paying"_s,
        "Paying"_s + on_entry<_> / call(take_payment)
                                       .undo(refund_payment)
                                       .pivot()
                                       .probe(look_up_payment)
                                       .on_exhausted(park),
        "Paying"_s + event<payment_taken> = "PaymentTaken"_s,
        "Paying"_s + event<payment_refused> / unwind = "Refused"_s,
        "PaymentTaken"_s + event<driver_assigned> / keep_driver = "Shipping"_s,
        "Shipping"_s + on_entry<_> / call(ship_parcel).retriable().for_each(parcels).concurrency(3),
        "Shipping"_s + done(ship_parcel) = "Shipped"_s,
        "Shipped"_s + on_entry<_> / call(tell_shops).retriable(),
        "Shipped"_s + done(tell_shops) = "Completed"_s, "Completed"_s = X, "Refused"_s / fail = X);
  }
};

TEST_CASE("the order of the README is acceptable, and refuses an empty basket") {
  const auto definition = define<order>();
  for (std::size_t i = 0; !definition.ok() && i < definition.error().findings.size(); ++i)
    FAIL_CHECK(definition.error().findings[i].where, ": ", definition.error().findings[i].why);
}

struct stock {
  int left = 5;
};
struct taken {};

struct kiosk {
  static constexpr std::string_view name = "kiosk";
  auto operator()() const {
    const auto in_stock = [](const stock& shelf) { return shelf.left > 0; };
    const auto take_one = [](stock& shelf) { --shelf.left; };
    return make_transition_table(*"Open"_s + event<taken>[in_stock] / take_one,
                                 "Open"_s + event<taken> = "SoldOut"_s, "SoldOut"_s = X);
  }
};

TEST_CASE("dependencies are given by reference, or shared") {
  const auto shelf = std::make_shared<stock>();
  const auto definition = define<kiosk>(shelf);
  REQUIRE(definition.ok());
  test::Driver driver(*definition);
  driver.start();
  driver.send(Receive{"taken", {}});
  CHECK(shelf->left == 4);
}

std::string text_of(const char* path) {
  std::ifstream file(path);
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string without_space(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

TEST_CASE("every C++ block of the README stands in this file") {
  const std::string page = text_of(SKALD_SML_README);
  const std::string here = without_space(text_of(SKALD_SML_README_TEST));
  const std::string_view open = "```cpp\n", close = "```";
  int blocks = 0;
  for (auto at = page.find(open); at != page.npos; at = page.find(open, at), ++blocks) {
    at += open.size();
    const std::string block = page.substr(at, page.find(close, at) - at);
    CHECK_MESSAGE(here.find(without_space(block)) != here.npos, block);
  }
  CHECK(blocks == 9);
}

}  // namespace

}  // namespace readme
