#include "tests/dsl/json_loading.hpp"

using namespace skald;
using namespace skald::test;

namespace {

using Lines = std::vector<std::string>;

/// The codes of what is wrong, without repeats, in order of place.
Lines codes(const std::string& text, const document::LoadOptions& options = test_options()) {
  Lines lines;
  for (const auto& finding : document::lint(text, document::Format::detect, options))
    if (std::find(lines.begin(), lines.end(), finding.code) == lines.end())
      lines.push_back(finding.code);
  return lines;
}

struct Case {
  std::string steps;
  std::string code;
};

void check_all(const std::vector<Case>& cases, const std::string& more = "") {
  for (const auto& each : cases) {
    CAPTURE(each.steps);
    const auto found = codes(with_steps(each.steps, more));
    CHECK_MESSAGE(found == Lines{each.code}, joined(found));
  }
}

/// A step with these keys beside its id and reason not to be undone.
std::string step(const std::string& keys) { return R"({"id":"a","noUndo":"x",)" + keys + "}"; }

std::string request(const std::string& http, const std::string& more = "") {
  return step(R"("call":{)" + more + R"("http":")" + http + R"("})");
}

/// A full form of two states with these transitions out of the first, which calls "a".
std::string machine(const std::string& transitions, const std::string& more = "") {
  return R"({"saga":"s","version":1,)" + more +
         R"("steps":{"a":{"noUndo":"x","call":{"http":"POST ${participants.p}/a"}}},)"
         R"("initial":"A","states":{"A":{"onEntry":{"call":"a"}},"B":{"final":"success"}},)"
         R"("transitions":[)" +
         transitions + "]}";
}

}  // namespace

TEST_CASE("lists of steps") {
  check_all(
      {
          {"", "EMPTY"},
          {"1", "TYPE"},
          {"{}", "STEP_KIND"},
          {R"({"id":"a","cal":{}})", "STEP_KIND"},
          {R"({"call":{"http":"GET ${participants.p}/x"},"kind":"readonly"})", "MISSING_KEY"},
          {call("a") + "," + call("a"), "DUPLICATE_ID"},
          {call("completed"), "RESERVED_ID"},
          {call("go"), "DUPLICATE_ID"},
          {R"({"id":"a b","set":{"a":1}})", "NAME"},
          {R"({"id":"-a","set":{"a":1}})", "NAME"},
          {call("a", R"("on":{"done":"continue"},)"), "UNKNOWN_KEY"},
          {call("a", R"("on":[],)"), "TYPE"},
          {call("a", R"("on":{"x":"continu"},)"), "UNKNOWN_WORD"},
          {call("a") + R"(,{"goto":"x"})", "UNKNOWN_STEP"},
          {R"({"fail":"at once"})", "FIRST_STEP"},
          {call("a", R"("on":{"x":[{"fail":"no"},)" + call("b") + "]},"), "UNREACHABLE_STEP"},
          {R"({"choice":[]})", "TYPE"},
          {R"({"choice":[{"steps":"continue"},{"when":"${true}","steps":"continue"}]})",
           "UNREACHABLE_STEP"},
          {R"({"id":"p","parallel":[[)" + call("a") + "]]}", "TYPE"},
          {R"({"id":"p","parallel":[[)" + call("a") + "],[]]}", "EMPTY"},
          {R"({"id":"p","join":3,"parallel":[[)" + call("a") + "],[" + call("b") + "]]}", "RANGE"},
          {R"({"id":"p","parallel":[[)" + call("a", R"("on":{"x":{"goto":"b"}},)") + "],[" +
               call("b") + "]]}",
           "GOTO_REGION"},
          {R"({"id":"w","wait":{}})", "WAIT"},
          {R"({"id":"w","wait":{"for":"1s","signal":"go"}})", "WAIT"},
          {R"({"id":"w","wait":{"for":"1s","timeout":"1s","onTimeout":"unwind"}})", "WAIT"},
          {R"({"id":"w","wait":{"signal":"go","timeout":"1s"}})", "MISSING_KEY"},
          {R"({"id":"w","wait":{"signal":"gone"}})", "UNKNOWN_EVENT"},
          {R"({"id":"w","wait":{"for":"1 hour"}})", "DURATION"},
          {R"({"id":"w","wait":{"for":60}})", "TYPE"},
      },
      R"("signals":{"go":{}},)");
}

