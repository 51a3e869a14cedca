#include <doctest/doctest.h>

#include "engine/core/status.hpp"
#include "tests/engine/core_driver.hpp"
#include "tests/engine/core_tables.hpp"

namespace skald::test {

namespace {

using Names = std::vector<std::string>;
using namespace std::chrono_literals;

Definition impatient() {
  Definition definition = trip();
  for (auto& each : definition.steps) each.retry.attempts = each.undo_retry.attempts = 2;
  return definition;
}

TEST_CASE("an attempt with unknown outcome is repeated with the same body after a growing wait") {
  Driver driver(trip());
  driver.start();
  driver.answer("book", lost());
  CHECK(next_due(driver.saga) == driver.now + 200ms);
  CHECK(driver.tick());
  driver.answer("book", lost());
  CHECK(next_due(driver.saga) == driver.now + 400ms);
  CHECK(driver.tick());
  REQUIRE(driver.in_flight.size() == 1);
  CHECK(driver.in_flight[0].attempt == 3);
  driver.answer("book", done());
  CHECK(driver.saga.log.front().confirmed);
}

TEST_CASE("a retriable step that runs out of attempts is stuck, retried by hand, and completes") {
  Driver driver(impatient(), {{"mail", {lost()}}});
  CHECK(driver.run() == Status::stuck);
  CHECK(driver.calls == Names{"book", "pay", "mail", "mail"});
  CHECK(driver.saga.stuck_reason == "step 'mail' needs an operator after attempt 2: timeout");
  CHECK(driver.ends.empty());
  CHECK(driver.send(Retry{"mail", "the post works again"}).changed);
  CHECK(driver.saga.status == Status::running);
  CHECK(driver.saga.stuck_reason.empty());
  SUBCASE("and completes") {
    driver.script.clear();
    CHECK(driver.run() == Status::completed);
    CHECK(driver.ends == std::vector{Status::completed});
  }
  SUBCASE("or is stuck once more after as many attempts again, and alarms again") {
    CHECK(driver.run() == Status::stuck);
    CHECK(driver.calls.size() == 6);
    CHECK(driver.saga.pending.front().attempt == 4);
    CHECK(driver.alarms.size() == 2);
  }
}

TEST_CASE("a retriable step that is refused where nothing handles it waits for an operator") {
  Driver driver(impatient(), {{"mail", {refused("no_such_address")}}});
  CHECK(driver.run() == Status::stuck);
  CHECK(driver.calls == Names{"book", "pay", "mail"});
  CHECK(allowed_actions(driver.definition, driver.saga) ==
        std::vector<std::string_view>{"retry", "skip", "pause", "terminate"});
  driver.send(Skip{"mail", Skip::As::skipped, {}, "told on the phone"});
  CHECK(driver.saga.status == Status::completed);
}

TEST_CASE("a retriable step after unwinding is stuck too, and nothing is undone twice") {
  Driver driver(impatient(), {{"pay", {refused()}}, {"apologise", {unreachable()}}});
  CHECK(driver.run() == Status::stuck);
  CHECK(driver.calls == Names{"book", "pay", "undo book", "apologise", "apologise"});
  driver.script.clear();
  driver.send(Retry{"", ""});
  CHECK(driver.run() == Status::compensated);
  CHECK(driver.calls == Names{"book", "pay", "undo book", "apologise", "apologise", "apologise"});
}

TEST_CASE("a compensatable step that certainly never ran fails when attempts are spent") {
  Driver driver(impatient(), {{"book", {unreachable()}}});
  CHECK(driver.run() == Status::failed);
  CHECK(driver.calls == Names{"book", "book"});
  CHECK(driver.states == Names{"Booking", "Refused"});
}

TEST_CASE("one attempt that may have had an effect among others that had none is undone") {
  Driver driver(impatient(), {{"book", {lost(), unreachable()}}});
  CHECK(driver.run() == Status::compensated);
  CHECK(driver.calls == Names{"book", "book", "undo book"});
}

}  // namespace

}  // namespace skald::test
