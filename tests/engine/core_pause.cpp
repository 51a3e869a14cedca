#include <doctest/doctest.h>

#include "engine/core/explain.hpp"
#include "engine/core/status.hpp"
#include "tests/engine/core_build.hpp"
#include "tests/engine/core_driver.hpp"
#include "tests/engine/core_tables.hpp"

/// A saga that an operator has stopped for a while.
namespace skald::test {

namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;
using Actions = std::vector<std::string_view>;

Actions actions(const Driver& driver) { return allowed_actions(driver.definition, driver.saga); }

TEST_CASE("while a saga is paused, what was sent is answered and nothing new is sent") {
  Driver driver(trip());
  driver.start();
  CHECK(driver.send(Pause{"the bank is down"}).changed);
  CHECK(driver.saga.status == Status::paused);
  CHECK(driver.history.back().kind == HistoryKind::paused);
  CHECK(driver.history.back().message == "the bank is down");
  CHECK(actions(driver) == Actions{"resume", "terminate"});

  driver.answer("book", done(R"({"room":7})"));
  CHECK(driver.saga.status == Status::paused);
  CHECK(driver.saga.log.front().output.text() == R"({"room":7})");
  CHECK(driver.calls == Names{"book"});
  CHECK_FALSE(next_due(driver.saga));

  CHECK(driver.send(Resume{"it is back"}).changed);
  CHECK(driver.calls == Names{"book", "pay"});
  CHECK(driver.run() == Status::completed);
  CHECK(driver.calls == Names{"book", "pay", "mail"});
}

TEST_CASE("a paused saga refuses what would steer it, and to be paused again") {
  Driver driver(trip());
  driver.start();
  driver.answer("book", lost());
  CHECK(driver.send(Resume{}).refusal);
  driver.send(Pause{});
  for (const auto& decision :
       {driver.send(Retry{}), driver.send(Skip{"book", Skip::As::done, {}, "x"}),
        driver.send(Cancel{}), driver.send(Compensate{"x"})}) {
    REQUIRE(decision.refusal);
    CHECK(decision.refusal->message ==
          "The saga is paused; resume it first; its status is 'paused'.");
    CHECK(decision.refusal->hint == "Allowed now: resume, terminate.");
  }
  CHECK(driver.send(Pause{}).refusal->message ==
        "The saga is paused already; its status is 'paused'.");
  driver.send(Resume{});
  CHECK(driver.run() == Status::completed);
}

TEST_CASE("a retry has as long to wait after the pause as it had before") {
  Driver driver(trip());
  driver.start();
  driver.answer("book", lost());
  const auto left = *next_due(driver.saga) - driver.now;
  driver.send(Pause{});
  driver.now += 24h;
  CHECK_FALSE(driver.send(Tick{}).changed);
  driver.send(Resume{});
  CHECK(driver.calls == Names{"book"});
  CHECK(*next_due(driver.saga) == driver.now + left);
  CHECK(driver.run() == Status::completed);
}

TEST_CASE("a failure while paused is retried after the pause, and the deadline waits, too") {
  Definition definition = trip();
  definition.deadline = 1h;
  Driver driver(std::move(definition));
  driver.start();
  driver.now += 10min;
  driver.send(Pause{});
  driver.now += 24h;
  driver.answer("book", lost());
  CHECK(driver.saga.status == Status::paused);
  CHECK(driver.calls == Names{"book"});
  driver.send(Resume{});
  CHECK_FALSE(driver.saga.deadline_passed);
  CHECK(*driver.saga.deadline == driver.now + 50min);
  CHECK(driver.run() == Status::completed);
}

TEST_CASE("a timer that is a span stands still; one that is an instant comes when it comes") {
  Build b;
  b.initial("Held").final("Expired", Final::failure);
  b.after("Held", 30s, "Expired");
  Driver span(b.d);
  span.start();
  span.now += 10s;
  span.send(Pause{});
  span.now += 1h;
  span.send(Resume{});
  CHECK(span.saga.status == Status::running);
  CHECK(*next_due(span.saga) == span.now + 20s);

  b.d.transitions.back().timer = Timer{
      {}, {[](const SagaView& saga, const EventView&) { return saga.input().at("until"); }, {}}};
  Driver instant(b.d, {}, R"({"until":"2026-01-01T00:01:00Z"})");
  instant.start();
  instant.send(Pause{});
  instant.now += 1h;
  instant.send(Resume{});
  CHECK(instant.saga.status == Status::failed);
}

TEST_CASE("a timer that begins during a pause has its whole time after it") {
  Build b;
  b.initial("Ask").state("Held");
  b.final("Expired", Final::failure);
  b.calls("Ask", "ask");
  b.row("Ask", "ask.done", "Held");
  b.after("Held", 30s, "Expired");
  Driver driver(b.d);
  driver.start();
  driver.send(Pause{});
  driver.now += 1h;
  driver.answer("ask", done());
  CHECK(where(driver) == "Held");
  driver.now += 1h;
  driver.send(Resume{});
  CHECK(*next_due(driver.saga) == driver.now + 30s);
}

TEST_CASE("an unwinding can be paused: no further undo is sent until it goes on") {
  Driver driver(trip());
  driver.start();
  driver.send(Cancel{"asked"});
  driver.send(Pause{});
  driver.answer("book", done());
  CHECK(driver.calls == Names{"book"});
  CHECK(driver.saga.status == Status::paused);
  driver.send(Resume{});
  CHECK(driver.calls.back() == "undo book");
  CHECK(driver.saga.status == Status::compensating);
  CHECK(driver.run() == Status::cancelled);
}

TEST_CASE("a failure while paused unwinds after the pause") {
  Driver driver(trip());
  driver.start();
  driver.answer("book", done());
  driver.send(Pause{});
  driver.answer("pay", refused());
  CHECK(driver.calls == Names{"book", "pay"});
  driver.send(Resume{});
  CHECK(driver.run() == Status::compensated);
  CHECK(driver.calls == Names{"book", "pay", "undo book", "apologise"});
}

TEST_CASE("a stuck saga is paused while it is paused, and stuck again after it") {
  Driver driver(trip(), {{"mail", {defect()}}});
  CHECK(driver.run() == Status::stuck);
  driver.send(Pause{});
  CHECK(driver.saga.status == Status::paused);
  CHECK(driver.saga.stuck_reason.empty());
  driver.send(Resume{});
  CHECK(driver.saga.status == Status::stuck);
  CHECK_FALSE(driver.saga.stuck_reason.empty());
}

TEST_CASE("a paused saga whose last reply comes has ended") {
  Driver driver(trip());
  driver.start();
  driver.answer("book", done());
  driver.answer("pay", done());
  driver.send(Pause{});
  driver.answer("mail", done());
  CHECK(driver.saga.status == Status::completed);
  CHECK_FALSE(driver.saga.paused);
}

TEST_CASE("a call whose reply was lost with the process is sent again after the pause") {
  Driver driver(trip());
  driver.start();
  driver.send(Pause{});
  driver.in_flight.clear();
  CHECK(resume(driver.saga).empty());
  CHECK(driver.send(Resume{}).changed);
  CHECK(driver.calls == Names{"book", "book"});
  CHECK(driver.saga.pending.front().possibly_executed);
  CHECK(driver.run() == Status::completed);
}

TEST_CASE("why a saga is paused can be read") {
  Driver driver(trip());
  driver.start();
  driver.send(Pause{"the bank is down"});
  const auto why = explain(driver.definition, driver.saga);
  CHECK(why.summary ==
        "It is paused since 2026-01-01T00:00:00.000Z, because: the bank is down, and sends nothing "
        "until it is resumed; it waits for 'hotel' to answer attempt 1 of 'book'.");
  REQUIRE(why.waiting.size() == 2);
  CHECK(why.waiting.front().on == Waiting::On::resume);
  driver.answer("book", lost());
  CHECK(explain(driver.definition, driver.saga).waiting.size() == 1);
}

}  // namespace

}  // namespace skald::test