TEST_CASE("what a step does") {
  check_all({
      {step(R"("kind":"readonly")"), "STEP_KIND"},
      {step(R"("call":{})"), "TARGET"},
      {step(R"("call":{"http":"GET ${participants.p}/a","function":"check-stock"})"), "TARGET"},
      {step(R"("call":1)"), "TYPE"},
      {step(R"("call":{"function":"check-stok"})"), "UNKNOWN_FUNCTION"},
      {step(R"("call":{"publish":"a b"})"), "NAME"},
      {step(R"("call":{"saga":"x","version":0})"), "RANGE"},
      {step(R"("call":{"saga":"x","body":{}})"), "UNKNOWN_KEY"},
      {request("POST http://x/y"), "HTTP"},
      {request("post ${participants.p}/x"), "HTTP"},
      {request("TRACE ${participants.p}/x"), "HTTP"},
      {request("POST  ${participants.p}/x"), "HTTP"},
      {request("POST ${participants.p}x"), "HTTP"},
      {request("POST ${participants.p}"), "HTTP"},
      {request("POST ${participants.p}/a b"), "HTTP"},
      {request("POST ${participants.p}/a#b"), "HTTP"},
      {request("POST ${participants.p}/a/../b"), "HTTP"},
      {request("POST ${participants.p}/é"), "HTTP"},
      {request("POST ${participants.p}/${input.a"), "EXPR_SYNTAX"},
      {request("POST ${participants.p}/a", R"("headers":{"a b":"c"},)"), "HEADER"},
      {request("POST ${participants.p}/a", R"("headers":{"Idempotency-Key":"c"},)"), "HEADER"},
      {request("POST ${participants.p}/a", R"("headers":{"Saga-Id":"c"},)"), "HEADER"},
      {request("POST ${participants.p}/a", R"("headers":{"Host":"c"},)"), "HEADER"},
      {request("POST ${participants.p}/a", R"("headers":{"X":"a\nb"},)"), "HEADER"},
      {request("POST ${participants.p}/a", R"("headers":{"X":"${input.a}"},)"), "HEADER"},
      {request("POST ${participants.p}/a", R"("headers":{"X":"${secrets.}"},)"), "HEADER"},
      {request("POST ${participants.p}/a", R"("outcomes":[{"as":"done"}],)"), "MISSING_KEY"},
      {request("POST ${participants.p}/a", R"("outcomes":[{"status":"9xx","as":"done"}],)"),
       "ANSWER"},
      {request("POST ${participants.p}/a", R"("outcomes":[{"status":"404","as":"gone"}],)"),
       "UNKNOWN_WORD"},
      {request("POST ${participants.p}/a", R"("outcomes":[{"when":"${steps.a}","as":"done"}],)"),
       "EXPR_TYPE"},
  });
}

TEST_CASE("the settings of a step") {
  check_all({
      {R"({"id":"a","call":{"http":"POST ${participants.p}/a"}})", "NO_UNDO"},
      {call("a", R"("undo":{"http":"POST ${participants.p}/b"},)"), "UNDO"},
      {R"({"id":"a","kind":"readonly","undo":{"function":"check-stock"},)"
       R"("call":{"function":"check-stock"}})",
       "UNDO"},
      {call("a", R"("kind":"pivott",)"), "UNKNOWN_WORD"},
      {call("a", R"("timeout":"0s",)"), "RANGE"},
      {call("a", R"("timeout":"11y",)"), "DURATION"},
      {call("a", R"("timeout":"5000d",)"), "DURATION"},
      {call("a", R"("retry":"patient",)"), "UNKNOWN_POLICY"},
      {call("a", R"("retry":{"attempts":0},)"), "RANGE"},
      {call("a", R"("retry":{"factor":0.5},)"), "RANGE"},
      {call("a", R"("retry":{"first":"1m","max":"1s"},)"), "RANGE"},
      {call("a", R"("retry":{"retryOn":[429]},)"), "TYPE"},
      {call("a", R"("retry":{"retryOn":["42"]},)"), "ANSWER"},
      {call("a", R"("retry":{"failOn":["504-500"]},)"), "ANSWER"},
      {call("a", R"("onExhausted":"stop",)"), "UNKNOWN_WORD"},
      {call("a", R"("onExhausted":{"goto":"b"},)"), "UNKNOWN_STEP"},
      {call("a", R"("dependsOn":"b",)"), "UNKNOWN_STEP"},
      {call("a", R"("dependsOn":"a",)"), "DEPENDS_ON"},
      {call("a", R"("concurrency":2,)"), "FOR_EACH"},
      {call("a", R"("forEach":"${input.x}","concurrency":0,)"), "RANGE"},
      {call("a", R"("set":{},)"), "TYPE"},
  });
}

