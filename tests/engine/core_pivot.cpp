#include <doctest/doctest.h>

#include "engine/core/status.hpp"
#include "tests/engine/core_driver.hpp"
#include "tests/engine/core_tables.hpp"

namespace skald::test {

namespace {

using Names = std::vector<std::string>;

/// The trip with a payment that can be taken back while its outcome is unknown.
Definition refundable() {
  Definition definition = trip();
  step(definition, "pay").undo =
      Operation{.name = "refund", .target = HttpTarget{"bank", "POST", "/refunds"}};
  return definition;
}

TEST_CASE("a pivot that is done cannot be taken back") {
  Driver driver(trip());
  driver.start();
  driver.answer("book", done());
  driver.answer("pay", done());
  CHECK(driver.saga.pivot_passed);
  const auto refusal = driver.send(Cancel{"no longer wanted"}).refusal;
  REQUIRE(refusal);
  CHECK(refusal->code == ErrorCode::action_not_allowed);
  CHECK(refusal->message ==
        "The saga cannot be cancelled: its pivot is done, so it can only go forward; its status "
        "is 'running'.");
  CHECK(driver.run() == Status::completed);
}

TEST_CASE("a refused pivot unwinds what came before it") {
  Driver driver(trip(), {{"pay", {refused()}}});
  CHECK(driver.run() == Status::compensated);
  CHECK(driver.calls == Names{"book", "pay", "undo book", "apologise"});
  CHECK(driver.states == Names{"Booking", "Paying", "Cancelled", "Sorry"});
}

TEST_CASE("a pivot whose outcome is unknown and that has an undo is undone with the rest") {
  Definition definition = refundable();
  step(definition, "pay").retry.attempts = 2;
  Driver driver(definition, {{"pay", {lost()}}});
  CHECK(driver.run() == Status::compensated);
  CHECK(driver.calls == Names{"book", "pay", "pay", "undo pay", "undo book", "apologise"});
  CHECK_FALSE(driver.saga.pivot_passed);
}

TEST_CASE("a pivot whose outcome is unknown and that has no undo waits for an operator") {
  Definition definition = trip();
  step(definition, "pay").retry.attempts = 2;
  Driver driver(definition, {{"pay", {lost()}}});
  CHECK(driver.run() == Status::stuck);
  CHECK(driver.calls == Names{"book", "pay", "pay"});
  CHECK(driver.alarms == Names{"step 'pay' needs an operator after attempt 2: timeout"});
  const auto refusal = driver.send(Compensate{"give up"}).refusal;
  REQUIRE(refusal);
  CHECK(refusal->hint == "Allowed now: retry, skip, pause, terminate.");
  SUBCASE("settled as done it goes on") {
    driver.send(Skip{"pay", Skip::As::done, Json::from_stored(R"({"id":7})"), "seen at the bank"});
    CHECK(driver.saga.pivot_passed);
    CHECK(driver.run() == Status::completed);
  }
  SUBCASE("settled as failed it unwinds") {
    driver.send(Skip{"pay", Skip::As::failed, {}, "not at the bank"});
    CHECK(driver.run() == Status::compensated);
    CHECK(driver.calls == Names{"book", "pay", "pay", "undo book", "apologise"});
  }
  SUBCASE("skipped it goes on and can no longer be unwound") {
    driver.send(Skip{"pay", Skip::As::skipped, {}, "paid in cash"});
    CHECK(driver.saga.pivot_passed);
    CHECK(allowed_actions(driver.definition, driver.saga) ==
          std::vector<std::string_view>{"pause", "terminate"});
    CHECK(driver.run() == Status::completed);
  }
}

TEST_CASE("a pivot that certainly never reached its participant unwinds when attempts are spent") {
  Definition definition = trip();
  step(definition, "pay").retry.attempts = 2;
  Driver driver(definition, {{"pay", {unreachable()}}});
  CHECK(driver.run() == Status::compensated);
  CHECK(driver.calls == Names{"book", "pay", "pay", "undo book", "apologise"});
}

TEST_CASE("a defect after a lost reply leaves the pivot in doubt") {
  SUBCASE("with an undo it is undone") {
    Driver driver(refundable(), {{"pay", {lost(), defect()}}});
    CHECK(driver.run() == Status::compensated);
    CHECK(driver.calls == Names{"book", "pay", "pay", "undo pay", "undo book", "apologise"});
  }
  SUBCASE("without one it waits for an operator") {
    Driver driver(trip(), {{"pay", {lost(), defect()}}});
    CHECK(driver.run() == Status::stuck);
    CHECK(driver.calls == Names{"book", "pay", "pay"});
  }
  SUBCASE("as the first answer it is a refusal") {
    Driver driver(trip(), {{"pay", {defect()}}});
    CHECK(driver.run() == Status::compensated);
    CHECK(driver.calls == Names{"book", "pay", "undo book", "apologise"});
  }
}

TEST_CASE("a pivot that waits to be repeated can be given up only when it can be undone") {
  Driver one_way(trip());
  one_way.start();
  one_way.answer("book", done());
  CHECK(one_way.send(Cancel{"?"}).refusal);
  one_way.answer("pay", lost());
  CHECK(one_way.send(Cancel{"?"}).refusal);
  Driver both_ways(refundable());
  both_ways.start();
  both_ways.answer("book", done());
  CHECK(both_ways.send(Cancel{"?"}).refusal);
  both_ways.answer("pay", lost());
  CHECK(both_ways.send(Cancel{"no longer wanted"}).changed);
  CHECK(both_ways.run() == Status::cancelled);
  CHECK(both_ways.calls == Names{"book", "pay", "undo pay", "undo book", "apologise"});
}

}  // namespace

}  // namespace skald::test
