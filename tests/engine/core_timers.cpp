#include "tests/engine/core_build.hpp"
#include "tests/engine/core_driver.hpp"

/// Transitions that wait for time.
namespace skald::test {

namespace {

using namespace std::chrono_literals;

/// "Held" is left by "paid", or after 30 s.
Build held() {
  Build b;
  b.signal("paid");
  b.initial("Held").final("Sold").final("Expired", Final::failure);
  b.row("Held", "paid", "Sold");
  b.after("Held", 30s, "Expired");
  return b;
}

TEST_CASE("a timed transition is taken when its time has come, and not before") {
  Driver driver(held().d);
  driver.start();
  CHECK(next_due(driver.saga) == driver.now + 30s);
  driver.now += 29s;
  CHECK_FALSE(driver.send(Tick{}).changed);
  driver.now += 1s;
  driver.send(Tick{});
  CHECK(driver.states == std::vector<std::string>{"Held", "Expired"});
  CHECK(driver.saga.status == Status::failed);
}

TEST_CASE("a state that was left does not wait any more") {
  Driver driver(held().d);
  driver.start();
  driver.send(Receive{"paid", {}});
  CHECK(driver.saga.status == Status::completed);
  CHECK(driver.saga.timers.empty());
  CHECK_FALSE(next_due(driver.saga));
}

TEST_CASE("an instant may come from the input; one that cannot be read makes the saga stuck") {
  Build b = held();
  b.d.transitions.back().timer = Timer{
      {}, {[](const SagaView& saga, const EventView&) { return saga.input().at("until"); }, {}}};
  Driver instant(b.d, {}, R"({"until":"2026-01-01T00:01:00Z"})");
  instant.start();
  CHECK(next_due(instant.saga) == instant.now + 1min);
  Driver span(b.d, {}, R"({"until":"1h30m"})");
  span.start();
  CHECK(next_due(span.saga) == span.now + 90min);
  Driver wrong(b.d, {}, R"({"until":"tomorrow"})");
  wrong.start();
  CHECK(wrong.saga.status == Status::stuck);
  CHECK(wrong.saga.stuck_reason ==
        "the timer of state 'Held' cannot be set: \"tomorrow\" is neither an RFC 3339 instant nor "
        "a duration such as \"90s\"");
}

TEST_CASE("when its time comes while the guard does not hold, it is taken once the guard does") {
  Build b = held();
  b.signal("sure");
  b.row("Held", "sure").actions = {say("sure")};
  b.d.transitions[1].guard = Guard{
      "sure", [](const SagaView& saga, const EventView&) { return saga.data().contains("said"); }};
  Driver driver(b.d);
  driver.start();
  driver.now += 30s;
  driver.send(Tick{});
  CHECK(where(driver) == "Held");
  CHECK_FALSE(next_due(driver.saga));
  driver.send(Receive{"sure", {}});
  CHECK(driver.saga.status == Status::failed);
}

TEST_CASE("an internal timed transition comes once for each entry") {
  Build b;
  b.signal("again");
  b.initial("Held");
  b.after("Held", 5s, "").actions = {say("tick")};
  b.row("Held", "again", "Held");
  Driver driver(b.d);
  driver.start();
  CHECK(driver.tick());
  CHECK(said(driver.saga) == "tick");
  CHECK_FALSE(driver.tick());
  driver.send(Receive{"again", {}});
  CHECK(driver.tick());
  CHECK(said(driver.saga) == "tick tick");
}

TEST_CASE("time that unwinds waits while the pivot is under way, and is in vain after it") {
  Build b;
  b.initial("Paying").calls("Paying", "pay").final("Paid").final("Late", Final::failure);
  b.of("pay").kind = StepKind::pivot;
  b.row("Paying", "pay.done", "Paid");
  b.row("Paying", "pay.failed", "Late").actions = {UnwindAll{}};
  b.after("Paying", 10s, "Late").actions = {UnwindAll{}};
  Driver driver(b.d);
  driver.start();
  driver.now += 10s;
  driver.send(Tick{});
  CHECK(driver.saga.status == Status::running);
  SUBCASE("the pivot is done") {
    driver.answer("pay", done());
    CHECK(driver.saga.status == Status::completed);
  }
  SUBCASE("the pivot waits to be tried again") {
    driver.answer("pay", unreachable());
    CHECK(driver.saga.status == Status::failed);
    CHECK(driver.states.back() == "Late");
  }
}

}  // namespace

}  // namespace skald::test