TEST_CASE("expressions read only what is there") {
  const auto reading = [](const std::string& expression) {
    return R"({"id":"x","noUndo":"x","call":{"http":"POST ${participants.p}/x","body":"${)" +
           expression + R"(}"}})";
  };
  const std::string maybe = R"({"choice":[{"when":"${input.n > 1}","steps":)" + call("a") + "}]},";
  check_all({
      {reading("input."), "EXPR_SYNTAX"},
      {reading("steps.y.output"), "EXPR_UNKNOWN_STEP"},
      {reading("steps.x.output"), "EXPR_UNKNOWN_STEP"},
      {reading("inputs.a"), "EXPR_UNKNOWN_REFERENCE"},
      {reading("secrets.a"), "EXPR_ROOT_NOT_ALLOWED"},
      {reading("item"), "EXPR_ROOT_NOT_ALLOWED"},
      {reading("event.a"), "EXPR_ROOT_NOT_ALLOWED"},
      {reading("'a'.matches('(')"), "EXPR_REGEX"},
      {maybe + reading("steps.a.output.id"), "EXPR_MAY_BE_ABSENT"},
      {R"({"choice":[{"when":"input.n > 1","steps":"continue"}]})", "CONDITION"},
      {R"({"choice":[{"when":true,"steps":"continue"}]})", "TYPE"},
      {R"({"choice":[{"when":"${1}","steps":"continue"}]})", "EXPR_TYPE"},
  });
  CHECK(codes(with_steps(call("a") + "," + reading("steps.a.output.id"))).empty());
  CHECK(codes(with_steps(maybe + reading("coalesce(steps.a.output.id, 0)"))).empty());
}

TEST_CASE("an undo cannot rely on what may not be there") {
  const auto undoing = [](const std::string& expression) {
    return call("before") +
           R"(,{"id":"a","call":{"http":"POST ${participants.p}/a"},)"
           R"("undo":{"http":"POST ${participants.p}/u","body":"${)" +
           expression + R"(}"}},)" + call("after");
  };
  CHECK(codes(with_steps(undoing("steps.before.output.id"))).empty());
  CHECK(codes(with_steps(undoing("steps.a.output.id"))) == Lines{"EXPR_MAY_BE_ABSENT"});
  CHECK(codes(with_steps(undoing("steps.after.output.id"))) == Lines{"EXPR_MAY_BE_ABSENT"});
  CHECK(codes(with_steps(undoing("coalesce(steps.a.output.id, null)"))).empty());
}

TEST_CASE("what is done side by side is known when all branches have ended") {
  const std::string both = R"({"id":"p","parallel":[[)" + call("a") + "],[" + call("b") + "]]},";
  const std::string any =
      R"({"id":"p","join":"any","parallel":[[)" + call("a") + "],[" + call("b") + "]]},";
  const std::string reads =
      R"({"id":"x","noUndo":"x",)"
      R"("call":{"http":"POST ${participants.p}/x","body":"${steps.a.output}"}})";
  CHECK(codes(with_steps(both + reads)).empty());
  CHECK(codes(with_steps(any + reads)) == Lines{"EXPR_MAY_BE_ABSENT"});
  const std::string beside = R"({"id":"p","parallel":[[)" + call("a") + "],[" + reads + "]]}";
  CHECK(codes(with_steps(beside)) == Lines{"EXPR_MAY_BE_ABSENT"});
}

TEST_CASE("the full form") {
  const std::string on = R"({"from":"A","on":"a.done","to":"B"})";
  CHECK(codes(machine(on)).empty());
  const std::vector<Case> cases{
      {R"({"from":"X","on":"a.done","to":"B"})", "UNKNOWN_STATE"},
      {R"({"from":"A","on":"a.done","to":"X"})", "UNKNOWN_STATE"},
      {R"({"from":"A","on":"a.don","to":"B"})", "UNKNOWN_EVENT"},
      {R"({"from":"A","to":"B"})", "TRIGGER"},
      {R"({"from":"A","on":"a.done","always":true,"to":"B"})", "TRIGGER"},
      {R"({"on":"a.done","to":"B"})", "MISSING_KEY"},
      {R"({"from":"A","on":"a.done","too":"B","to":"B"})", "UNKNOWN_KEY"},
      {on + R"(,{"from":"A","on":"a.failed"})", "TRANSITION"},
      {on + R"(,{"from":"A","always":true,"do":{"set":{"a":1}}})", "LOOP"},
      {on + R"(,{"from":"A","on":"a.failed","do":"defer","to":"B"})", "DEFER"},
      {on + R"(,{"from":"A","after":"1s","do":"defer"})", "DEFER"},
      {on + R"(,{"from":"A","joined":true,"to":"B"})", "JOIN"},
      {on + R"(,{"from":"A","on":"a.failed","do":{"call":"b"},"to":"B"})", "UNKNOWN_STEP"},
      {on + R"(,{"from":"A","on":"a.failed","do":{"raise":"x"},"to":"B"})", "EVENT_NOT_HANDLED"},
      {on + R"(,{"from":"A","on":"a.failed","do":{"x":1},"to":"B"})", "ACTION"},
      {on + R"(,{"from":"A","on":"a.failed","do":"stop","to":"B"})", "UNKNOWN_WORD"},
      {on + R"(,{"from":"A","on":"a.failed","do":{"$native":"f"},"to":"B"})", "UNKNOWN_FUNCTION"},
      {on + "," + on, "AMBIGUOUS"},
      {R"({"from":"A","on":"a.done","to":"A"},{"from":"A","on":"a.failed","to":"B"})", "LOOP"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.steps);
    const auto found = codes(machine(each.steps));
    CHECK_MESSAGE(found == Lines{each.code}, joined(found));
  }
}

