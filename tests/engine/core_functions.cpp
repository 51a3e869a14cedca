#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "dsl/sml/sml.hpp"
#include "tests/engine/core_driver.hpp"
#include "tests/engine/core_tables.hpp"

/// Functions of the user: bodies, guards and actions.
namespace skald::test {

namespace {

using namespace skald::sml;
using Names = std::vector<std::string>;
using nlohmann::json;

void throws_in(Operation& operation, const std::string& what) {
  operation.body.make = [what](const SagaView&, const EventView&) -> json {
    throw std::runtime_error(what);
  };
}

TEST_CASE("a call whose body cannot be made is a defect of its step and is never sent") {
  Definition definition = trip();
  throws_in(step(definition, "pay").call, "no such field");
  Driver driver(definition);
  CHECK(driver.run() == Status::compensated);
  CHECK(driver.calls == Names{"book", "undo book", "apologise"});
  CHECK(driver.history[5].kind == HistoryKind::refused);
  CHECK(driver.history[5].message == "the request body of 'pay' cannot be made: no such field");
}

TEST_CASE("an undo whose body cannot be made waits for an operator, and is made anew on retry") {
  Definition definition = trip();
  Driver driver(definition, {{"pay", {refused()}}});
  throws_in(*step(driver.definition, "book").undo, "no such field");
  CHECK(driver.run() == Status::stuck);
  CHECK(driver.calls == Names{"book", "pay"});
  driver.send(Retry{"book", "still wrong"});
  CHECK(driver.saga.status == Status::stuck);
  CHECK(driver.calls == Names{"book", "pay"});
  step(driver.definition, "book").undo->body.make = [](const SagaView& saga, const EventView&) {
    return json{{"saga", saga.id().value}};
  };
  driver.send(Retry{"book", "mended"});
  CHECK(driver.in_flight.front().body.text() == R"({"saga":"saga-1"})");
  CHECK(driver.run() == Status::compensated);
}

TEST_CASE("a retriable call whose body cannot be made waits for an operator") {
  Driver driver(trip());
  throws_in(step(driver.definition, "mail").call, "no such field");
  CHECK(driver.run() == Status::stuck);
  step(driver.definition, "mail").call.body = {};
  driver.send(Retry{"", "mended"});
  CHECK(driver.run() == Status::completed);
}

TEST_CASE("a saga survives an error text that is not UTF-8") {
  Driver driver(trip());
  throws_in(step(driver.definition, "mail").call, "bad \xff\xfe text \xe2\x82");
  CHECK(driver.run() == Status::stuck);
  Driver told(trip());
  told.start();
  told.answer("book", Unknown{"caf\xe9 timeout", std::nullopt, true});
  CHECK(told.saga.pending.front().wait == Pending::Wait::retry);
}

TEST_CASE("a body sees input, data and the outputs of what is done") {
  Definition definition = trip();
  step(definition, "pay").call.body.make = [](const SagaView& saga, const EventView&) {
    return json{{"room", saga.output("book").at("room")},
                {"pays", saga.output("pay")},
                {"who", saga.input().at("who")}};
  };
  Driver driver(definition, {{"book", {done(R"({"room":3})")}}}, R"({"who":"me"})");
  driver.start();
  driver.answer("book", done(R"({"room":3})"));
  CHECK(driver.in_flight.front().body.text() == R"({"pays":null,"room":3,"who":"me"})");
}

const auto ask = operation("ask").post("oracle", "/questions");

json& answers() {
  static json seen;
  return seen;
}

/// Refusals with code "later" are counted; the second one is too many.
struct patience_table {
  static constexpr std::string_view name = "patience";
  auto operator()() const {
    const auto code_is = [](std::string code) {
      return when("code is " + code,
                  [code](const SagaView&, const EventView& event) { return event.code == code; });
    };
    const auto twice = when("twice", [](const SagaView& saga, const EventView& event) {
      CHECK(event.name.empty());
      return saga.data().is_object() && saga.data().value("later", 0) >= 2;
    });
    const auto count = set("count", [](const SagaView&, const EventView& event, json& data) {
      data["later"] = data.value("later", 0) + 1;
      answers().push_back(event.payload);
    });
    // clang-format off
    return make_transition_table(
       *"Asking"_s  + on_entry<_> / call(ask).readonly(),
        "Asking"_s  + done(ask)                              = "Known"_s,
        "Asking"_s  + failed(ask) [code_is("later")] / count = "Waiting"_s,
        "Asking"_s  + failed(ask)                            = "Unknown"_s,
        "Waiting"_s [twice]                                  = "Unknown"_s,
        "Waiting"_s                                          = "Asking"_s,
        "Known"_s                                            = X,
        "Unknown"_s / fail                                   = X);
    // clang-format on
  }
};

TEST_CASE("guards decide by code, payload and data, in the order of the rows; actions keep data") {
  answers() = json::array();
  Driver driver(*define<patience_table>());
  driver.start();
  driver.answer("ask", Failed{"later", "", false, Json::from_stored(R"({"n":1})")});
  CHECK(driver.saga.data.text() == R"({"later":1})");
  CHECK(driver.saga.active.size() == 1);
  SUBCASE("the first row whose guard holds is taken") {
    driver.answer("ask", Failed{"later", "", false, {}});
    CHECK(driver.saga.status == Status::failed);
    CHECK(driver.saga.data.text() == R"({"later":2})");
    CHECK(answers() == json{{{"n", 1}}, nullptr});
    CHECK(driver.states == Names{"Asking", "Waiting", "Asking", "Waiting", "Unknown"});
  }
  SUBCASE("a row without a guard comes last") {
    driver.answer("ask", refused("never"));
    CHECK(driver.states == Names{"Asking", "Waiting", "Asking", "Unknown"});
    CHECK(driver.saga.data.text() == R"({"later":1})");
  }
}

struct broken_guard_table {
  static constexpr std::string_view name = "broken-guard";
  auto operator()() const {
    const auto rich = when("rich", [](const SagaView&, const EventView& event) {
      return event.payload.at("balance") > 5;
    });
    // clang-format off
    return make_transition_table(
       *"Asking"_s + on_entry<_> / call(ask).no_undo("it only asks"),
        "Asking"_s + done(ask) [rich]   = "Known"_s,
        "Asking"_s + done(ask)          = "Poor"_s,
        "Known"_s                       = X,
        "Poor"_s                        = X);
    // clang-format on
  }
};

TEST_CASE(
    "a guard that throws makes the saga stuck with its reason, and an operator can unwind it") {
  Driver driver(*define<broken_guard_table>());
  driver.start();
  driver.answer("ask", done("{}"));
  CHECK(driver.saga.status == Status::stuck);
  CHECK(driver.saga.stuck_reason.find("guard 'rich'") != std::string::npos);
  CHECK(driver.alarms.size() == 1);
  CHECK(driver.send(Compensate{"mended later"}).changed);
  CHECK(driver.saga.status == Status::compensated);
}

TEST_CASE("a guard that throws on a failure does not keep the saga from unwinding") {
  Definition definition = trip();
  for (auto& transition : definition.transitions)
    if (definition.at(transition.event) == "pay.failed")
      transition.guard = Guard{"wrong", [](const SagaView&, const EventView&) -> bool {
                                 throw std::runtime_error("no such field");
                               }};
  Driver driver(definition, {{"pay", {refused()}}});
  CHECK(driver.run() == Status::compensated);
}

struct broken_action_table {
  static constexpr std::string_view name = "broken-action";
  auto operator()() const {
    const auto keep = set("keep", [](const SagaView&, const EventView& event, json& data) {
      data["half"] = true;
      data["id"] = event.payload.at("id");
    });
    // clang-format off
    return make_transition_table(
       *"Asking"_s  + on_entry<_> / call(ask).undo(operation("forget").post("oracle", "/f")),
        "Asking"_s  + done(ask) / keep   = "Known"_s,
        "Asking"_s  + failed(ask)        = "Failed"_s,
        "Known"_s   + on_entry<_> / call(operation("use").post("oracle", "/u")).pivot(),
        "Known"_s   + done(operation("use")) = "Used"_s,
        "Used"_s                         = X,
        "Failed"_s  / fail               = X);
    // clang-format on
  }
};

TEST_CASE("an action that throws changes nothing, and the saga unwinds while it can") {
  Driver driver(*define<broken_action_table>(), {{"ask", {done("{}")}}});
  CHECK(driver.run() == Status::compensated);
  CHECK(driver.calls == Names{"ask", "undo ask"});
  CHECK(driver.saga.data.is_null());
  CHECK(driver.saga.unwind->reason.find("action 'keep'") != std::string::npos);
}

TEST_CASE("an action that throws after the pivot makes the saga stuck where it was") {
  Definition definition = trip();
  for (auto& transition : definition.transitions)
    if (definition.at(transition.event) == "mail.done")
      transition.actions.push_back(
          NativeAction{"note", [](const SagaView&, const EventView&, json&) {
                         throw std::runtime_error("no such field");
                       }});
  Driver driver(definition);
  CHECK(driver.run() == Status::stuck);
  CHECK(driver.states.back() == "Telling");
  CHECK(driver.saga.stuck_reason == "action 'note' failed: no such field");
}

TEST_CASE("an action that stores what is not UTF-8 is an action that failed") {
  Definition definition = trip();
  for (auto& transition : definition.transitions)
    if (definition.at(transition.event) == "book.done")
      transition.actions.push_back(NativeAction{
          "note", [](const SagaView&, const EventView&, json& data) { data["x"] = "\xff"; }});
  Driver driver(definition);
  CHECK(driver.run() == Status::compensated);
  CHECK(driver.saga.data.is_null());
}

}  // namespace

}  // namespace skald::test
