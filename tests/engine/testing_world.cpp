#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "engine/testing/diff.hpp"
#include "engine/testing/run.hpp"
#include "engine/testing/sample.hpp"
#include "tests/engine/core_build.hpp"
#include "tests/engine/testing_definitions.hpp"

namespace skald::test {

namespace {

using nlohmann::json;
using testing::Fate;
using testing::World;

World world(std::vector<Fate::Kind> fates, const Definition& definition) {
  return World(definition, {.script = [fates](const testing::Attempt& attempt) {
                 return Fate{.kind = fates.at(attempt.call.attempt - 1)};
               }});
}

Call call(Phase phase = Phase::forward, std::uint32_t attempt = 1) {
  return {StepIndex{0}, 1, phase, attempt, Json(json{{"amount", 5}}), {}};
}

template <class What>
bool is(const World::Told& told) {
  return std::holds_alternative<What>(told.outcome);
}

}  // namespace

TEST_CASE("a participant answers a repeated request as the first time") {
  const Definition definition = probing();
  World told = world({Fate::Kind::lost, Fate::Kind::refused, Fate::Kind::done}, definition);
  CHECK(is<Unknown>(told.answer(call())));
  const auto second = told.answer(call(Phase::forward, 2));
  REQUIRE(is<Done>(second));
  CHECK(std::get<Done>(second.outcome).output.value() == json{{"amount", 5}, {"id", "book-1"}});
  CHECK(told.answer(call(Phase::forward, 3)).outcome.index() == second.outcome.index());
  CHECK(told.deeds().begin()->second.effects == 1);
}

TEST_CASE("who has refused refuses again, until everything works again") {
  const Definition definition = probing();
  World told = world({Fate::Kind::refused, Fate::Kind::done, Fate::Kind::done}, definition);
  CHECK(is<Failed>(told.answer(call())));
  CHECK(is<Failed>(told.answer(call(Phase::forward, 2))));
  told.heal();
  CHECK(is<Done>(told.answer(call(Phase::forward, 3))));
}

TEST_CASE("an undo that comes first keeps the call out, and so does a probe that finds nothing") {
  const Definition definition = probing();
  for (const Phase phase : {Phase::undo, Phase::probe}) {
    World told = world({Fate::Kind::unheard}, definition);
    CHECK(is<Unknown>(told.answer(call())));
    told.heal();
    CHECK(is<Failed>(told.answer(call(phase))) == (phase == Phase::probe));
    told.arrive_loose();
    CHECK_FALSE(told.deeds().begin()->second.stands);
    CHECK(is<Failed>(told.answer(call(Phase::forward, 2))));
  }
}

TEST_CASE("a probe finds what happened") {
  const Definition definition = probing();
  World told = world({Fate::Kind::lost}, definition);
  CHECK(is<Unknown>(told.answer(call())));
  told.heal();
  CHECK(is<Done>(told.answer(call(Phase::probe))));
}

TEST_CASE("replies come late, twice, slowly, or not at all") {
  const Definition definition = probing();
  const auto told = [&](Fate::Kind fate) { return world({fate}, definition).answer(call()); };
  CHECK(is<Unknown>(told(Fate::Kind::late)));
  CHECK(std::holds_alternative<Done>(*told(Fate::Kind::late).later));
  CHECK(told(Fate::Kind::twice).again);
  CHECK(told(Fate::Kind::slow).slow);
  CHECK(is<StillWorking>(told(Fate::Kind::working)));
  CHECK(std::get<Failed>(told(Fate::Kind::defect).outcome).defect);
  CHECK_FALSE(std::get<Unknown>(told(Fate::Kind::unreachable).outcome).possibly_executed);
  CHECK(std::get<Unknown>(told(Fate::Kind::unheard).outcome).possibly_executed);
}

TEST_CASE("a child that is stopped has no effect, and does not begin again") {
  const Definition definition = probing();
  World told = world({Fate::Kind::working, Fate::Kind::done}, definition);
  CHECK(is<StillWorking>(told.answer(call())));
  CHECK(told.deeds().begin()->second.stands);
  told.stop_child(StepIndex{0}, 1);
  CHECK_FALSE(told.deeds().begin()->second.stands);
  CHECK(is<Failed>(told.answer(call(Phase::forward, 2))));
}

TEST_CASE("a run tells what happened and when") {
  const Definition definition = approval();
  testing::Run run(definition, {.input = Json(json::object()), .send_signals = true});
  run.crash(true);
  while (run.move()) {
  }
  run.finish();
  CHECK(run.saga().status == Status::completed);
  CHECK(run.broken().empty());
  CHECK(testing::printed(run.trace()) ==
        "         +0s  start\n"
        "         +0s  state Waiting\n"
        "         +0s  restart: what was in flight had arrived\n"
        "         +0s  signal approved\n"
        "         +0s  state Booking\n"
        "         +0s  call book\n"
        "         +0s  done book\n"
        "         +0s  state Paying\n"
        "         +0s  call pay\n"
        "         +0s  done pay\n"
        "         +0s  state Done\n"
        "         +0s  ended completed\n");
  testing::Run left(definition, {.input = Json(json::object())});
  CHECK(testing::why_at_rest(definition, left.saga()) ==
        "it waits in state 'Waiting' for the signal 'approved', and what was sent did not do");
  while (left.move()) {
  }
  CHECK(left.elapsed() == std::chrono::hours{24});
  CHECK(left.saga().status == Status::failed);
}

TEST_CASE("the smallest value that fits a schema") {
  const auto sample = [](const char* schema) {
    return testing::sample_of({Json::from_stored(schema), {}}).value.text();
  };
  CHECK(sample("null") == "{}");
  CHECK(sample(R"({"type":"object","required":["a","b"],"properties":{"a":{"type":"string",
               "minLength":3},"b":{"type":"array","minItems":2,"items":{"type":"integer",
               "minimum":7}},"c":{"type":"null"}}})") == R"({"a":"abc","b":[7,7]})");
  CHECK(sample(R"({"enum":["x","y"]})") == R"("x")");
  CHECK(sample(R"({"const":4})") == "4");
  CHECK(sample(R"({"type":"string","pattern":"^[A-Z]+$","examples":["ABC"]})") == R"("ABC")");
  CHECK(sample(R"({"type":"string","format":"date-time"})") == R"("2026-01-01T00:00:00Z")");
  CHECK(sample(R"({"type":"number","exclusiveMinimum":0,"multipleOf":0.5})") == "1.0");
  CHECK(sample(R"({"type":"integer","maximum":-3})") == "-3");
  CHECK(sample(R"({"type":["boolean","null"]})") == "false");
  CHECK(sample(R"({"$ref":"#/$defs/id","$defs":{"id":{"type":"string","minLength":1}}})") ==
        R"("a")");
  CHECK(sample(R"({"required":["a"],"properties":{"a":{"const":1}},"allOf":[{"required":["b"],
               "properties":{"b":{"const":2}}}]})") == R"({"a":1,"b":2})");
  CHECK(sample(R"({"oneOf":[{"type":"integer","minimum":5},{"type":"string"}]})") == "5");
  CHECK(sample(R"({"$ref":"#"})") == "{}");
  CHECK(sample(R"({"type":"array","minItems":1e300})").size() < 100'000);
}

TEST_CASE("a text of the input that a document reads as a time is one in its sample") {
  Definition definition;
  definition.input.source = Json::from_stored(
      R"({"type":"object","required":["a","b","c","d","e"],"properties":{)"
      R"("a":{"type":"string","minLength":2},"b":{"type":"string","minLength":2},)"
      R"("c":{"type":"object","required":["x"],"properties":{"x":{"type":"string"}}},)"
      R"("d":{"type":"string","minLength":2},"e":{"type":"string","default":"90s"}}})");
  definition.document = Json::from_stored(
      R"({"steps":[{"id":"w","wait":{"until":"${input.a}"}},)"
      R"({"choice":[{"when":"${duration(input.b) > duration(input.e) &&)"
      R"( timestamp(input.c.x) < saga.now && duration(input.z) == duration(input.b[0])}"}]}]})");
  CHECK(testing::sample_input(definition).value.text() ==
        R"({"a":"2026-01-01T00:00:00Z","b":"1s","c":{"x":"2026-01-01T00:00:00Z"},)"
        R"("d":"ab","e":"90s"})");
}

TEST_CASE("a difference shows the fewest changes") {
  CHECK(testing::difference({"a", "b", "c"}, {"a", "c", "d"}) == "  a\n- b\n  c\n+ d\n");
  CHECK(testing::difference({}, {"x"}) == "+ x\n");
  CHECK(testing::difference({"x"}, {}) == "- x\n");
}

}  // namespace skald::test