TEST_CASE("transitions that hide others") {
  const auto guarded = [](const std::string& when) {
    return R"({"from":"A","on":"a.done","when":")" + when + R"(","to":"B"})";
  };
  const std::string plain = R"({"from":"A","on":"a.done","to":"B"})";
  CHECK(codes(machine(guarded("${data.x == 1}") + "," + plain)).empty());
  CHECK(codes(machine(guarded("${data.x == 1}") + "," + guarded("${data.x == 2}") + "," + plain))
            .empty());
  CHECK(codes(machine(plain + "," + guarded("${data.x == 1}"))) == Lines{"AMBIGUOUS"});
  CHECK(codes(machine(guarded("${data.x == 1}") + "," + guarded("${data.x == 1}") + "," + plain)) ==
        Lines{"AMBIGUOUS"});
}

TEST_CASE("circles need a condition or a wait") {
  CHECK(codes(with_steps(call("a", R"("on":{"again":{"goto":"a"}},)"))) == Lines{"LOOP"});
  CHECK(codes(with_steps(call("a") +
                         R"(,{"choice":[{"when":"${data.n < 3}","steps":{"goto":"a"}}]})"))
            .empty());
  CHECK(
      codes(with_steps(call("a") + R"(,{"choice":[{"when":"${data.n > 3}","steps":"continue"},)"
                                   R"({"steps":[{"id":"w","wait":{"for":"1s"}},{"goto":"a"}]}]})"))
          .empty());
}

TEST_CASE("nothing lasts longer than the saga may") {
  const std::string deadline = R"("deadline":"1m",)";
  CHECK(codes(with_steps(call("a", R"("timeout":"2m",)"), deadline)) ==
        Lines{"TIMEOUT_PAST_DEADLINE"});
  CHECK(codes(with_steps(call("a", R"("retry":{"maxElapsed":"1h"},)"), deadline)) ==
        Lines{"TIMEOUT_PAST_DEADLINE"});
  CHECK(codes(with_steps(R"({"id":"w","wait":{"for":"61s"}},)" + call("a"), deadline)) ==
        Lines{"TIMEOUT_PAST_DEADLINE"});
  CHECK(codes(with_steps(R"({"id":"w","wait":{"for":"60s"}},)" + call("a"), deadline)).empty());
}

TEST_CASE("secrets are never written out") {
  const std::string path = "POST ${participants.p}/a";
  CHECK(codes(with_steps(request(path, R"("headers":{"Authorization":"Bearer abc"},)"))) ==
        Lines{"SECRET_INLINE"});
  CHECK(codes(with_steps(request(path, R"("headers":{"X-Api-Key":"abc"},)"))) ==
        Lines{"SECRET_INLINE"});
  CHECK(codes(with_steps(request(path, R"("body":{"login":{"password":"abc"}},)"))) ==
        Lines{"SECRET_INLINE"});
  CHECK(codes(with_steps(request(path, R"("body":{"token":"${input.token}"},)"))).empty());
  CHECK(codes(with_steps(request(path, R"("body":{"a":"${secrets.k}"},)"))) ==
        Lines{"EXPR_ROOT_NOT_ALLOWED"});
}

TEST_CASE("participants are known when the program says which there are") {
  auto options = test_options();
  options.participants = {"payments", "q"};
  const std::string text = with_steps(request("POST ${participants.payment}/a"));
  CHECK(codes(text).empty());
  CHECK(codes(text, options) == Lines{"UNKNOWN_PARTICIPANT"});
  CHECK(codes(with_steps(request("POST ${participants.payments}/a")), options).empty());
}

