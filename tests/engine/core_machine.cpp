#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"
#include "engine/core/status.hpp"
#include "sagas/order_fulfilment.hpp"
#include "tests/engine/core_driver.hpp"
#include "tests/engine/core_tables.hpp"

/// How states are left and entered, and sagas that come where nothing leads on.
namespace skald::test {

namespace {

using namespace skald::sml;
using Names = std::vector<std::string>;

constexpr std::string_view order =
    R"({"order":"o","customer":"c","amount":5,"address":"d","items":[{"sku":"s","quantity":1}]})";

Names active(const Driver& driver) {
  Names names;
  for (const auto state : driver.saga.active) names.push_back(driver.definition.at(state).name);
  return names;
}

TEST_CASE("a composite state enters its regions in order and is joined when all have ended") {
  Driver driver(*sagas::order_fulfilment(), {}, order);
  driver.start();
  CHECK(driver.states == Names{"Preparing", "ReservingStock", "TakingPayment"});
  CHECK(active(driver) == Names{"ReservingStock", "TakingPayment"});
  CHECK(driver.calls == Names{"reserve-stock", "take-payment"});
  driver.answer("take-payment", done());
  CHECK(active(driver) == Names{"ReservingStock", "PaymentTaken"});
  driver.answer("reserve-stock", done());
  CHECK(active(driver) == Names{"Shipping"});
}

TEST_CASE("undos run in the reverse order of completion, not of the table") {
  for (const bool stock_first : {true, false}) {
    Driver driver(*sagas::order_fulfilment(), {}, order);
    driver.start();
    driver.answer(stock_first ? "reserve-stock" : "take-payment", done());
    driver.answer(stock_first ? "take-payment" : "reserve-stock", done());
    driver.answer("create-shipment", refused());
    CHECK(driver.calls.back() == (stock_first ? "undo take-payment" : "undo reserve-stock"));
    driver.answer(driver.calls.back(), done());
    CHECK(driver.calls.back() == (stock_first ? "undo reserve-stock" : "undo take-payment"));
  }
}

TEST_CASE("a region that fails unwinds the other one, after its call has answered") {
  Driver driver(*sagas::order_fulfilment(), {}, order);
  driver.start();
  driver.answer("take-payment", refused("no_money"));
  CHECK(driver.saga.status == Status::compensating);
  CHECK(driver.calls.size() == 2);
  driver.answer("reserve-stock", done());
  CHECK(driver.calls.back() == "undo reserve-stock");
  // While unwinding no transition is taken; what was done is in the completion log.
  CHECK(active(driver) == Names{"ReservingStock", "TakingPayment"});
  driver.answer("undo reserve-stock", done());
  CHECK(active(driver) == Names{"OrderCancelled"});
  CHECK(driver.run() == Status::compensated);
}

const auto work = operation("work").post("p", "/work");
const auto unwork = operation("unwork").post("p", "/unwork");
const auto other = operation("other").post("p", "/other");
const auto unother = operation("unother").post("p", "/unother");
const auto tell = operation("tell").post("p", "/tell");
const auto never = when("never", [](const SagaView&, const EventView&) { return false; });

struct dead_end_table {
  static constexpr std::string_view name = "dead-end";
  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"Working"_s + on_entry<_> / call(work).undo(unwork),
        "Working"_s + done(work) [never] = "Done"_s,
        "Working"_s + failed(work)       = "Failed"_s,
        "Done"_s                         = X,
        "Failed"_s  / fail               = X);
    // clang-format on
  }
};

TEST_CASE("a saga that nothing leads on is stuck, says where, and can be unwound") {
  Driver driver(*define<dead_end_table>());
  CHECK(driver.run() == Status::stuck);
  CHECK(driver.saga.stuck_reason ==
        "nothing is under way and no transition leads on from state 'Working'");
  CHECK(driver.alarms.size() == 1);
  CHECK(allowed_actions(driver.definition, driver.saga) ==
        std::vector<std::string_view>{"compensate", "cancel", "pause", "terminate"});
  driver.send(Cancel{"it goes nowhere"});
  CHECK(driver.run() == Status::cancelled);
  CHECK(driver.calls == Names{"work", "undo work"});
}

struct Halves {
  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"Left"_s  + on_entry<_> / call(work).undo(unwork),
        "Left"_s  + done(work)  = "LeftDone"_s,
        "LeftDone"_s            = X,
       *"Right"_s + on_entry<_> / call(other).undo(unother),
        "Right"_s + done(other) = "RightDone"_s,
        "RightDone"_s           = X);
    // clang-format on
  }
};

struct unjoined_table {
  static constexpr std::string_view name = "unjoined";
  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *state<Halves> + join<_> [never]  = "Done"_s,
        state<Halves> + failed(work)     = "Failed"_s,
        "Done"_s                         = X,
        "Failed"_s    / fail             = X);
    // clang-format on
  }
};

TEST_CASE("regions that have ended do not end the saga: only a state of the whole table does") {
  Driver driver(*define<unjoined_table>());
  CHECK(driver.run() == Status::stuck);
  CHECK(driver.saga.stuck_reason.find("no transition leads on") != std::string::npos);
}

