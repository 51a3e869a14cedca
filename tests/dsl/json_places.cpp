#include "dsl/json/report.hpp"
#include "tests/dsl/json_loading.hpp"

using namespace skald;
using namespace skald::test;

namespace {
using Lines = std::vector<std::string>;
}

TEST_CASE("findings of a short form name the place in the short form") {
  const std::string text = R"({
  "saga": "s",
  "version": 1,
  "steps": [
    { "id": "a", "call": { "http": "POST ${participants.p}/a" } },
    { "choice": [
        { "when": "${input.n >}", "steps": [
          { "id": "b", "noUndo": "x", "call": { "http": "POST ${participants.p}/b",
            "body": { "id": "${steps.c.output.id}" } } } ] } ] },
    { "id": "c", "noUndo": "x", "retry": "patient", "call": { "http": "POST ${participants.p}" } }
  ]
})";
  CHECK(wrong(text) == Lines{"NO_UNDO 5:5 /steps/0", "EXPR_SYNTAX 7:19 /steps/1/choice/0/when",
                             "EXPR_UNKNOWN_STEP 9:29 /steps/1/choice/0/steps/0/call/body/id",
                             "UNKNOWN_POLICY 10:42 /steps/2/retry",
                             "HTTP 10:71 /steps/2/call/http"});
}

TEST_CASE("everything that is wrong is said at once, by place") {
  CHECK(wrong(R"({"saga":"","version":0,"deadline":"soon","colour":"red",
  "retry":{"r":{"attempts":0,"jitter":2}},"signals":{"x y":{}},"steps":[{}]})") ==
        Lines{"EMPTY 1:9 /saga", "RANGE 1:22 /version", "DURATION 1:35 /deadline",
              "UNKNOWN_KEY 1:42 /colour", "RANGE 2:28 /retry/r/attempts",
              "RANGE 2:39 /retry/r/jitter", "NAME 2:54 /signals/x y", "STEP_KIND 2:73 /steps/0"});
}

TEST_CASE("reasons say what would be right") {
  const auto why = [](const std::string& text) {
    const auto findings = document::lint(text, document::Format::detect, test_options());
    REQUIRE(findings.size() == 1);
    return findings.front().why;
  };
  CHECK(why(with_steps(call("a", R"("retri":"x",)"))) ==
        "a step with 'call' has no key 'retri'. Did you mean 'retry'?");
  CHECK(why(with_steps(call("a") + R"(,{"goto":"aa"})")) == "no step has the id 'aa'");
  CHECK(why(with_steps(call("abc") +
                       R"(,{"choice":[{"when":"${input.x == 1}","steps":{"goto":"acb"}}]})")) ==
        "no step has the id 'acb'. Did you mean 'abc'?");
  CHECK(why(with_steps(call("a", R"("kind":"pivott",)"))) ==
        "'kind' is 'compensatable', 'pivot', 'retriable' or 'readonly', not 'pivott'. "
        "Did you mean 'pivot'?");
  const auto leads = [&](const std::string& from, const std::string& to) {
    return why(R"({"saga":"s","version":1,"initial":"Out","states":{"Out":{"initial":"A",)"
               R"("states":{"A":{},"In":{"initial":"B","states":{"B":{"final":"success"}}},)"
               R"("C":{"final":"success"}}},"End":{"final":"success"}},"transitions":[)"
               R"({"from":")" +
               from + R"(","after":"1s","to":")" + to +
               R"("},)"
               R"({"from":"A","after":"2s","to":"In"},{"from":"In","joined":true,"to":"C"},)"
               R"({"from":"Out","joined":true,"to":"End"}]})");
  };
  const std::string rule = "a transition leads to a state beside the one it leaves; ";
  CHECK(leads("A", "End") ==
        rule +
            "'A' is inside 'Out', and 'End' is outside of every composite state; to leave "
            "'Out', give it a transition of its own: on the same event, on one raised inside of "
            "it, or 'joined' when a final state inside of it is reached");
  CHECK(leads("A", "B") == rule +
                               "'A' is inside 'Out', and 'B' is inside 'In'; lead to 'In', "
                               "which begins with its 'initial'");
}

TEST_CASE("findings are not counted without end") {
  std::string steps;
  for (int i = 0; i < 1000; ++i) steps += (i == 0 ? "" : ",") + std::string("{}");
  CHECK(wrong(with_steps(steps)).size() == document::Report::findings_max);
}
