#include <nlohmann/json.hpp>

#include "dsl/sml/sm.hpp"
#include "tests/dsl/sml_table.hpp"

/// Events in a saga: payloads as C++ types, raised and deferred events, those nothing expects, and
/// signals.
namespace skald::test {

namespace {

using namespace skald::sml;
using nlohmann::json;

struct told {
  std::string what;
};
void from_json(const json& from, told& to) { from.at("what").get_to(to.what); }
void to_json(json& to, const told& from) { to = json{{"what", from.what}}; }
struct go {};
struct stop {};

const auto hear = [](const told& event, json& data) { data["heard"].push_back(event.what); };
const auto loud = [](const told& event) { return event.what == "loud"; };

Receive say(const char* what) { return {"told", Json(json{{"what", what}})}; }

TEST_CASE("guards and actions take the payload as the event's type") {
  Driver driver(
      table(*"A"_s + event<told>[loud] / hear = "B"_s, "A"_s + event<told> / hear, "B"_s = X));
  driver.start();
  driver.send(say("quiet"));
  CHECK(driver.states == Names{"A"});
  driver.send(say("loud"));
  CHECK(driver.saga.status == Status::completed);
  CHECK(driver.saga.data.text() == R"({"heard":["quiet","loud"]})");
}

TEST_CASE("an action sees the saga, the event and the data, in any order") {
  const auto note = [](json& data, const SagaView& saga, const told& event, const EventView& raw) {
    data["all"] = json{saga.id().value, event.what, std::string(raw.name), raw.payload};
  };
  Driver driver(table(*"A"_s + event<told> / note = "B"_s, "B"_s = X));
  driver.start();
  driver.send(say("x"));
  CHECK(driver.saga.data.text() == R"({"all":["saga-1","x","told",{"what":"x"}]})");
}

TEST_CASE("guards combine with && || and !, and keep their names") {
  const auto yes = when("yes", [] { return true; });
  const auto no = when("no", [] { return false; });
  const auto definition =
      table(*"A"_s[(yes && no) || !yes] = "B"_s, "A"_s[yes && !no] = "C"_s, "B"_s = X, "C"_s = X);
  CHECK(printed(definition) == Names{"A [yes && no || !(yes)] = B", "A [yes && !(no)] = C"});
  Driver driver(definition);
  driver.start();
  CHECK(driver.states == Names{"A", "C"});
}

struct is_open {
  bool operator()() const { return true; }
};

TEST_CASE("what has no name of its own is called after its row") {
  const auto definition = table(
      *"A"_s[is_open{}] / [] {} = "B"_s, "B"_s = X);
  CHECK(printed(definition) == Names{"A [is_open] / row 1 = B"});
}

TEST_CASE("a raised event comes after the present one, with its payload") {
  Driver driver(
      table(*"A"_s + event<go> / (process(told{"first"}), process(told{"second"})) = "B"_s,
            "B"_s + event<told> / hear, "B"_s + event<stop> = X));
  driver.start();
  driver.send(Receive{"go", {}});
  CHECK(driver.saga.data.text() == R"({"heard":["first","second"]})");
}

TEST_CASE("what a state does by itself comes before the next raised event") {
  Driver driver(table(*"A"_s + event<go> / process(stop{}) = "B"_s, "B"_s = "C"_s,
                      "B"_s + event<stop> = "Wrong"_s, "C"_s + event<stop> = X, "Wrong"_s = X));
  driver.start();
  driver.send(Receive{"go", {}});
  CHECK(driver.states == Names{"A", "B", "C", "X"});
}

TEST_CASE("a deferred event waits for another state") {
  Driver driver(table(*"A"_s + event<told> / defer, "A"_s + event<go> = "B"_s,
                      "B"_s + event<told> / hear = "C"_s, "C"_s = X));
  driver.start();
  driver.send(say("x"));
  CHECK(driver.saga.kept.size() == 1);
  driver.send(Receive{"go", {}});
  CHECK(driver.saga.status == Status::completed);
  CHECK(driver.saga.data.text() == R"({"heard":["x"]})");
}

TEST_CASE("a row of a saga that defers does nothing else") {
  CHECK(findings(*"A"_s + event<told> / (hear, defer), "A"_s + event<go> = X) == "row 1 DEFER");
}

struct first {};
struct second {};
struct third {};

TEST_CASE("deferred events come back the oldest first, and again whenever the state changes") {
  Driver driver(table(*"A"_s + event<first> / defer, "A"_s + event<second> / defer,
                      "A"_s + event<third> / defer, "A"_s + event<go> = "B"_s,
                      "B"_s + event<first> / defer, "B"_s + event<second> = "C"_s,
                      "C"_s + event<third> = "Wrong"_s, "C"_s + event<first> = "D"_s,
                      "D"_s + event<third> = X, "Wrong"_s = X));
  driver.start();
  for (const char* name : {"first", "second", "third", "go"}) driver.send(Receive{name, {}});
  CHECK(driver.states == Names{"A", "B", "C", "D", "X"});
}

TEST_CASE("event<_> takes what no other row of the state names, wherever it stands") {
  Driver driver(table(
      *"A"_s + event<_> = "Any"_s, "A"_s + event<go> / [] {}, "Any"_s + event<stop> = X));
  driver.start();
  driver.send(Receive{"go", {}});
  CHECK(driver.states == Names{"A"});
  driver.send(Receive{"stop", {}});
  CHECK(driver.states == Names{"A", "Any"});
}

TEST_CASE("unexpected_event takes what nothing else handles") {
  Driver driver(table(*"A"_s + event<go> = "B"_s, "B"_s + unexpected_event<go> = "C"_s,
                      "C"_s + unexpected_event<_> = X));
  driver.start();
  driver.send(Receive{"go", {}});
  driver.send(Receive{"go", {}});
  CHECK(driver.states.back() == "C");
  driver.send(Receive{"go", {}});
  CHECK(driver.saga.status == Status::completed);
}

struct in_two_regions {
  auto operator()() const {
    return make_transition_table(*"A"_s + event<go> = "B"_s, "B"_s = X,
                                 *"C"_s + unexpected_event<go> = "D"_s, "D"_s = X);
  }
};

struct with_a_guard {
  auto operator()() const {
    const auto never = when("never", [] { return false; });
    return make_transition_table(*"A"_s + event<go>[never] = "B"_s, "B"_s = X,
                                 "A"_s + unexpected_event<go> = "C"_s, "C"_s = X);
  }
};

TEST_CASE(
    "in a saga an event is unexpected when nothing handles it, in sm where a state has no row") {
  const auto comes_to = [](const auto& rows) {
    Driver driver(accepted(build({.ref = {"test", 1}}, rows())));
    driver.start();
    driver.send(Receive{"go", {}});
    return driver.states;
  };
  CHECK(comes_to(in_two_regions{}) == Names{"A", "C", "B"});
  CHECK(comes_to(with_a_guard{}) == Names{"A", "C"});
  sm<in_two_regions> both;
  both.process_event(go{});
  CHECK(both.is(X, X));
  sm<with_a_guard> guarded;
  guarded.process_event(go{});
  CHECK(guarded.is("A"_s));
}

TEST_CASE("exit actions run when a state is left, before those of the transition") {
  const auto mark = [](std::string what) {
    return set(what, [what](json& data) { data["order"].push_back(what); });
  };
  Driver driver(table(*"A"_s + sml::on_exit<_> / mark("exit"),
                      "A"_s + event<go> / mark("go") = "B"_s, "B"_s + on_entry<_> / mark("entry"),
                      "B"_s + event<stop> = X));
  driver.start();
  driver.send(Receive{"go", {}});
  CHECK(driver.saga.data.text() == R"({"order":["exit","go","entry"]})");
}

TEST_CASE("what no step raises is a signal, unless the saga says which it accepts") {
  const auto a = operation("a").post("p", "/a");
  const auto definition =
      table(*"A"_s + on_entry<_> / call(a).readonly(), "A"_s + done(a) / process(go{}),
            "A"_s + event<go> = "B"_s, "B"_s + event<told> = X);
  REQUIRE(definition.signals.size() == 1);
  CHECK(definition.signals[0].name == "told");
}

namespace other {
struct go {};
}  // namespace other

TEST_CASE("two event types of one name are refused: the name is what is stored") {
  CHECK(findings(*"A"_s + event<go> = "B"_s, "B"_s + event<other::go> = X) == "row 2 EVENT");
}

}  // namespace

}  // namespace skald::test
