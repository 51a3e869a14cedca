#include "engine/core/migrate.hpp"

#include "tests/engine/core_build.hpp"
#include "tests/engine/core_driver.hpp"

/// Sagas under way that go on by another version of their definition.
namespace skald::test {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using Names = std::vector<std::string>;

/// book, then pay; `body` is what pay sends.
Build version(std::uint32_t number, json body) {
  Build b("trip");
  b.d.ref.version = number;
  b.initial("Booking").calls("Booking", "book").final("Done").final("Gone", Final::failure);
  b.row("Booking", "book.done", "Paying");
  b.calls("Paying", "pay");
  b.of("pay").call.body = always_is(std::move(body));
  b.of("pay").retry.attempts = 1;
  b.of("pay").on_exhausted.then = OnExhausted::Then::park;
  b.row("Paying", "pay.done", "Done");
  b.row("Paying", "pay.failed", "Gone").actions = {UnwindAll{}};
  return b;
}

/// The codes of everything that hinders, or "ok".
std::string migrated(Driver& driver, const Definition& to) {
  auto decision = migrate(driver.definition, to, driver.saga, driver.now);
  if (decision) {
    CHECK(decision->history.front().kind == HistoryKind::migrated);
    CHECK(decision->instance.revision == driver.saga.revision + 1);
    driver.definition = to;
    driver.saga = decision->instance;
    return "ok";
  }
  std::string codes;
  for (const auto& finding : decision.error().findings)
    codes += (codes.empty() ? "" : " ") + finding.code;
  return codes.empty() ? std::string(name_of(decision.error().code)) : codes;
}

Driver stuck_in_pay(Outcome outcome) {
  Driver driver(version(1, "wrong").d);
  driver.start();
  driver.answer("book", done());
  driver.answer("pay", std::move(outcome));
  CHECK(driver.saga.status == Status::stuck);
  return driver;
}

TEST_CASE("a corrected definition, and only the failed step is tried again") {
  Driver driver = stuck_in_pay(unreachable());
  CHECK(migrated(driver, version(2, "right").d) == "ok");
  CHECK(driver.saga.definition.version == 2);
  CHECK(driver.saga.status == Status::stuck);
  driver.send(Retry{"pay", "mended"});
  CHECK(driver.in_flight.front().body.text() == R"("right")");
  driver.answer("pay", done());
  CHECK(driver.saga.status == Status::completed);
  CHECK(driver.calls == Names{"book", "pay", "pay"});
}

TEST_CASE("a call that may have had an effect keeps its body, as it keeps its key") {
  Driver driver = stuck_in_pay(lost());
  CHECK(migrated(driver, version(2, "right").d) == "ok");
  driver.send(Retry{"pay", "again"});
  CHECK(driver.in_flight.front().body.text() == R"("wrong")");
}

TEST_CASE("a refused undo is made anew by the corrected definition") {
  Build old = version(1, "x"), next = version(2, "x");
  old.of("book").undo->body = always_is("wrong");
  next.of("book").undo->body = always_is("right");
  Driver driver(old.d);
  driver.start();
  driver.answer("book", done());
  driver.answer("pay", refused());
  driver.answer("undo book", refused());
  CHECK(migrated(driver, next.d) == "ok");
  driver.send(Retry{"book", "mended"});
  CHECK(driver.in_flight.front().body.text() == R"("right")");
  driver.answer("undo book", done());
  CHECK(driver.saga.status == Status::compensated);
}

TEST_CASE("what has no place in the new version is told, all of it, and nothing is changed") {
  Driver driver = stuck_in_pay(lost());
  Build next("trip");
  next.d.ref.version = 2;
  next.initial("Start").calls("Start", "hire").final("Done").row("Start", "hire.done", "Done");
  CHECK(migrated(driver, next.d) == "MIGRATE_STATE MIGRATE_STEP MIGRATE_STEP");
  CHECK(driver.saga.definition.version == 1);
}

TEST_CASE("a migration maps names and data") {
  Driver driver = stuck_in_pay(unreachable());
  Build next("trip");
  next.d.ref.version = 2;
  next.initial("Reserving").calls("Reserving", "reserve").final("Done");
  next.row("Reserving", "reserve.done", "Charging");
  next.calls("Charging", "charge");
  next.row("Charging", "charge.done", "Done");
  next.d.migrations = {{.from = 1,
                        .states = {{"Booking", "Reserving"}, {"Paying", "Charging"}},
                        .steps = {{"book", "reserve"}, {"pay", "charge"}},
                        .data = always_is({{"from", 1}})}};
  CHECK(migrated(driver, next.d) == "ok");
  CHECK(where(driver) == "Charging");
  CHECK(driver.saga.data.text() == R"({"from":1})");
  driver.send(Retry{"charge", "again"});
  driver.answer("charge", done());
  CHECK(driver.saga.status == Status::completed);
}

TEST_CASE("an effect must not lose its undo, and data must be an object that can be made") {
  Driver driver = stuck_in_pay(lost());
  Build next = version(2, "x");
  next.of("book").undo.reset();
  CHECK(migrated(driver, next.d) == "MIGRATE_UNDO");
  Build wrong = version(2, "x");
  wrong.d.migrations = {{.from = 1, .data = always_is(7)}};
  CHECK(migrated(driver, wrong.d) == "MIGRATE_DATA");
  wrong.d.migrations = {
      {.from = 1,
       .data = {[](const SagaView& saga, const EventView&) { return saga.input().at("none"); },
                {}}}};
  CHECK(migrated(driver, wrong.d) == "MIGRATE_DATA");
}

TEST_CASE("regions must fit") {
  Driver driver = stuck_in_pay(lost());
  Build next = version(2, "x");
  next.initial("Beside");
  CHECK(migrated(driver, next.d) == "MIGRATE_REGIONS");
}

TEST_CASE("a state that has learned to wait for time does so from now on") {
  Driver driver = stuck_in_pay(lost());
  Build next = version(2, "x");
  next.after("Paying", 1h, "Gone").actions = {UnwindAll{}};
  CHECK(migrated(driver, next.d) == "ok");
  CHECK(next_due(driver.saga) == driver.now + 1h);
  driver.now += 1h;
  driver.send(Tick{});
  CHECK(driver.saga.status == Status::compensating);
}

TEST_CASE("sagas that have ended, other definitions and the same version are refused") {
  Driver driver(version(1, "x").d);
  driver.start();
  CHECK(migrated(driver, version(1, "y").d) == "INVALID_ARGUMENT");
  Build other = version(2, "x");
  other.d.ref.name = "other";
  CHECK(migrated(driver, other.d) == "INVALID_ARGUMENT");
  driver.answer("book", done());
  driver.answer("pay", done());
  CHECK(migrated(driver, version(2, "x").d) == "ACTION_NOT_ALLOWED");
}

}  // namespace

}  // namespace skald::test
