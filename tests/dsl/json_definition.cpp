#include <nlohmann/json.hpp>

#include "engine/model/saga.hpp"
#include "tests/dsl/json_loading.hpp"

using namespace skald;
using namespace skald::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// What a value makes of a saga with this input.
json made(const Definition& definition, const Value& value, const json& input) {
  Instance saga;
  saga.id = SagaId{"saga-1"};
  saga.definition = definition.ref;
  saga.input = Json(input);
  static const json nothing;
  return value.make({definition, saga, {}}, {"", "", nothing});
}

/// A single step with these keys.
Step step(const std::string& keys, const std::string& more = "") {
  return loaded(with_steps("{\"id\":\"a\"," + keys + "}", more)).steps.at(0);
}

const std::string get = R"("call":{"http":"GET ${participants.p}/x"})";

}  // namespace

TEST_CASE("the header of a document becomes the settings of its definition") {
  const Definition d = loaded(with_steps(
      call("a"),
      R"("description":"text","deadline":"1h30m","onDeadline":"alert","unwindOrder":"parallel",)"
      R"("onUndoFailure":"continue","businessKey":"${input.k}","tags":{"t":"x-${input.k}"},)"
      R"("locks":["l:${input.k}","fixed"],"output":{"k":"${input.k}"},)"
      R"("input":{"type":"object","properties":{"k":{"type":"string"}},"required":["k"]},)"
      R"("outputSchema":{"type":"object"},)"));
  CHECK(d.ref == DefinitionRef{"s", 1});
  CHECK(d.description == "text");
  CHECK(d.deadline == Duration(90min));
  CHECK(d.on_deadline == OnDeadline::alert);
  CHECK(d.unwind_order == UnwindOrder::parallel);
  CHECK(d.on_undo_failure == OnUndoFailure::continue_with);
  CHECK(made(d, d.business_key, {{"k", "v"}}) == "v");
  CHECK(made(d, d.tags.at("t"), {{"k", "v"}}) == "x-v");
  REQUIRE(d.locks.size() == 2);
  CHECK(made(d, d.locks[0], {{"k", "v"}}) == "l:v");
  CHECK(made(d, d.locks[1], {{"k", "v"}}) == "fixed");
  CHECK(made(d, d.output, {{"k", "v"}}) == json{{"k", "v"}});
  CHECK(d.input.check(json::object(), "/input").size() == 1);
  CHECK(d.output_schema.check(json(1), "").size() == 1);
}

TEST_CASE("policies are read with all their knobs, by name and in place") {
  const std::string policy =
      R"({"attempts":5,"first":"1s","factor":2,"max":"5m","jitter":0.5,"patience":"2h",)"
      R"("step":"2s","maxElapsed":"1h","redelivery":["5m","15m","30m"],)"
      R"("retryOn":["429","5xx","timeout"],"failOn":["gone","500-504"]})";
  const RetryPolicy expected{.attempts = 5,
                             .first = 1s,
                             .factor = 2,
                             .max = 5min,
                             .jitter = 0.5,
                             .patience = 2h,
                             .step = 2s,
                             .max_elapsed = 1h,
                             .redelivery = {5min, 15min, 30min},
                             .retry_on = {"429", "5xx", "timeout"},
                             .fail_on = {"gone", "500-504"}};
  const std::string undo = R"(,"undo":{"http":"DELETE ${participants.p}/x"})";
  CHECK(step(R"("retry":)" + policy + "," + get + undo).retry == expected);
  CHECK(step(R"("retry":"r",)" + get + undo, R"("retry":{"r":)" + policy + "},").retry == expected);
  CHECK(step(R"("undoRetry":"r",)" + get + undo, R"("retry":{"r":)" + policy + "},").undo_retry ==
        expected);
  CHECK(step(get + undo).retry == RetryPolicy{});
  CHECK(step(get + undo).undo_retry == default_undo_retry);
  CHECK(step(R"("retry":{"first":"1m"},)" + get + undo).retry.max == Duration(1min));
}

TEST_CASE("a call over HTTP has method, participant, path, headers and rules") {
  const Step made = step(R"("kind":"readonly","timeout":"3s",)"
                         R"("call":{"name":"look","http":"PATCH ${participants.p-1}/x/y?z=1",)"
                         R"("headers":{"X-Api-Key":"Bearer ${secrets.k}","X-A":"b"},)"
                         R"("outcomes":[{"status":"404","as":"failed","name":"missing"},)"
                         R"({"when":"${event.wait == true}","as":"pending"}]})");
  const auto& target = std::get<HttpTarget>(made.call.target);
  CHECK(target.method == "PATCH");
  CHECK(target.participant == "p-1");
  CHECK(target.path == "/x/y?z=1");
  CHECK(target.headers == std::vector<Header>{{"X-A", "b"}, {"X-Api-Key", "Bearer ${secrets.k}"}});
  CHECK(made.call.name == "look");
  CHECK(made.timeout == Duration(3s));
  CHECK(made.kind == StepKind::readonly);
  REQUIRE(made.call.outcomes.size() == 2);
  CHECK(made.call.outcomes[0].as == OutcomeRule::As::failed);
  CHECK(made.call.outcomes[0].name == "missing");
  CHECK(made.call.outcomes[1].when.has_value());
}

