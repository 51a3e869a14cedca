#include <doctest/doctest.h>

#include "tests/engine/core_driver.hpp"
#include "tests/engine/core_tables.hpp"

namespace skald::test {

namespace {

using Names = std::vector<std::string>;
using namespace std::chrono_literals;

TEST_CASE("a saga is due at its earliest retry, its deadline, or not at all") {
  Definition definition = journey();
  step(definition, "bill").retry.first = 50ms;
  Driver driver(definition);
  driver.start();
  const auto began = driver.now;
  CHECK(next_due(driver.saga) == began + 24h);
  driver.answer("book", done());
  driver.answer("pay", done());
  driver.answer("mail", lost());
  CHECK(next_due(driver.saga) == began + 200ms);
  driver.answer("bill", lost());
  CHECK(next_due(driver.saga) == began + 50ms);
  driver.run();
  CHECK_FALSE(next_due(driver.saga));
}

TEST_CASE("a saga that waits for a reply or an operator is not due") {
  Definition definition = trip();
  step(definition, "mail").retry.attempts = 1;
  Driver driver(definition, {{"mail", {lost()}}});
  driver.start();
  CHECK_FALSE(next_due(driver.saga));
  CHECK(driver.run() == Status::stuck);
  CHECK_FALSE(next_due(driver.saga));
}

TEST_CASE("a tick sends every retry that is due and no other") {
  Definition definition = journey();
  step(definition, "bill").retry.first = 50ms;
  Driver driver(definition);
  driver.start();
  driver.answer("book", done());
  driver.answer("pay", done());
  driver.answer("mail", lost());
  driver.answer("bill", lost());
  driver.now += 49ms;
  CHECK_FALSE(driver.send(Tick{}).changed);
  driver.now += 1ms;
  CHECK(driver.send(Tick{}).changed);
  CHECK(driver.calls == Names{"book", "pay", "mail", "bill", "bill"});
  driver.answer("bill", lost());
  driver.now += 1h;
  CHECK(driver.send(Tick{}).changed);
  CHECK(driver.calls == Names{"book", "pay", "mail", "bill", "bill", "mail", "bill"});
}

TEST_CASE("after a restart every attempt in flight is asked for again, as the same attempt") {
  Driver driver(journey());
  driver.start();
  driver.answer("book", done());
  driver.answer("pay", done());
  driver.answer("mail", lost());
  const auto calls = resume(driver.saga);
  REQUIRE(calls.size() == 1);
  CHECK(driver.name(calls[0]) == "bill");
  CHECK(calls[0].attempt == 1);
  CHECK(calls[0].body == driver.in_flight.front().body);
}

TEST_CASE("what was in flight when the node went down may have had an effect") {
  Definition definition = trip();
  step(definition, "book").retry.attempts = 1;
  for (const bool restarted : {true, false}) {
    Driver driver(definition);
    driver.start();
    if (restarted) CHECK(resume(driver.saga).size() == 1);
    driver.answer("book", unreachable());
    CHECK(driver.run() == (restarted ? Status::compensated : Status::failed));
  }
}

}  // namespace

}  // namespace skald::test
