#include <doctest/doctest.h>

#include "tests/engine/core_driver.hpp"
#include "tests/engine/core_tables.hpp"

namespace skald::test {

namespace {

using Names = std::vector<std::string>;
using namespace std::chrono_literals;

/// A booking and its undo may be worked on for a minute.
Definition patient() {
  Definition definition = trip();
  step(definition, "book").retry.patience = 1min;
  step(definition, "book").undo_retry.patience = 1min;
  return definition;
}

TEST_CASE("a participant at work is asked again, ever more rarely, without using up attempts") {
  Definition definition = patient();
  step(definition, "book").retry.attempts = 1;
  Driver driver(definition);
  driver.start();
  Duration wait = definition.at(*definition.find_step("book")).retry.first;
  for (int polls = 0; polls < 7; ++polls) {
    driver.answer("book", busy());
    CHECK(driver.saga.pending.front().failures == 0);
    CHECK(next_due(driver.saga) == driver.now + wait);
    CHECK(driver.tick());
    wait *= 2;
  }
  driver.answer("book", done());
  CHECK(driver.run() == Status::completed);
}

TEST_CASE("a participant at work may say when to ask again") {
  Driver driver(patient());
  driver.start();
  driver.answer("book", StillWorking{30s});
  CHECK(next_due(driver.saga) == driver.now + 30s);
}

TEST_CASE("a participant at work for too long counts as unknown, and the step is undone") {
  Driver driver(patient(), {{"book", {busy()}}});
  CHECK(driver.run() == Status::compensated);
  CHECK(driver.calls.back() == "undo book");
  CHECK(driver.now >= driver.saga.created + 1min);
  CHECK(driver.now < driver.saga.created + 2min);
}

TEST_CASE("an undo at work for too long waits for an operator, whose retry starts the time anew") {
  Driver driver(patient(), {{"pay", {refused()}}, {"undo book", {busy()}}});
  CHECK(driver.run() == Status::stuck);
  CHECK(driver.saga.pending.front().last_error ==
        "the undo could not be confirmed: still working after 60000 ms");
  const auto retried = driver.now;
  driver.send(Retry{"book", "they are slow today"});
  driver.answer("undo book", busy());
  CHECK(driver.saga.status == Status::compensating);
  CHECK(driver.run() == Status::stuck);
  CHECK(driver.now >= retried + 1min);
}

TEST_CASE("a step at work when unwinding begins is awaited, then undone") {
  Driver driver(patient());
  driver.start();
  driver.answer("book", busy());
  CHECK(driver.send(Cancel{"no longer wanted"}).changed);
  CHECK(driver.saga.pending.size() == 1);
  CHECK(driver.tick());
  CHECK(driver.calls == Names{"book", "book"});
  SUBCASE("when it is done") {
    driver.answer("book", done());
    CHECK(driver.calls.back() == "undo book");
  }
  SUBCASE("when it is lost") {
    driver.answer("book", unreachable());
    CHECK(driver.calls.back() == "undo book");
  }
  SUBCASE("unless it is refused") {
    driver.answer("book", refused());
    CHECK(driver.saga.status == Status::cancelled);
    CHECK(driver.calls == Names{"book", "book"});
  }
}

TEST_CASE("a pivot at work decides, also while it waits to be asked again") {
  Driver driver(trip());
  driver.start();
  driver.answer("book", done());
  driver.answer("pay", busy());
  CHECK(driver.send(Compensate{"?"}).refusal);
  CHECK(driver.tick());
  driver.answer("pay", refused());
  CHECK(driver.run() == Status::compensated);
}

}  // namespace

}  // namespace skald::test
