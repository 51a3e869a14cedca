#include "tests/engine/core_build.hpp"
#include "tests/engine/core_driver.hpp"
#include "tests/engine/core_tables.hpp"

/// What `error` tells: the failure of a step, or what else has the saga unwound.
namespace skald::test {

namespace {

using namespace std::chrono_literals;

/// Reserves, then waits for a signal or for a day; every way back goes by "Telling".
Build waiting() {
  Build b;
  b.initial("Reserving").calls("Reserving", "reserve");
  b.state("Waiting");
  b.state("Telling");
  b.calls("Telling", "tell").final("Over").final("Told", Final::failure);
  b.of("tell").kind = StepKind::retriable;
  b.of("tell").undo.reset();
  b.signal("paid");
  b.signal("withdrawn");
  b.row("Reserving", "reserve.done", "Waiting");
  b.row("Reserving", "reserve.failed", "Telling").actions = {UnwindAll{"not reserved"}};
  b.row("Waiting", "paid", "Over");
  b.row("Waiting", "withdrawn", "Telling").actions = {UnwindAll{"withdrawn"}};
  b.after("Waiting", 24h, "Telling").actions = {UnwindAll{}};
  b.row("Telling", "tell.done", "Told");
  return b;
}

std::string error_of(const Driver& driver) { return driver.saga.error.text(); }

Driver reserved(Build b) {
  Driver driver(std::move(b.d));
  driver.start();
  driver.answer("reserve", done());
  CHECK(driver.saga.error.is_null());
  return driver;
}

TEST_CASE("an unwinding that somebody asks for is the failure, by its cause and reason") {
  Driver driver = reserved(waiting());
  SUBCASE("cancelled") {
    driver.send(Cancel{"the customer called"});
    CHECK(error_of(driver) == R"({"code":"cancel","message":"the customer called"})");
  }
  SUBCASE("cancelled, and nobody says why") {
    driver.send(Cancel{});
    CHECK(error_of(driver) == R"({"code":"cancel","message":"it was cancelled"})");
  }
  SUBCASE("compensated") {
    driver.send(Compensate{"a wrong price"});
    CHECK(error_of(driver) == R"({"code":"compensate","message":"a wrong price"})");
  }
  SUBCASE("with its parent") {
    driver.send(UndoChild{"the saga it runs for is unwound"});
    CHECK(error_of(driver) ==
          R"({"code":"compensate","message":"the saga it runs for is unwound"})");
  }
  SUBCASE("by a signal") {
    driver.send(Receive{"withdrawn", {}});
    CHECK(error_of(driver) == R"({"code":"transition","message":"withdrawn"})");
  }
  SUBCASE("by time") {
    driver.tick();
    CHECK(error_of(driver) == R"({"code":"transition","message":"its definition has it undone"})");
  }
  const std::string error = error_of(driver);
  driver.run();
  CHECK(is_end(driver.saga.status));
  CHECK(error_of(driver) == error);
}

TEST_CASE("a deadline that passes is the failure") {
  Build b = waiting();
  b.d.deadline = 1h;
  Driver driver = reserved(std::move(b));
  driver.now = *driver.saga.deadline;
  driver.send(Tick{});
  CHECK(error_of(driver) == R"({"code":"deadline","message":"its deadline passed"})");
}

TEST_CASE("a step that fails stays the failure of the unwinding that it sets off") {
  Build b = waiting();
  const char* const failure = R"({"code":"full","message":"full","step":"reserve"})";
  SUBCASE("at once") {}
  SUBCASE("by way of a state") {
    b.d.transitions[1].actions.clear();
    b.d.transitions[1].target = b.state("Deciding");
    b.always("Deciding", "Telling").actions = {UnwindAll{"not reserved"}};
  }
  SUBCASE("by way of an event of the table") {
    b.d.transitions[1].actions = {RaiseEvent{b.event("refused"), {}}};
    b.d.transitions[1].target.reset();
    b.row("Reserving", "refused", "Telling").actions = {UnwindAll{"not reserved"}};
  }
  SUBCASE("deferred") {
    b.d.transitions[1].actions = {DeferEvent{}};
    b.d.transitions[1].target.reset();
    b.signal("now");
    b.row("Reserving", "now", "Ready");
    b.row("Ready", "reserve.failed", "Telling").actions = {UnwindAll{"not reserved"}};
  }
  Driver driver(std::move(b.d));
  driver.start();
  driver.answer("reserve", Failed{"full", "full", false, {}});
  if (driver.definition.find_state("Ready")) driver.send(Receive{"now", {}});
  CHECK(driver.saga.unwind.has_value());
  CHECK(error_of(driver) == failure);
}

TEST_CASE(
    "a failure that the table has dealt with is not taken for the cause of what comes later") {
  Build b = waiting();
  b.d.transitions[1].actions.clear();
  b.d.transitions[1].target = b.state("Waiting");
  Driver driver(std::move(b.d));
  driver.start();
  driver.answer("reserve", refused());
  CHECK(driver.saga.error.value().at("step") == "reserve");
  SUBCASE("a signal") {
    driver.send(Receive{"withdrawn", {}});
    CHECK(driver.saga.error.value().at("message") == "withdrawn");
  }
  SUBCASE("a client") {
    driver.send(Cancel{"enough"});
    CHECK(driver.saga.error.value().at("message") == "enough");
  }
  CHECK_FALSE(driver.saga.error.value().contains("step"));
}

TEST_CASE("an action that cannot be carried out is a defect") {
  Build b = waiting();
  b.at("Waiting").on_entry = {NativeAction{
      "count", [](const auto&, const auto&, auto&) { throw std::runtime_error("no number"); }}};
  Driver driver(std::move(b.d));
  driver.start();
  driver.answer("reserve", done());
  CHECK(error_of(driver) == R"({"code":"defect","message":"action 'count' failed: no number"})");
  CHECK(driver.saga.unwind.has_value());
}

TEST_CASE("a saga that completes shows a failure only if a step had one") {
  Driver driver = reserved(waiting());
  driver.send(Receive{"paid", {}});
  CHECK(driver.saga.status == Status::completed);
  CHECK(driver.saga.error.is_null());
  SUBCASE("until it is undone with its parent") {
    driver.send(UndoChild{"the saga it runs for is unwound"});
    CHECK(driver.saga.error.value().at("code") == "compensate");
  }
}

}  // namespace

}  // namespace skald::test
