#include <doctest/doctest.h>

#include "engine/core/status.hpp"
#include "tests/engine/core_driver.hpp"
#include "tests/engine/core_tables.hpp"

namespace skald::test {

namespace {

using Names = std::vector<std::string>;
using Actions = std::vector<std::string_view>;

Actions actions(const Driver& driver) { return allowed_actions(driver.definition, driver.saga); }

TEST_CASE("while a call is in flight a saga can be compensated or cancelled, and nothing else") {
  Driver driver(trip());
  driver.start();
  CHECK(actions(driver) == Actions{"compensate", "cancel", "pause", "terminate"});
  const auto refusal = driver.send(Retry{"book", ""}).refusal;
  REQUIRE(refusal);
  CHECK(refusal->message ==
        "The step 'book' does not wait to be retried; its status is 'running'.");
  CHECK(refusal->hint == "Allowed now: compensate, cancel, pause, terminate.");
  CHECK(driver.send(Skip{"book", Skip::As::done, {}, ""}).refusal);
  CHECK(driver.send(Retry{"", ""}).refusal->message ==
        "Nothing of this saga waits to be retried; its status is 'running'.");
}

TEST_CASE("a step that waits for its retry can be retried at once or skipped") {
  Driver driver(trip());
  driver.start();
  driver.answer("book", lost());
  CHECK(actions(driver) == Actions{"retry", "skip", "compensate", "cancel", "pause", "terminate"});
  CHECK(driver.send(Retry{"mail", ""}).refusal);
  CHECK(driver.send(Retry{"book", "now"}).changed);
  CHECK(driver.calls == Names{"book", "book"});
  CHECK(driver.saga.pending.front().failures == 0);
}

TEST_CASE("a step skipped as done counts as done, with the output the operator gives") {
  Driver driver(trip(), {{"pay", {refused()}}});
  driver.start();
  driver.answer("book", lost());
  driver.send(Skip{"book", Skip::As::done, Json::from_stored(R"({"room":3})"), "on the phone"});
  CHECK(driver.saga.log.front().confirmed);
  CHECK(driver.saga.log.front().output.text() == R"({"room":3})");
  CHECK(driver.run() == Status::compensated);
  CHECK(driver.calls == Names{"book", "pay", "undo book", "apologise"});
}

TEST_CASE("a step skipped as it is goes on without it, and is undone later if it may have run") {
  for (const bool possible : {true, false}) {
    CAPTURE(possible);
    Driver driver(trip(), {{"pay", {refused()}}});
    driver.start();
    driver.answer("book", possible ? lost() : unreachable());
    driver.send(Skip{"book", Skip::As::skipped, {}, "they sleep in the car"});
    CHECK(driver.run() == (possible ? Status::compensated : Status::failed));
    CHECK(driver.calls == (possible ? Names{"book", "pay", "undo book", "apologise"}
                                    : Names{"book", "pay", "apologise"}));
  }
}

TEST_CASE("a step skipped as failed goes on as if it was refused") {
  Driver driver(trip());
  driver.start();
  driver.answer("book", lost());
  driver.send(Skip{"book", Skip::As::failed, {}, "they know nothing of it"});
  CHECK(driver.saga.status == Status::failed);
  CHECK(driver.calls == Names{"book"});
}

TEST_CASE("compensate and cancel end as they are called, even when nothing had to be undone") {
  Driver compensated(trip());
  compensated.start();
  compensated.answer("book", unreachable());
  CHECK(compensated.send(Compensate{"asked"}).changed);
  CHECK(compensated.saga.status == Status::compensated);
  Driver cancelled(trip());
  cancelled.start();
  cancelled.answer("book", done());
  cancelled.answer("pay", unreachable());
  CHECK(cancelled.send(Cancel{"asked"}).changed);
  CHECK(cancelled.run() == Status::cancelled);
  CHECK(cancelled.calls == Names{"book", "pay", "undo book", "apologise"});
  CHECK(cancelled.saga.unwind->reason == "asked");
}

TEST_CASE("unwinding begins once") {
  Driver driver(trip());
  driver.start();
  driver.send(Cancel{"asked"});
  CHECK(driver.send(Cancel{"asked again"}).refusal);
  CHECK(driver.send(Compensate{"asked again"}).refusal->message ==
        "The saga cannot be compensated: it is unwinding already, or has unwound; its status is "
        "'compensating'.");
}

TEST_CASE("an ended saga refuses every action and ignores replies and ticks") {
  Driver driver(trip());
  CHECK(driver.run() == Status::completed);
  CHECK(actions(driver).empty());
  for (const auto& decision :
       {driver.send(Retry{"", ""}), driver.send(Skip{"mail", Skip::As::done, {}, ""}),
        driver.send(Compensate{""}), driver.send(Cancel{""})}) {
    REQUIRE(decision.refusal);
    CHECK(decision.refusal->message == "The saga has ended; its status is 'completed'.");
    CHECK(decision.refusal->hint == "No action is allowed in this status.");
  }
  CHECK_FALSE(driver.send(Tick{}).refusal);
  CHECK_FALSE(driver.send(Reply{StepIndex{2}, 1, Phase::forward, 1, refused()}).changed);
}

TEST_CASE("an undo that an operator leaves ends the saga as terminated") {
  Driver driver(trip(), {{"pay", {refused()}}, {"undo book", {refused()}}});
  CHECK(driver.run() == Status::stuck);
  CHECK(actions(driver) == Actions{"retry", "skip", "pause", "terminate"});
  CHECK(driver.alarms ==
        Names{"the undo of step 'book' needs an operator after attempt 1: the undo was refused: "
              "refused as told"});
  CHECK(driver.send(Skip{"book", Skip::As::failed, {}, ""}).refusal->message ==
        "An undo can be settled as done or skipped, not as failed; its status is 'stuck'.");
  driver.send(Skip{"book", Skip::As::skipped, {}, "they may keep the room"});
  CHECK(driver.run() == Status::terminated);
  CHECK(driver.saga.log.front().undo == UndoState::skipped);
}

TEST_CASE("replies to older attempts, repeated replies and replies to nothing move nothing") {
  Driver driver(trip());
  driver.start();
  driver.answer("book", lost());
  const Reply first{StepIndex{0}, 1, Phase::forward, 1, done()};
  CHECK_FALSE(driver.send(first).changed);
  driver.tick();
  CHECK_FALSE(driver.send(first).changed);
  CHECK_FALSE(driver.send(Reply{StepIndex{0}, 2, Phase::forward, 2, done()}).changed);
  CHECK_FALSE(driver.send(Reply{StepIndex{0}, 1, Phase::undo, 2, done()}).changed);
  CHECK_FALSE(driver.send(Reply{StepIndex{1}, 1, Phase::forward, 1, done()}).changed);
  driver.answer("book", done());
  CHECK_FALSE(driver.send(Reply{StepIndex{0}, 1, Phase::forward, 2, done()}).changed);
}

}  // namespace

}  // namespace skald::test
