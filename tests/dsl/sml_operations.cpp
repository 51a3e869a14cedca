#include <nlohmann/json.hpp>

#include "tests/dsl/sml_table.hpp"

/// What an operation can be: HTTP of any kind, a C++ function with types, a child saga, a
/// publication; and what its outcomes raise.
namespace skald::test {

namespace {

using namespace skald::sml;
using nlohmann::json;

struct basket {
  int items = 0;
};
void from_json(const json& from, basket& to) { from.at("items").get_to(to.items); }
struct price {
  int cents = 0;
};
void to_json(json& to, const price& from) { to = json{{"cents", from.cents}}; }
struct ordered {};
struct not_ordered {};
struct backordered {
  int days = 0;
};
void from_json(const json& from, backordered& to) { from.at("days").get_to(to.days); }

const auto undo = operation("undo").post("p", "/undo");

Operation spec_of(const operation& what) { return what.spec().operation; }

Invocation with_body(const char* body) {
  Invocation invocation;
  invocation.body = *Json::parse(body);
  return invocation;
}
Outcome run(const operation& what, const char* body) {
  return std::get<FunctionTarget>(spec_of(what).target).function(with_body(body));
}
std::string output(const Outcome& outcome) { return std::get<Done>(outcome).output.text(); }

TEST_CASE("HTTP operations have every method, headers, and paths made of the saga") {
  const auto method = [](const operation& what) {
    return std::get<HttpTarget>(spec_of(what).target).method;
  };
  CHECK(method(operation("a").get("p", "/")) == "GET");
  CHECK(method(operation("a").post("p", "/")) == "POST");
  CHECK(method(operation("a").put("p", "/")) == "PUT");
  CHECK(method(operation("a").patch("p", "/")) == "PATCH");
  CHECK(method(operation("a").del("p", "/")) == "DELETE");
  CHECK(method(operation("a").http("OPTIONS", "p", "/")) == "OPTIONS");
  const auto with_headers = std::get<HttpTarget>(
      spec_of(operation("a").post("p", "/x").header("A", "1").header("B", "2")).target);
  CHECK(with_headers.headers == std::vector<Header>{{"A", "1"}, {"B", "2"}});
}

TEST_CASE("a path made of the saga goes with the call") {
  const auto a = operation("a").del("p").path([](const SagaView& saga) {
    return "/orders/" + saga.input().at("order").get<std::string>();
  });
  auto heading = Heading{.ref = {"test", 1}, .input = schema_of(fields(text("order")))};
  const auto definition =
      accepted(build(heading, make_transition_table(*"A"_s + on_entry<_> / call(a).readonly(),
                                                    "A"_s + done(a) = X)));
  Driver driver(definition, {}, R"({"order":"o-7"})");
  driver.start();
  REQUIRE(driver.in_flight.size() == 1);
  CHECK(driver.in_flight.front().address == "/orders/o-7");
}

TEST_CASE("a C++ function takes the body as its own type and gives one of its own") {
  const auto typed = operation("price").run([](const basket& in) { return price{in.items * 5}; });
  CHECK(output(run(typed, R"({"items":3})")) == R"({"cents":15})");
  const auto told = operation("price").run([](const basket& in, const Invocation& attempt) {
    return price{in.items + static_cast<int>(attempt.attempt)};
  });
  CHECK(output(run(told, R"({"items":3})")) == R"({"cents":4})");
  const auto silent = operation("price").run([](const basket&) {});
  CHECK(output(run(silent, R"({"items":3})")) == "null");
  const auto raw = operation("price").run([](const json& in) { return in.at("items"); });
  CHECK(output(run(raw, R"({"items":3})")) == "3");
}

TEST_CASE("a C++ function may refuse, or say any outcome") {
  const auto choosy = operation("price").run([](const basket& in) -> answer<price> {
    if (in.items == 0) return sml::refused{"empty", "nothing to price"};
    return price{in.items};
  });
  CHECK(output(run(choosy, R"({"items":1})")) == R"({"cents":1})");
  const auto no = std::get<Failed>(run(choosy, R"({"items":0})"));
  CHECK(no.code == "empty");
  CHECK(no.message == "nothing to price");
  CHECK_FALSE(no.defect);
  const auto lost = operation("price").run([](const basket&) -> Outcome {
    return Unknown{"?", {}};
  });
  CHECK(std::holds_alternative<Unknown>(run(lost, R"({"items":0})")));
  const auto by_attempt = operation("price").run(
      [](const Invocation& attempt) -> Outcome { return Done{attempt.body}; });
  CHECK(output(run(by_attempt, "[1]")) == "[1]");
}

TEST_CASE("a body that does not fit the function is a defect, not a doubt") {
  const auto typed = operation("price").run([](const basket& in) { return price{in.items}; });
  const auto failed = std::get<Failed>(run(typed, R"({"things":3})"));
  CHECK(failed.defect);
  CHECK(failed.message.find("items") != std::string::npos);
}

TEST_CASE("a body is made as JSON, or of anything that becomes JSON") {
  const auto a = operation("a").post("p", "/").body([](const SagaView&) { return price{7}; });
  const auto definition =
      table(*"A"_s + on_entry<_> / call(a).readonly(), "A"_s + done(a) = "B"_s, "B"_s = X);
  Driver driver(definition);
  driver.start();
  CHECK(driver.in_flight.front().body.text() == R"({"cents":7})");
}

TEST_CASE("children and publications are operations like others") {
  const auto child = std::get<ChildTarget>(spec_of(operation("a").child("parcel", 3)).target);
  CHECK(child.definition == "parcel");
  CHECK(child.version == 3);
  const auto publish =
      spec_of(operation("a").publish("topic").key([](const SagaView&) { return "k"; }));
  CHECK(std::get<PublishTarget>(publish.target).topic == "topic");
  CHECK(publish.address);
}

TEST_CASE("a named outcome raises an event of its own") {
  const auto order =
      operation("order").post("p", "/").raises<ordered, not_ordered>().outcome<backordered>(
          "backordered");
  const auto wait = [](const backordered& event, json& data) { data["days"] = event.days; };
  const auto definition = table(*"A"_s + on_entry<_> / call(order).undo(undo),
                                "A"_s + event<ordered> = "B"_s, "A"_s + event<not_ordered> = "B"_s,
                                "A"_s + event<backordered> / wait = "C"_s, "B"_s = X, "C"_s = X);
  for (const bool by_refusal : {true, false}) {
    Driver driver(definition);
    driver.start();
    const Json details = *Json::parse(R"({"days":4})");
    driver.answer("order", by_refusal ? Outcome{Failed{"backordered", "", false, details}}
                                      : Outcome{Done{details, "backordered"}});
    CHECK(driver.states == Names{"A", "C"});
    CHECK(driver.saga.data.text() == R"({"days":4})");
  }
}

TEST_CASE("an outcome is named once") {
  const auto order =
      operation("order").post("p", "/").outcome<ordered>("x").outcome<backordered>("x");
  CHECK(findings(*"A"_s + on_entry<_> / call(order).readonly(), "A"_s + done(order) = "B"_s,
                 "A"_s + event<ordered> = "B"_s, "A"_s + event<backordered> = "B"_s,
                 "B"_s = X) == "row 1 OUTCOME");
}

TEST_CASE("rules say what an answer counts as") {
  const auto big = when("big", [](const EventView& answer) { return answer.payload > 5; });
  const auto rules = spec_of(operation("a")
                                 .post("p", "/")
                                 .on_status("404", as::done, "was_gone")
                                 .on_status("200", as::failed, "too_big", big))
                         .outcomes;
  REQUIRE(rules.size() == 2);
  CHECK(rules[0].status == "404");
  CHECK(rules[0].as == OutcomeRule::As::done);
  CHECK(rules[0].name == "was_gone");
  CHECK_FALSE(rules[0].when);
  REQUIRE(rules[1].when);
  CHECK(rules[1].when->name == "big");
  const Instance saga;
  const Definition definition;
  const json six = 6, four = 4;
  CHECK(rules[1].when->holds({definition, saga, {}}, {"", "", six}));
  CHECK_FALSE(rules[1].when->holds({definition, saga, {}}, {"", "", four}));
}

}  // namespace

}  // namespace skald::test
