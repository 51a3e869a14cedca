#include <doctest/doctest.h>

#include "engine/core/explain.hpp"
#include "tests/engine/core_build.hpp"
#include "tests/engine/core_driver.hpp"
#include "tests/engine/core_tables.hpp"

namespace skald::test {

namespace {

using Names = std::vector<std::string>;
using namespace std::chrono_literals;

Explanation explained(const Driver& driver) { return explain(driver.definition, driver.saga); }

TEST_CASE("a saga with a call in flight says whom it waits for") {
  Driver driver(trip());
  driver.start();
  driver.answer("book", done());
  const auto why = explained(driver);
  CHECK(why.summary == "It waits for 'bank' to answer attempt 1 of 'pay'.");
  REQUIRE(why.waiting.size() == 1);
  CHECK(why.waiting[0].on == Waiting::On::participant);
  CHECK(name_of(why.waiting[0].on) == "participant");
  CHECK(why.waiting[0].attempts_max == 5);
  CHECK(why.waiting[0].since == driver.now);
  CHECK_FALSE(why.waiting[0].until);
  CHECK(why.undo_plan == Names{"book"});
  CHECK(why.allowed_actions == std::vector<std::string_view>{"pause", "terminate"});
}

TEST_CASE("a saga that waits for a retry says when, and after what") {
  Driver driver(trip());
  driver.start();
  driver.answer("book", lost());
  const auto why = explained(driver);
  CHECK(why.summary == "It waits to repeat 'book' at 2026-01-01T00:00:00.200Z, after timeout.");
  CHECK(why.waiting[0].on == Waiting::On::retry);
  CHECK(why.waiting[0].until == driver.now + 200ms);
  CHECK(why.waiting[0].failures == 1);
  CHECK(why.waiting[0].last_error == "timeout");
  CHECK(why.undo_plan.empty());
}

TEST_CASE("a saga whose participant is at work says so") {
  Driver driver(trip());
  driver.start();
  driver.answer("book", busy());
  CHECK(explained(driver).summary ==
        "It waits to repeat 'book' at 2026-01-01T00:00:00.200Z, after it was still being worked "
        "on.");
}

TEST_CASE("a stuck saga says what an operator must settle") {
  Driver driver(trip(), {{"pay", {refused()}}, {"undo book", {refused()}}});
  driver.run();
  const auto why = explained(driver);
  CHECK(why.summary ==
        "It waits for an operator to settle the undo of 'book': the undo was refused: refused as "
        "told.");
  CHECK(name_of(why.waiting[0].on) == "operator");
  CHECK(why.waiting[0].phase == Phase::undo);
  CHECK(why.waiting[0].attempts_max == 20);
  CHECK(why.undo_plan == Names{"book"});
}

TEST_CASE("a saga that waits for several things says all of them") {
  Driver driver(journey(), {{"book", {done()}}});
  driver.start();
  driver.answer("book", done());
  driver.answer("pay", done());
  driver.answer("mail", unreachable());
  const auto why = explained(driver);
  CHECK(why.summary ==
        "It waits to repeat 'mail' at 2026-01-01T00:00:00.200Z, after no route; it waits for "
        "'post' to answer attempt 1 of 'bill'.");
  CHECK(why.undo_plan.empty());
}

TEST_CASE("an ended saga says how, and has nothing left to undo") {
  Driver driver(trip());
  driver.run();
  const auto why = explained(driver);
  CHECK(why.summary == "It has ended: completed.");
  CHECK(why.waiting.empty());
  CHECK(why.undo_plan.empty());
}

TEST_CASE("an operation that is a function is named by its own name") {
  Driver driver(trip());
  step(driver.definition, "book").call.target = FunctionTarget{};
  driver.start();
  CHECK(explained(driver).waiting[0].participant == "book");
}

TEST_CASE("signals, time, locks and a table that parks are waited for, too") {
  Build b;
  b.signal("approved");
  b.signal("later");
  b.initial("Waiting").final("Done");
  b.row("Waiting", "approved", "Done");
  b.row("Waiting", "later", "Waiting").actions = {Park{"look at it"}};
  b.after("Waiting", std::chrono::seconds{30}, "Done");
  Driver driver(b.d);
  driver.start();
  CHECK(explain(driver.definition, driver.saga).summary ==
        "It waits in 'Waiting' for the signal 'approved', 'later'; it leaves 'Waiting' at "
        "2026-01-01T00:00:30.000Z by itself.");
  driver.send(Receive{"later", {}});
  const auto parked = explain(driver.definition, driver.saga);
  CHECK(parked.waiting.front().on == Waiting::On::operator_action);
  CHECK(parked.summary.find("waits for an operator in 'Waiting': look at it") != std::string::npos);
  CHECK(parked.allowed_actions ==
        std::vector<std::string_view>{"retry", "compensate", "cancel", "pause", "terminate"});
  b.d.locks = {{[](const SagaView&, const EventView&) { return "account:a"; }, {}}};
  Driver queued(b.d);
  queued.start();
  CHECK(explain(queued.definition, queued.saga).summary ==
        "It waits for its turn with 'account:a'.");
}

}  // namespace

}  // namespace skald::test