struct unwinds_twice_table {
  static constexpr std::string_view name = "unwinds-twice";
  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"Working"_s + on_entry<_> / call(work).undo(unwork),
        "Working"_s + done(work)              = "More"_s,
        "Working"_s + failed(work)            = "Failed"_s,
        "More"_s    + on_entry<_> / call(other).undo(unother),
        "More"_s    + done(other)             = "Done"_s,
        "More"_s    + failed(other) / unwind  = "Telling"_s,
        "Telling"_s + on_entry<_> / call(tell).retriable(),
        "Telling"_s + done(tell)              = "Failed"_s,
        "Telling"_s + failed(tell) / unwind   = "Untold"_s,
        "Done"_s                              = X,
        "Untold"_s  / fail                    = X,
        "Failed"_s  / fail                    = X);
    // clang-format on
  }
};

TEST_CASE("a second unwinding has nothing to undo and just goes on") {
  Driver driver(*define<unwinds_twice_table>(), {{"other", {refused()}}, {"tell", {refused()}}});
  CHECK(driver.run() == Status::compensated);
  CHECK(driver.calls == Names{"work", "other", "undo work", "tell"});
  CHECK(active(driver) == Names{"Untold"});
}

struct repeats_table {
  static constexpr std::string_view name = "repeats";
  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"Working"_s + on_entry<_> / call(work).undo(unwork),
        "Working"_s + failed(work)           = "Working"_s,
        "Working"_s + done(work)             = "More"_s,
        "More"_s    + on_entry<_> / call(other).undo(unother),
        "More"_s    + done(other)            = "Done"_s,
        "More"_s    + failed(other)          = "Working"_s,
        "Done"_s                             = X);
    // clang-format on
  }
};

TEST_CASE("a step that is begun again is another run under another key") {
  Driver driver(*define<repeats_table>());
  driver.start();
  const Call first = driver.in_flight.front();
  driver.answer("work", refused());
  REQUIRE(driver.in_flight.size() == 1);
  const Call second = driver.in_flight.front();
  CHECK(second.run == 2);
  CHECK(idempotency_key(driver.definition, driver.saga.id, first) == "saga-1/work/forward");
  CHECK(idempotency_key(driver.definition, driver.saga.id, second) == "saga-1/work#2/forward");
  // The same refusal once more is about the first run.
  CHECK_FALSE(
      driver.send(Reply{first.step, first.run, first.phase, first.attempt, refused()}).changed);
  driver.answer("work", done());
  driver.answer("other", refused());
  CHECK(driver.in_flight.front().run == 3);
  driver.answer("work", done());
  CHECK(driver.in_flight.front().run == 2);
  driver.send(Cancel{"enough"});
  driver.answer("other", done());
  std::vector<std::pair<std::string, std::uint32_t>> undone;
  while (!driver.in_flight.empty()) {
    undone.emplace_back(driver.name(driver.in_flight.front()), driver.in_flight.front().run);
    driver.answer(undone.back().first, done());
  }
  CHECK(undone == decltype(undone){{"undo other", 2}, {"undo work", 3}, {"undo work", 2}});
  CHECK(driver.saga.status == Status::cancelled);
}

struct overlaps_table {
  static constexpr std::string_view name = "overlaps";
  auto operator()() const {
    // clang-format off
    return make_transition_table(
       *"Working"_s + on_entry<_> / (call(work).undo(unwork), call(other).undo(unother)),
        "Working"_s + done(work)   = "Working"_s,
        "Working"_s + done(other)  = "Done"_s,
        "Done"_s                   = X);
    // clang-format on
  }
};

TEST_CASE("a step begun again while its earlier run is in flight does not disturb it") {
  Driver driver(*define<overlaps_table>());
  driver.start();
  driver.answer("work", done());
  REQUIRE(driver.in_flight.size() == 3);
  CHECK(driver.in_flight[0].run == 1);
  CHECK(driver.name(driver.in_flight[2]) == "other");
  CHECK(driver.in_flight[2].run == 2);
}

struct loop_table {
  static constexpr std::string_view name = "loop";
  auto operator()() const {
    const auto always = when("always", [](const SagaView&, const EventView&) { return true; });
    // clang-format off
    return make_transition_table(
       *"A"_s [always]       = "B"_s,
        "B"_s [always]       = "A"_s,
        "B"_s                = "Done"_s,
        "Done"_s             = X);
    // clang-format on
  }
};

TEST_CASE("anonymous transitions that go round for ever make the saga stuck, not the engine") {
  Driver driver(*define<loop_table>());
  driver.start();
  CHECK(driver.saga.status == Status::stuck);
  CHECK(driver.saga.stuck_reason.find("loop") != std::string::npos);
}

TEST_CASE("a pivot in flight decides before anything else can unwind") {
  // Two calls at once, one of them the pivot: the checks refuse it in a table, so that only a
  // definition made by hand comes here.
  Definition definition = trip();
  definition.states[number(*definition.find_state("Booking"))].on_entry.push_back(
      CallStep{*definition.find_step("pay")});
  Driver driver(definition);
  driver.start();
  REQUIRE(driver.in_flight.size() == 2);
  driver.answer("book", refused());
  CHECK(driver.saga.status != Status::failed);
  driver.answer("pay", done());
  CHECK_FALSE(driver.saga.unwind);
  CHECK(driver.saga.pivot_passed);
}

}  // namespace

}  // namespace skald::test