TEST_CASE("sagas that start each other are known when the program says which there are") {
  Registry known;
  auto options = test_options();
  options.definitions = &known;
  const auto named = [](const std::string& name, const std::string& steps) {
    return R"({"saga":")" + name + R"(","version":1,"steps":[)" + steps + "]}";
  };
  const auto starts = [](const std::string& name, const std::string& more = "") {
    return R"({"id":"child",)" + more + R"("call":{"saga":")" + name + R"("}})";
  };
  const auto add = [&](const std::string& text) { REQUIRE(known.add(loaded(text, options)).ok()); };
  add(named("a", call("first") + "," + starts("b")));
  add(named("pay", call("charge", R"("kind":"pivot",)")));

  SUBCASE("a circle without a way out is refused where it is closed") {
    CHECK(codes(named("b", starts("a"))).empty());
    CHECK(codes(named("b", starts("a")), options) == Lines{"CHILD_LOOP"});
    CHECK(codes(named("b", starts("a", R"("on":{"failed":"continue"},)")), options).empty());
    CHECK(codes(named("b", starts("a", R"("forEach":"${input.list}",)")), options).empty());
    CHECK(codes(named("b", R"({"choice":[{"when":"${input.n > 1}","steps":)" + starts("a") + "}]}"),
                options)
              .empty());
  }
  SUBCASE("a child that has a pivot cannot be unwound") {
    CHECK(codes(named("c", starts("pay"))).empty());
    CHECK(codes(named("c", starts("pay")), options) == Lines{"CHILD_PIVOT"});
    CHECK(codes(named("c", starts("pay", R"("noUndo":"x",)")), options).empty());
    CHECK(codes(named("c", starts("pay", R"("kind":"pivot",)")), options).empty());
    CHECK(codes(named("c", starts("pay", R"("kind":"retriable",)")), options).empty());
    CHECK(
        codes(named("c", starts("pay", R"("undo":{"function":"check-stock"},)")), options).empty());
  }
}

TEST_CASE("tests in a document have a shape, and name what there is") {
  const auto tests = [](const std::string& test) {
    const std::string step = R"({"id":"a","undo":{"http":"POST ${participants.p}/u"},)"
                             R"("call":{"http":"POST ${participants.p}/a"}})";
    return codes(with_steps(step, R"("input":{"required":["k"]},"tests":[)" + test + "],"));
  };
  CHECK(tests(R"({"name":"n","input":{"k":1},"answers":{"a":"done","a.undo":[]},"expect":)"
              R"({"status":"completed","trace":["call a"],"sent":{"a.undo":1},)"
              R"("state":["completed"]}})")
            .empty());
  CHECK(tests("1") == Lines{"TYPE"});
  CHECK(tests(R"({"expect":{}})") == Lines{"MISSING_KEY"});
  CHECK(tests(R"({"name":"n","input":{},"expect":{}})") == Lines{"TEST_INPUT"});
  CHECK(tests(R"({"name":"n","answers":{"b":[]},"expect":{}})") == Lines{"UNKNOWN_STEP"});
  CHECK(tests(R"({"name":"n","answers":[],"expect":{}})") == Lines{"TYPE"});
  CHECK(tests(R"({"name":"n","expect":{"sent":{"b":1}}})") == Lines{"UNKNOWN_STEP"});
  CHECK(tests(R"({"name":"n","expect":{"trace":[1]}})") == Lines{"TYPE"});
  CHECK(tests(R"({"name":"n","actions":[{"stop":1}],"expect":{}})") == Lines{"UNKNOWN_KEY"});
  CHECK(tests(R"({"name":"n","signals":[{"name":"x","refused":true}],"expect":{}})").empty());
  CHECK(tests(R"({"name":"n","signals":[{"name":"x"}],"expect":{}})") == Lines{"UNKNOWN_SIGNAL"});
  CHECK(tests(R"({"name":"n","expect":{"status":"done"}})") == Lines{"UNKNOWN_WORD"});
  CHECK(tests(R"({"name":"n","expect":{"state":"x"}})") == Lines{"UNKNOWN_STATE"});
}

TEST_CASE("documents that fit nowhere are refused, and nothing worse") {
  // Found by changing good documents at random.
  CHECK(codes(R"({"saga":"s","version":1,"initial":"A","states":{"A":{},"B":{}},)"
              R"("transitions":[{"from":"A","on":{"x":1},"to":"B"}]})") == Lines{"TYPE"});
  CHECK(codes(R"({"saga":"s","version":1,"initial":[],"states":{},"transitions":[]})") ==
        Lines{"EMPTY"});
  for (const auto* text : {"1", "[]", "\"x\"", "null", "{}"}) CHECK_FALSE(codes(text).empty());
}
