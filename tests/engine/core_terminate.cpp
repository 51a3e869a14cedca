#include <doctest/doctest.h>

#include "engine/core/status.hpp"
#include "tests/engine/core_driver.hpp"
#include "tests/engine/core_tables.hpp"

/// What an operator may do besides steering: end a saga as it stands, and leave a note.
namespace skald::test {

namespace {

using Names = std::vector<std::string>;

TEST_CASE("a terminated saga ends as it stands, and undoes nothing") {
  Driver driver(trip());
  driver.start();
  driver.answer("book", done());
  const auto decision = driver.send(Terminate{"the hotel is closed for good"});
  CHECK(decision.changed);
  CHECK(driver.saga.status == Status::terminated);
  CHECK(driver.saga.ended == driver.now);
  CHECK(driver.saga.pending.empty());
  CHECK(driver.calls == Names{"book", "pay"});
  CHECK(driver.ends == std::vector<Status>{Status::terminated});
  CHECK(decision.history.front().kind == HistoryKind::terminated);
  CHECK(decision.history.front().message == "the hotel is closed for good");
  // The payment was on its way: it may have happened, and somebody may have to look.
  REQUIRE(driver.saga.log.size() == 2);
  CHECK_FALSE(driver.saga.log.back().confirmed);
  CHECK(driver.saga.log.front().undo == UndoState::standing);
}

TEST_CASE("what comes after it has ended changes nothing") {
  Driver driver(trip());
  driver.start();
  const Call out = driver.in_flight.front();
  driver.send(Terminate{"enough"});
  CHECK_FALSE(driver.send(Reply{out.step, out.run, out.phase, out.attempt, done()}).changed);
  CHECK_FALSE(driver.send(Tick{}).changed);
  CHECK(driver.send(Terminate{"again"}).refusal);
  CHECK(driver.send(Note{"too late"}).refusal);
  CHECK(allowed_actions(driver.definition, driver.saga).empty());
}

TEST_CASE("a saga can be terminated wherever it is") {
  Driver waiting(trip());
  waiting.start();
  waiting.answer("book", unreachable());
  waiting.send(Terminate{"enough"});
  CHECK(waiting.saga.status == Status::terminated);
  CHECK(waiting.saga.log.empty());

  Driver unwinding(trip());
  unwinding.start();
  unwinding.answer("book", done());
  unwinding.answer("pay", refused());
  REQUIRE(unwinding.calls.back() == "undo book");
  unwinding.send(Terminate{"enough"});
  CHECK(unwinding.saga.status == Status::terminated);
  CHECK(unwinding.saga.log.front().undo == UndoState::standing);

  Driver stuck(trip(), {{"mail", {defect()}}});
  REQUIRE(stuck.run() == Status::stuck);
  stuck.send(Terminate{"enough"});
  CHECK(stuck.saga.status == Status::terminated);
  CHECK(stuck.saga.stuck_reason.empty());

  Driver paused(trip());
  paused.start();
  paused.send(Pause{});
  paused.send(Terminate{"enough"});
  CHECK(paused.saga.status == Status::terminated);
  CHECK_FALSE(paused.saga.paused);
}

TEST_CASE("termination needs a reason, and a note its text") {
  Driver driver(trip());
  driver.start();
  CHECK(driver.send(Terminate{""}).refusal->code == ErrorCode::invalid_argument);
  CHECK(driver.send(Note{""}).refusal->code == ErrorCode::invalid_argument);
  CHECK(driver.saga.status == Status::running);
}

TEST_CASE("a note changes nothing but the history, and tells who wrote it") {
  Driver driver(trip());
  driver.start();
  const auto before = driver.saga;
  const auto decision = driver.send(Event{Note{"called the hotel"}, driver.entropy, "astrid"});
  REQUIRE(decision.changed);
  CHECK(decision.effects.empty());
  CHECK(decision.history.size() == 1);
  CHECK(decision.history.front().message == "called the hotel");
  CHECK(decision.history.front().actor == "astrid");
  CHECK(driver.saga.revision == before.revision + 1);
  CHECK(driver.saga.status == before.status);
  const auto stored = decode_history(encode_history(decision.history));
  CHECK(stored->front().actor == "astrid");
  CHECK(driver.run() == Status::completed);
}

}  // namespace

}  // namespace skald::test
