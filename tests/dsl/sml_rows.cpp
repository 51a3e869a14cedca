#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "dsl/sml/sml.hpp"
#include "tests/dsl/printed.hpp"
#include "tests/engine/core_driver.hpp"

/// What each form of a row means.
namespace skald::test {

namespace {

using namespace skald::sml;
using Names = std::vector<std::string>;
using nlohmann::json;

const auto a = operation("a").post("p", "/a");
const auto b = operation("b").post("p", "/b");
struct told {};
const auto first = set("first", [](const SagaView&, const EventView&, json& data) {
  data["order"].push_back("first");
});
const auto second = set("second", [](const SagaView&, const EventView&, json& data) {
  data["order"].push_back("second");
});
const auto lucky = when("lucky", [](const SagaView&, const EventView& event) {
  return event.payload.is_object() && event.payload.value("lucky", false);
});

template <class... Rows>
Definition table(const Rows&... rows) {
  auto built = build({.ref = {"test", 1}}, make_transition_table(rows...));
  for (std::size_t i = 0; !built.ok() && i < built.error().findings.size(); ++i)
    FAIL_CHECK(built.error().findings[i].where, ": ", built.error().findings[i].why);
  return *built;
}

TEST_CASE("a row's event, guard, actions and target become a transition") {
  const auto definition = table(*"A"_s + on_entry<_> / call(a).readonly(),
                                "A"_s + done(a)[lucky] / (first, second) = "B"_s,
                                "A"_s + done(a) = "C"_s, "B"_s = X, "C"_s / fail = X);
  CHECK(printed(definition) == Names{"A + a.done [lucky] / first, second = B", "A + a.done = C"});
  CHECK(definition.transitions[0].where == "row 2");
  CHECK(definition.at(*definition.find_state("B")).final == Final::success);
  CHECK(definition.at(*definition.find_state("C")).final == Final::failure);
}

TEST_CASE("actions of a list run in order, and a list may have more than two") {
  const auto definition = table(*"A"_s + on_entry<_> / (second, first, call(a).readonly()),
                                "A"_s + done(a) / (first, second) = "B"_s, "B"_s = X);
  Driver driver(definition);
  CHECK(driver.run() == Status::completed);
  CHECK(driver.saga.data.text() == R"({"order":["second","first","first","second"]})");
}

TEST_CASE("several entry rows of a state add up") {
  const auto definition =
      table(*"A"_s + on_entry<_> / first, "A"_s + on_entry<_> / second,
            "A"_s + on_entry<_> / call(a).readonly(), "A"_s + done(a) = "B"_s, "B"_s = X);
  CHECK(definition.states[0].on_entry.size() == 3);
  Driver driver(definition);
  CHECK(driver.run() == Status::completed);
  CHECK(driver.saga.data.text() == R"({"order":["first","second"]})");
}

TEST_CASE("an internal transition acts and does not leave its state") {
  const auto definition =
      table(*"A"_s + on_entry<_> / (first, call(a).readonly(), call(b).readonly()),
            "A"_s + done(a) / second, "A"_s + done(b) = "B"_s, "B"_s = X);
  Driver driver(definition);
  CHECK(driver.run() == Status::completed);
  CHECK(driver.states == Names{"A", "B"});
  CHECK(driver.saga.data.text() == R"({"order":["first","second"]})");
}

TEST_CASE("a self transition leaves its state and enters it again") {
  const auto definition =
      table(*"A"_s + on_entry<_> / (first, call(a).readonly()), "A"_s + done(a)[lucky] = "B"_s,
            "A"_s + done(a) / second = "A"_s, "B"_s = X);
  Driver driver(definition);
  driver.start();
  driver.answer("a", done());
  CHECK(driver.states == Names{"A", "A"});
  driver.answer("a", done(R"({"lucky":true})"));
  CHECK(driver.saga.status == Status::completed);
  CHECK(driver.saga.data.text() == R"({"order":["first","second","first"]})");
}

TEST_CASE("an anonymous transition is taken at once, when its guard holds") {
  const auto big = when(
      "big", [](const SagaView& saga, const EventView&) { return saga.input().at("amount") > 10; });
  const auto definition =
      table(*"A"_s[big] / first = "Big"_s, "A"_s / second = "Small"_s, "Big"_s = X, "Small"_s = X);
  CHECK(printed(definition) == Names{"A [big] / first = Big", "A / second = Small"});
  for (const bool is_big : {true, false}) {
    Driver driver(definition, {}, is_big ? R"({"amount":11})" : R"({"amount":1})");
    driver.start();
    CHECK(driver.saga.status == Status::completed);
    CHECK(driver.states.back() == (is_big ? "Big" : "Small"));
  }
}

TEST_CASE("a row can lead to X itself") {
  const auto definition = table(*"A"_s + on_entry<_> / call(a).readonly(), "A"_s + done(a) = X);
  Driver driver(definition);
  CHECK(driver.run() == Status::completed);
  CHECK(driver.states == Names{"A", "X"});
}

TEST_CASE("unwind(reason) tells people why, and unwind says nothing") {
  const auto definition =
      table(*"A"_s + on_entry<_> / call(a).no_undo("a note"), "A"_s + done(a) = "B"_s,
            "A"_s + failed(a) / unwind("the sky fell") = "C"_s,
            "B"_s + after(std::chrono::seconds{1}) / unwind = "C"_s, "C"_s / fail = X);
  const auto reason = [&](std::size_t row) {
    return std::get<UnwindAll>(definition.transitions.at(row).actions.at(0)).reason;
  };
  CHECK(reason(1) == "the sky fell");
  CHECK(reason(2).empty());
}

TEST_CASE("a segment of a path cannot change the shape of the path") {
  CHECK(segment("a-B.9_~") == "a-B.9_~");
  CHECK(segment("../x?y#z %\xc3\xa9") == "..%2Fx%3Fy%23z%20%25%C3%A9");
  for (const auto* dots : {"", ".", ".."})
    CHECK_THROWS_AS((void)segment(dots), std::invalid_argument);
}

struct paid {};
struct unpaid {};

TEST_CASE("an operation's events are its own names, or the types it raises") {
  CHECK(printed(table(*"A"_s + on_entry<_> / call(a).readonly(), "A"_s + done(a) = "B"_s,
                      "A"_s + failed(a) = "B"_s, "B"_s = X)) ==
        Names{"A + a.done = B", "A + a.failed = B"});
  const auto pay = operation("pay").post("p", "/pay").raises<paid, unpaid>();
  CHECK(printed(table(*"A"_s + on_entry<_> / call(pay).readonly(), "A"_s + event<paid> = "B"_s,
                      "A"_s + failed(pay) = "B"_s, "B"_s = X)) ==
        Names{"A + paid = B", "A + unpaid = B"});
}

struct Deep {
  auto operator()() const {
    return make_transition_table(*"Deepest"_s + on_entry<_> / call(b).readonly(),
                                 "Deepest"_s + done(b) = "Deeper"_s, "Deeper"_s = X);
  }
};
struct Outer {
  auto operator()() const {
    return make_transition_table(*state<Deep> + join<_> = "Joined"_s, "Joined"_s = X,
                                 *"Beside"_s + on_entry<_> / call(a).readonly(),
                                 "Beside"_s + done(a) = "Beyond"_s, "Beyond"_s = X);
  }
};

TEST_CASE("composite states nest, and each is joined when its own regions have ended") {
  const auto definition = table(*state<Outer> + join<_> = "End"_s, "End"_s = X);
  CHECK(definition.at(*definition.find_state("Deepest")).parent == definition.find_state("Deep"));
  CHECK(definition.at(*definition.find_state("Deep")).parent == definition.find_state("Outer"));
  CHECK(definition.at(*definition.find_state("Outer")).initials ==
        std::vector{*definition.find_state("Deep"), *definition.find_state("Beside")});
  Driver driver(definition);
  driver.start();
  CHECK(driver.states == Names{"Outer", "Deep", "Deepest", "Beside"});
  driver.answer("b", done());
  CHECK(driver.states.back() == "Joined");
  driver.answer("a", done());
  CHECK(driver.saga.status == Status::completed);
}

TEST_CASE("several initial states are regions side by side, and the saga ends with the last") {
  const auto definition =
      table(*"A"_s + on_entry<_> / call(a).readonly(), "A"_s + done(a) = "A2"_s, "A2"_s = X,
            *"B"_s + on_entry<_> / call(b).readonly(), "B"_s + done(b) = "B2"_s, "B2"_s = X);
  CHECK(definition.initials.size() == 2);
  Driver driver(definition);
  driver.start();
  driver.answer("b", done());
  CHECK(driver.saga.status == Status::running);
  driver.answer("a", done());
  CHECK(driver.saga.status == Status::completed);
}

struct everything {
  static constexpr std::string_view name = "everything";
  static constexpr std::uint32_t version = 3;
  static constexpr std::string_view business_key = "who";
  static constexpr auto deadline = std::chrono::minutes{5};
  static constexpr auto on_deadline = OnDeadline::alert;
  static auto input() {
    return fields(text("who").at_least(1), boolean("sure").optional(),
                  list_of("things", integer("count").at_least(0)));
  }
  auto operator()() const { return make_transition_table(*"A"_s = X); }
};

TEST_CASE("a struct declares name, version, input, business key and deadline beside its rows") {
  const auto definition = define<everything>();
  REQUIRE(definition.ok());
  CHECK(definition->ref == DefinitionRef{"everything", 3});
  CHECK(definition->business_key.source.text() == R"("${input.who}")");
  CHECK(definition->deadline == std::chrono::minutes{5});
  CHECK(definition->on_deadline == OnDeadline::alert);
  CHECK(definition->input.source.text() ==
        R"({"additionalProperties":false,"properties":{"sure":{"type":"boolean"},)"
        R"("things":{"items":{"additionalProperties":false,"properties":{"count":)"
        R"({"minimum":0,"type":"integer"}},"required":["count"],"type":"object"},)"
        R"("type":"array"},"who":{"minLength":1,"type":"string"}},)"
        R"("required":["who","things"],"type":"object"})");
  CHECK(definition->input.check(nlohmann::json::parse(R"({"who":"me","things":[]})"), "").empty());
}

TEST_CASE("a step carries what its call says") {
  const RetryPolicy twice{.attempts = 2};
  const RetryPolicy thrice{.attempts = 3};
  const auto definition = table(
      *"A"_s + on_entry<_> /
                   call(a).undo(b).retry(twice).undo_retry(thrice).timeout(std::chrono::seconds{9}),
      "A"_s + done(a) = "B"_s, "B"_s = X);
  const Step& step = definition.steps.at(0);
  CHECK(step.id == "a");
  CHECK(step.kind == StepKind::compensatable);
  CHECK(step.undo->name == "b");
  CHECK(step.retry.attempts == 2);
  CHECK(step.undo_retry.attempts == 3);
  CHECK(step.timeout == std::chrono::seconds{9});
  CHECK(std::get<HttpTarget>(step.call.target).method == "POST");
  CHECK(std::get<HttpTarget>(step.call.target).path == "/a");
}

}  // namespace

}  // namespace skald::test
