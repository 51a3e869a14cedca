#include <doctest/doctest.h>

#include "tests/engine/core_driver.hpp"
#include "tests/engine/core_tables.hpp"

namespace skald::test {

namespace {

using namespace std::chrono_literals;

Definition due_in_an_hour(OnDeadline what = OnDeadline::unwind) {
  Definition definition = trip();
  definition.deadline = 1h;
  definition.on_deadline = what;
  return definition;
}

/// Lets the deadline pass.
Decision late(Driver& driver) {
  driver.now = *driver.saga.deadline;
  return driver.send(Tick{});
}

TEST_CASE("a deadline counts from the start") {
  Driver driver(due_in_an_hour());
  driver.start();
  CHECK(driver.saga.deadline == driver.now + 1h);
  CHECK(next_due(driver.saga) == driver.now + 1h);
  driver.now += 1h - 1ms;
  CHECK_FALSE(driver.send(Tick{}).changed);
}

TEST_CASE("a deadline that passes before the pivot unwinds, after what is in flight has answered") {
  Driver driver(due_in_an_hour());
  driver.start();
  CHECK(late(driver).changed);
  CHECK(driver.saga.status == Status::compensating);
  CHECK(driver.saga.unwind->cause == UnwindCause::deadline);
  CHECK(driver.calls == std::vector<std::string>{"book"});
  driver.answer("book", done());
  CHECK(driver.calls.back() == "undo book");
  driver.answer("undo book", done());
  CHECK(driver.saga.status == Status::compensated);
  CHECK(driver.states == std::vector<std::string>{"Booking", "Refused"});
}

TEST_CASE("a deadline that passes before anything had an effect ends as failed") {
  Driver driver(due_in_an_hour());
  driver.start();
  driver.answer("book", unreachable());
  CHECK(late(driver).changed);
  CHECK(driver.saga.status == Status::failed);
  CHECK(driver.calls.size() == 1);
}

TEST_CASE("a deadline gives up a retry that waits, and undoes what it may have done") {
  Driver driver(due_in_an_hour());
  driver.start();
  driver.answer("book", lost());
  CHECK(late(driver).changed);
  CHECK(driver.calls == std::vector<std::string>{"book", "undo book"});
  CHECK_FALSE(driver.saga.log.front().confirmed);
}

TEST_CASE("a pivot in flight decides, even when the deadline passes") {
  Driver driver(due_in_an_hour());
  driver.start();
  driver.answer("book", done());
  CHECK(late(driver).changed);
  CHECK(driver.saga.status == Status::running);
  CHECK(driver.kinds.back() == HistoryKind::deadline_passed);
  CHECK(driver.history.back().message.find("'pay'") != std::string::npos);
  driver.answer("pay", done());
  CHECK(driver.run() == Status::completed);
}

TEST_CASE("after the pivot a deadline that passes is only noted") {
  Driver driver(due_in_an_hour());
  driver.start();
  driver.answer("book", done());
  driver.answer("pay", done());
  CHECK(late(driver).changed);
  CHECK(driver.saga.status == Status::running);
  CHECK_FALSE(driver.saga.unwind);
  CHECK(driver.run() == Status::completed);
}

TEST_CASE("a deadline that only alerts is noted and the saga goes on") {
  Driver driver(due_in_an_hour(OnDeadline::alert));
  driver.start();
  CHECK(late(driver).changed);
  CHECK_FALSE(driver.saga.unwind);
  CHECK(driver.run() == Status::completed);
}

TEST_CASE("a deadline passes once") {
  Driver driver(due_in_an_hour(OnDeadline::alert));
  driver.start();
  late(driver);
  CHECK_FALSE(next_due(driver.saga));
  driver.now += 24h;
  CHECK_FALSE(driver.send(Tick{}).changed);
}

TEST_CASE("a saga without a deadline has none") {
  Driver driver(trip());
  driver.start();
  CHECK_FALSE(driver.saga.deadline);
  CHECK_FALSE(next_due(driver.saga));
}

}  // namespace

}  // namespace skald::test