TEST_CASE("values in a path cannot change its shape") {
  const Definition d =
      loaded(with_steps(R"({"id":"a","kind":"readonly",)"
                        R"("call":{"http":"GET ${participants.p}/x/${input.k}/y?q=${input.q}"}})"));
  const Value& address = d.steps[0].call.address;
  CHECK(std::get<HttpTarget>(d.steps[0].call.target).path.empty());
  CHECK(made(d, address, {{"k", "a/b?c#d e%ü"}, {"q", "1&x=2"}}) ==
        "/x/a%2Fb%3Fc%23d%20e%25%C3%BC/y?q=1%26x%3D2");
  CHECK(made(d, address, {{"k", 5}, {"q", true}}) == "/x/5/y?q=true");
  for (const auto* bad : {"", ".", ".."}) CHECK_THROWS(made(d, address, {{"k", bad}, {"q", "x"}}));
  CHECK_THROWS(made(d, address, {{"q", "x"}}));
}

TEST_CASE("functions, events for others, and sagas of their own are targets, too") {
  const Step function = step(R"("kind":"readonly","call":{"function":"check-stock"})");
  CHECK(std::get<FunctionTarget>(function.call.target).function != nullptr);
  const Step publish =
      step(R"("noUndo":"news","call":{"publish":"t","key":"${input.k}","body":{"a":1}})");
  CHECK(std::get<PublishTarget>(publish.call.target).topic == "t");
  CHECK(publish.call.address);
  CHECK(publish.call.body);
  const Step child = step(R"("call":{"saga":"other","version":3,"input":{"a":1}})");
  CHECK(std::get<ChildTarget>(child.call.target).definition == "other");
  CHECK(std::get<ChildTarget>(child.call.target).version == 3);
  CHECK(child.call.body);
  REQUIRE(child.undo.has_value());
  CHECK(std::get<ChildTarget>(child.undo->target).definition == "other");
  CHECK_FALSE(step(R"("noUndo":"stays","call":{"saga":"other"})").undo.has_value());
}

TEST_CASE("a step can run for each item, depend on others, and say what follows exhaustion") {
  const Definition d =
      loaded(with_steps(call("a") + "," +
                        call("b", R"("forEach":"${input.list}","concurrency":4,"dependsOn":["a"],)"
                                  R"("onExhausted":{"goto":"c"},)") +
                        "," + call("c", R"("onExhausted":"park",)")));
  const Step& b = d.at(*d.find_step("b"));
  REQUIRE(b.for_each.has_value());
  CHECK(b.for_each->concurrency == 4);
  CHECK(made(d, b.for_each->items, {{"list", {1, 2}}}) == json{1, 2});
  CHECK(b.depends_on == std::vector{*d.find_step("a")});
  CHECK(b.on_exhausted.then == OnExhausted::Then::go_to);
  CHECK(b.on_exhausted.target == d.find_state("c"));
  CHECK(d.at(*d.find_step("c")).on_exhausted.then == OnExhausted::Then::park);
}

TEST_CASE("signals and migrations") {
  const Definition d =
      loaded(R"({"saga":"s","version":3,"signals":{"go":{"payload":{"type":"object"},)"
             R"("correlation":"${input.k}","unexpected":"refuse"},"no":{"unexpected":"ignore"}},)"
             R"("migrations":[{"from":1,"states":{"old":"w"},"steps":{"x":"a"},)"
             R"("data":{"n":"${data.m}"}}],)"
             R"("steps":[{"id":"w","wait":{"on":{"go":"continue","no":"continue"}}},)" +
             call("a") + "]}");
  const Signal* go = d.find_signal("go");
  REQUIRE(go != nullptr);
  CHECK(d.at(go->event) == "go");
  CHECK(go->unexpected == WhenUnexpected::refuse);
  CHECK(go->payload.check(json(1), "").size() == 1);
  CHECK(made(d, go->correlation, {{"k", "v"}}) == "v");
  CHECK(d.find_signal("no")->unexpected == WhenUnexpected::ignore);
  REQUIRE(d.migrations.size() == 1);
  CHECK(d.migrations[0].from == 1);
  CHECK(d.migrations[0].states.at("old") == "w");
  CHECK(d.migrations[0].steps.at("x") == "a");
  CHECK(d.migrations[0].data);
}

TEST_CASE("set changes the data as it was before, all at once") {
  const Definition d = loaded(
      with_steps(R"({"set":{"a":"${data.b}","b":"${data.a}","c":[1,"${input.k}"]}},)" + call("x")));
  const auto& action = std::get<NativeAction>(d.states[0].on_entry.at(0));
  Instance saga;
  saga.definition = d.ref;
  saga.input = Json(json{{"k", "v"}});
  json data{{"a", 1}, {"b", 2}, {"kept", true}};
  saga.data = Json(data);
  static const json nothing;
  action.run({d, saga, {}}, {"", "", nothing}, data);
  CHECK(data == json{{"a", 2}, {"b", 1}, {"c", {1, "v"}}, {"kept", true}});
}
