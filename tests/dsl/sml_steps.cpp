#include <nlohmann/json.hpp>

#include "tests/dsl/sml_table.hpp"

/// What call(…) can say of a step beyond its undo.
namespace skald::test {

namespace {

using namespace skald::sml;
using nlohmann::json;
using namespace std::chrono_literals;

const auto a = operation("a").post("p", "/a");
const auto b = operation("b").post("p", "/b");
const auto undo = operation("undo").post("p", "/undo");
const auto look = operation("look").get("p", "/a/1");
const RetryPolicy once{.attempts = 1};

TEST_CASE("a probe decides when the outcome stays unknown") {
  const auto definition = table(*"A"_s + on_entry<_> / call(a).undo(undo).probe(look).retry(once),
                                "A"_s + done(a) = "B"_s, "B"_s = X);
  REQUIRE(definition.steps[0].probe);
  CHECK(definition.steps[0].probe->name == "look");
  Driver driver(definition, {{"a", {lost()}}});
  CHECK(driver.run() == Status::completed);
}

TEST_CASE("an exhausted step unwinds, parks or goes on elsewhere") {
  using Then = OnExhausted::Then;
  const auto with = [](const call& step) {
    return table(*"A"_s + on_entry<_> / step, "A"_s + done(a) = "B"_s, "A"_s + failed(a) = "C"_s,
                 "B"_s = X, "C"_s / fail = X);
  };
  const auto step = call(a).undo(undo).retry(once);
  CHECK(with(step.on_exhausted(unwind)).steps[0].on_exhausted.then == Then::unwind);
  CHECK(with(step.on_exhausted(park)).steps[0].on_exhausted.then == Then::park);
  const auto elsewhere = with(step.on_exhausted(go_to("C"_s)));
  CHECK(elsewhere.steps[0].on_exhausted.then == Then::go_to);
  CHECK(elsewhere.steps[0].on_exhausted.target == elsewhere.find_state("C"));
  Driver parked(with(step.on_exhausted(park)), {{"a", {lost()}}});
  CHECK(parked.run() == Status::stuck);
  Driver gone(elsewhere, {{"a", {lost()}}});
  gone.run();
  CHECK(gone.states == Names{"A", "C"});
}

TEST_CASE("go_to leads to a state of the table") {
  CHECK(findings(*"A"_s + on_entry<_> / call(a).undo(undo).on_exhausted(go_to("Nowhere"_s)),
                 "A"_s + done(a) = "B"_s, "B"_s = X) == "row 1 STATE");
}

TEST_CASE("a step runs for each element of a list") {
  const auto each = operation("each").post("p", "/each").body([](const SagaView& saga) {
    return json{{"item", saga.item()}, {"index", saga.index()}};
  });
  const auto items = [](const SagaView&) { return json::array({"x", "y", "z"}); };
  const auto definition =
      table(*"A"_s + on_entry<_> / call(each).undo(undo).for_each(items).concurrency(2),
            "A"_s + done(each) = "B"_s, "B"_s = X);
  Driver driver(definition);
  driver.start();
  REQUIRE(driver.in_flight.size() == 2);
  CHECK(driver.in_flight[1].body.text() == R"({"index":1,"item":"y"})");
  CHECK(driver.run() == Status::completed);
  CHECK(driver.calls == Names{"each", "each", "each"});
}

TEST_CASE("a step may have an id of its own, so that an operation can be called twice") {
  const auto definition = table(*"A"_s + on_entry<_> / call(a).readonly(), "A"_s + done(a) = "B"_s,
                                "B"_s + on_entry<_> / call(a).readonly().id("a-again"),
                                "B"_s + done(a) = "C"_s, "C"_s = X);
  CHECK(definition.steps[1].id == "a-again");
  Driver driver(definition);
  CHECK(driver.run() == Status::completed);
  CHECK(driver.calls == Names{"a", "a-again"});
}

TEST_CASE("steps name those they build on") {
  const auto definition = table(*"A"_s + on_entry<_> / call(a).undo(undo), "A"_s + done(a) = "B"_s,
                                "B"_s + on_entry<_> / call(b).undo(undo).depends_on(a),
                                "B"_s + done(b) = "C"_s, "C"_s = X);
  CHECK(definition.steps[1].depends_on == std::vector{StepIndex{0}});
  CHECK(findings(*"A"_s + on_entry<_> / call(a).undo(undo).depends_on(b), "A"_s + done(a) = "C"_s,
                 "C"_s = X) == "row 1 STEP");
}

TEST_CASE("park waits for an operator, who lets the saga go on") {
  const auto definition =
      table(*"A"_s + on_entry<_> / call(a).undo(undo), "A"_s + done(a) / park("look at it") = "B"_s,
            "B"_s = "C"_s, "C"_s = X);
  Driver driver(definition);
  CHECK(driver.run() == Status::stuck);
  CHECK(driver.alarms == Names{"look at it"});
  driver.send(Retry{"", "looked"});
  CHECK(driver.saga.status == Status::completed);
}

TEST_CASE("timers lead on when their time has come") {
  const auto definition = table(*"A"_s + on_entry<_> / call(a).undo(undo), "A"_s + done(a) = "D"_s,
                                "A"_s + after(30s) / unwind = "B"_s, "B"_s / fail = X, "D"_s = X);
  Driver driver(definition);
  driver.start();
  driver.now += 29s;
  CHECK_FALSE(driver.send(Tick{}).changed);
  driver.now += 1s;
  driver.send(Tick{});
  driver.run();
  CHECK(driver.states.back() == "B");
}

TEST_CASE("a timer's instant may be made of the saga") {
  const auto due = [](const SagaView& saga) { return saga.input().at("due"); };
  const auto definition =
      accepted(build({.ref = {"test", 1}, .input = schema_of(fields(text("due")))},
                     make_transition_table(*"A"_s + at(due) = "B"_s, "B"_s = X)));
  for (const char* input : {R"({"due":"90s"})", R"({"due":"2026-01-01T00:01:30Z"})"}) {
    Driver driver(definition, {}, input);
    driver.start();
    driver.now += 89s;
    CHECK_FALSE(driver.send(Tick{}).changed);
    driver.now += 1s;
    driver.send(Tick{});
    CHECK(driver.saga.status == Status::completed);
  }
}

struct three {
  auto operator()() const {
    return make_transition_table(*"P"_s + on_entry<_> / call(a).undo(undo), "P"_s + done(a) = X,
                                 *"Q"_s + on_entry<_> / call(b).undo(undo), "Q"_s + done(b) = X,
                                 *"R"_s + on_entry<_> / call(look).readonly(),
                                 "R"_s + done(look) = X);
  }
};

TEST_CASE("a composite state is joined by all its regions, one, or n, even where all end in X") {
  const auto joined_after = [](const auto& join_row) {
    Driver driver(table(join_row, "B"_s = X));
    driver.start();
    std::size_t answers = 0;
    for (const char* step : {"a", "b", "look"}) {
      if (driver.states.back() == "B") break;
      driver.answer(step, done());
      ++answers;
    }
    CHECK(driver.states.back() == "B");
    return answers;
  };
  CHECK(joined_after(*state<three> + join<_> = "B"_s) == 3);
  CHECK(joined_after(*state<three> + join_any<_> = "B"_s) == 1);
  CHECK(joined_after(*state<three> + join_n<2> = "B"_s) == 2);
  CHECK(joined_after(*state<three> = "B"_s) == 3);  // left by itself: when it has ended
}

TEST_CASE("join rows of a state agree, and wait for no more regions than there are") {
  const auto no = when("no", [] { return false; });
  CHECK(findings(*state<three> + join<_>[no] = "B"_s, state<three> + join_any<_> = "B"_s,
                 "B"_s = X) == "row 2 JOIN");
  CHECK(findings(*state<three> + join_n<4> = "B"_s, "B"_s = X) == "row 1 JOIN");
}

}  // namespace

}  // namespace skald::test
