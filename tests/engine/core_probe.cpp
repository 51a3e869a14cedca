#include "tests/engine/core_build.hpp"
#include "tests/engine/core_driver.hpp"

/// When every attempt ended with unknown outcome: asking, redelivery, and what comes then.
namespace skald::test {

namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

Build paying(std::uint32_t attempts = 1) {
  Build b;
  b.initial("Paying").calls("Paying", "pay").final("Paid").final("Unpaid", Final::failure);
  b.of("pay").retry.attempts = attempts;
  b.of("pay").retry.jitter = 0;
  b.row("Paying", "pay.done", "Paid");
  b.row("Paying", "pay.failed", "Unpaid").actions = {UnwindAll{}};
  return b;
}

Build asking() {
  Build b = paying();
  b.of("pay").probe = Operation{.name = "ask", .target = HttpTarget{"p", "GET", "/pay", {}}};
  return b;
}

TEST_CASE("a participant that says yes has done the call: nothing is repeated or undone") {
  Driver driver(asking().d);
  driver.start();
  driver.answer("pay", lost());
  CHECK(driver.calls == Names{"pay", "probe pay"});
  CHECK(idempotency_key(driver.definition, driver.saga.id, driver.in_flight.front()) ==
        "saga-1/pay/probe");
  driver.answer("probe pay", done(R"({"id":7})"));
  CHECK(driver.saga.status == Status::completed);
  CHECK(driver.saga.log.front().confirmed);
  CHECK(driver.saga.log.front().output.text() == R"({"id":7})");
}

TEST_CASE("one that never saw it says that nothing happened") {
  Driver driver(asking().d);
  driver.start();
  driver.answer("pay", lost());
  SUBCASE("as a refusal") { driver.answer("probe pay", refused()); }
  SUBCASE("as not found") { driver.answer("probe pay", Failed{"http_404", "HTTP 404", true, {}}); }
  CHECK(driver.saga.status == Status::failed);
  CHECK(driver.saga.log.empty());
  CHECK(driver.calls == Names{"pay", "probe pay"});
}

TEST_CASE("one that cannot say leaves it unknown: it is undone") {
  Driver driver(asking().d);
  driver.start();
  driver.answer("pay", lost());
  SUBCASE("no answer") { driver.answer("probe pay", lost()); }
  SUBCASE("a defect of the question") { driver.answer("probe pay", defect()); }
  driver.answer("undo pay", done());
  CHECK(driver.saga.status == Status::compensated);
  CHECK_FALSE(driver.saga.log.front().confirmed);
}

TEST_CASE("a call that certainly never arrived is not asked about") {
  Driver driver(asking().d);
  driver.start();
  driver.answer("pay", unreachable());
  CHECK(driver.calls == Names{"pay"});
  CHECK(driver.saga.status == Status::failed);
}

TEST_CASE("a saga that unwinds does not go on asking") {
  Driver driver(asking().d);
  driver.start();
  driver.answer("pay", lost());
  driver.send(Cancel{"enough"});
  driver.answer("probe pay", lost());
  driver.answer("undo pay", done());
  CHECK(driver.saga.status == Status::cancelled);
}

TEST_CASE("redelivery tries everything again, after the times it gives") {
  Build b = paying(2);
  b.of("pay").retry.first = 1s;
  b.of("pay").retry.redelivery = {5min, 15min};
  Driver driver(b.d, {{"pay", {lost()}}});
  driver.start();
  const Timestamp start = driver.now;
  for (int i = 0; i < 2; ++i) driver.answer("pay", lost()), driver.tick();
  CHECK(driver.now == start + 1s + 5min);
  for (int i = 0; i < 2; ++i) driver.answer("pay", lost()), driver.tick();
  CHECK(driver.now == start + 1s + 5min + 1s + 15min);
  driver.answer("pay", lost()), driver.tick();
  driver.answer("pay", lost());
  CHECK(driver.calls.back() == "undo pay");
}

TEST_CASE("no attempt begins after the time the policy gives") {
  Build b = paying(100);
  b.of("pay").retry.first = 10s;
  b.of("pay").retry.factor = 1;
  b.of("pay").retry.max_elapsed = 25s;
  Driver driver(b.d, {{"pay", {lost()}}});
  driver.start();
  for (int i = 0; i < 3; ++i) driver.answer("pay", lost()), driver.tick();
  CHECK(driver.calls == Names{"pay", "pay", "pay", "pay"});
  driver.answer("pay", lost());
  CHECK(driver.calls.back() == "undo pay");
}

TEST_CASE("an unknown outcome that is to be the last is neither repeated nor delivered again") {
  Build b = paying(100);
  b.of("pay").retry.redelivery = {5min};
  Driver driver(b.d);
  driver.start();
  driver.answer("pay", Unknown{.reason = "timeout", .retry_after = {}, .last = true});
  CHECK(driver.calls == Names{"pay", "undo pay"});
}

TEST_CASE("exhausted: an operator settles it, or the saga goes on elsewhere") {
  Build b = paying();
  SUBCASE("park") {
    b.of("pay").on_exhausted.then = OnExhausted::Then::park;
    Driver driver(b.d);
    driver.start();
    driver.answer("pay", lost());
    CHECK(driver.saga.status == Status::stuck);
    driver.send(Retry{"pay", "again"});
    driver.answer("pay", done());
    CHECK(driver.saga.status == Status::completed);
  }
  SUBCASE("go to") {
    b.of("pay").on_exhausted = {OnExhausted::Then::go_to, b.state("Manual")};
    b.signal("settled");
    b.row("Manual", "settled", "Paid");
    Driver driver(b.d);
    driver.start();
    driver.answer("pay", lost());
    CHECK(where(driver) == "Manual");
    CHECK(driver.saga.log.size() == 1);
    CHECK(driver.saga.error.value().at("code") == "unknown");
    driver.send(Receive{"settled", {}});
    CHECK(driver.saga.status == Status::completed);
  }
}

TEST_CASE("an outcome that stays unknown is the saga's latest failure") {
  Driver driver(paying().d);
  driver.start();
  driver.answer("pay", lost());
  driver.answer("undo pay", done());
  CHECK(driver.saga.status == Status::compensated);
  CHECK(driver.saga.error.text() == R"({"code":"unknown",)"
                                    R"("message":"the outcome of step 'pay' stayed unknown: )"
                                    R"(timeout","step":"pay"})");
}

TEST_CASE("a named outcome and a refusal's code raise events of their own") {
  Build b = paying();
  b.final("Backordered");
  b.of("pay").outcome_events["later"] = b.event("pay_later");
  b.row("Paying", "pay_later", "Backordered");
  Driver named(b.d);
  named.start();
  named.answer("pay", Done{{}, "later"});
  CHECK(where(named) == "Backordered");
  CHECK(named.saga.log.front().outcome == "later");
  Driver coded(b.d);
  coded.start();
  coded.answer("pay", refused("later"));
  CHECK(where(coded) == "Backordered");
  Driver other(b.d);
  other.start();
  other.answer("pay", refused("never"));
  CHECK(other.saga.status == Status::failed);
  CHECK(other.saga.error.text() == R"({"code":"never","message":"as told","step":"pay"})");
}

}  // namespace

}  // namespace skald::test
