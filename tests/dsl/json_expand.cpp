#include <nlohmann/json.hpp>

#include "tests/dsl/json_loading.hpp"
#include "tests/dsl/printed.hpp"

using namespace skald;
using namespace skald::test;
using nlohmann::json;

namespace {

using Lines = std::vector<std::string>;

/// The transitions of a short form, e.g. "a + a.done = completed"; steps are those of call().
Lines rows(const std::string& steps, const std::string& more = "") {
  Lines lines;
  const auto full = document::expanded(with_steps(steps, more), document::Format::json);
  REQUIRE_MESSAGE(full.ok(), printed(full ? std::vector<Finding>{} : full.error().findings));
  (void)loaded(with_steps(steps, more));
  for (const auto& each : full->value().at("transitions")) {
    std::string line = each.at("from").get<std::string>();
    for (const auto* key : {"on", "after", "at"})
      if (each.contains(key)) line += " + " + each.at(key).get<std::string>();
    if (each.contains("joined")) line += " + joined";
    if (each.contains("when")) line += " [" + each.at("when").get<std::string>() + "]";
    if (each.contains("do")) line += " / " + each.at("do").dump();
    lines.push_back(line + " = " + each.at("to").get<std::string>());
  }
  return lines;
}

const std::string signals = R"("signals":{"yes":{},"no":{}},)";

}  // namespace

TEST_CASE("steps follow one another") {
  CHECK(rows(call("a") + "," + call("b")) == Lines{"a + a.done = b", "b + b.done = completed"});
}

TEST_CASE("set stands alone or beside a step") {
  CHECK(rows(R"({"set":{"n":1}},)" + call("a", R"("set":{"id":"${event.id}"},)")) ==
        Lines{"set-1 = a", R"(a + a.done / [{"set":{"id":"${event.id}"}}] = completed)"});
}

TEST_CASE("outcomes branch and come back, leave, or end") {
  CHECK(rows(call("a", R"("on":{"busy":[{"id":"w","wait":{"for":"1s"}},{"goto":"a"}],)"
                       R"("failed":"continue","gone":"unwind",)"
                       R"("odd":{"fail":"odd"},"slow":[)" +
                           call("b") + "]},") +
             "," + call("c")) ==
        Lines{"a + a.done = c", "a + a.busy = w", "w + 1s = a", "a + a.failed = c",
              R"(a + a.gone / ["unwind"] = failed)", R"(a + a.odd / [{"unwind":"odd"}] = failed)",
              "a + a.slow = b", "b + b.done = c", "c + c.done = completed"});
}

TEST_CASE("a choice takes the first that holds, and goes on behind it") {
  const std::string with_else = R"({"choice":[{"when":"${input.n > 1}","steps":[)" + call("a") +
                                R"(]},{"steps":"continue"}]},)" + call("b");
  CHECK(rows(with_else) == Lines{"choice-1 [${input.n > 1}] = a", "a + a.done = b", "choice-1 = b",
                                 "b + b.done = completed"});
  const std::string without = R"({"id":"size","choice":[{"when":"${input.n > 1}","steps":)" +
                              call("a") + "}]}," + call("b");
  CHECK(rows(without) ==
        Lines{"size [${input.n > 1}] = a", "a + a.done = b", "size = b", "b + b.done = completed"});
}

TEST_CASE("waiting is for signals, for a span, or until an instant") {
  CHECK(rows(R"({"id":"w","wait":{"signal":"yes","when":"${event.ok == true}","timeout":"5m",)"
             R"("onTimeout":"unwind"},"set":{"by":"${event.by}"}},)" +
                 call("a"),
             R"("signals":{"yes":{}},)") ==
        Lines{R"(w + yes [${event.ok == true}] / [{"set":{"by":"${event.by}"}}] = a)",
              R"(w + 5m / ["unwind"] = failed)", "a + a.done = completed"});
  CHECK(rows(R"({"id":"w","wait":{"on":{"yes":"continue","no":{"fail":"no"}}}})", signals) ==
        Lines{R"(w + no / [{"unwind":"no"}] = failed)", "w + yes = completed"});
  CHECK(rows(R"({"id":"w","wait":{"for":"30s"}},{"id":"x","wait":{"until":"${input.at}"}})") ==
        Lines{"w + 30s = x", "x + ${input.at} = completed"});
}

TEST_CASE("branches run side by side") {
  const std::string steps = R"({"id":"both","parallel":[[)" + call("a") + "," + call("b") + "],[" +
                            call("c") + "]]}," + call("d");
  CHECK(rows(steps) == Lines{"a + a.done = b", "b + b.done = both.1.end", "c + c.done = both.2.end",
                             "both + joined = d", "d + d.done = completed"});
  const Definition definition = loaded(with_steps(steps));
  const State& both = definition.at(*definition.find_state("both"));
  CHECK(both.initials.size() == 2);
  CHECK(definition.at(*definition.find_state("b")).parent == definition.find_state("both"));
}

TEST_CASE("unwinding inside a branch leaves the outermost parallel step") {
  const std::string inner = R"({"id":"inner","parallel":[[)" +
                            call("a", R"("on":{"odd":{"fail":"odd"}},)") + "],[" + call("b") +
                            "]]}";
  const auto lines = rows(R"({"id":"outer","parallel":[[)" + inner + "],[" + call("c") + "]]}");
  CHECK(std::find(lines.begin(), lines.end(), "a + a.odd = fail-1") != lines.end());
  CHECK(std::find(lines.begin(), lines.end(), R"(outer + fail-1 / [{"unwind":"odd"}] = failed)") !=
        lines.end());
}

TEST_CASE("after unwinding there can be more to do") {
  const std::string tell = R"({"id":"tell","kind":"retriable","call":{"publish":"gone"}})";
  CHECK(rows(call("a", R"("on":{"odd":{"unwind":"odd","then":[)" + tell + "]}},")) ==
        Lines{"a + a.done = completed", R"(a + a.odd / [{"unwind":"odd"}] = tell)",
              "tell + tell.done = failed"});
}

TEST_CASE("parking waits in a state of its own") {
  CHECK(rows(call("a", R"("on":{"odd":"park"},)") + R"(,{"id":"look","park":"look at it"})") ==
        Lines{R"(a + a.done / [{"park":"look at it"}] = look)",
              R"(a + a.odd / [{"park":"as its steps say"}] = park-1)",
              R"(park-1 / [{"park":"look at it"}] = look)", "look = completed"});
}

TEST_CASE("names that are made do not meet names that were given") {
  CHECK(rows(R"({"id":"set-1","set":{"a":1}},{"set":{"b":2}},)" + call("a")) ==
        Lines{"set-1 = set-2", "set-2 = a", "a + a.done = completed"});
}

TEST_CASE("states and steps are numbered in the order a saga comes to them") {
  const Definition definition = loaded(with_steps(call("z") + "," + call("a")));
  CHECK(definition.states[0].name == "z");
  CHECK(definition.states[1].name == "a");
  CHECK(definition.steps[0].id == "z");
  CHECK(definition.steps[1].id == "a");
}
