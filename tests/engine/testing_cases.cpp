#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "engine/testing/cases.hpp"
#include "sagas/money_transfer.hpp"
#include "tests/engine/core_build.hpp"
#include "tests/engine/testing_definitions.hpp"

/// A document's own tests.
namespace skald::test {

namespace {

using testing::CaseResult;
using testing::run_cases;

/// The only case of `tests`, which is written without its brackets and name.
CaseResult play(const Definition& definition, const std::string& members) {
  auto results = run_cases(definition, *Json::parse("[{\"name\":\"it\"," + members + "}]"));
  REQUIRE_MESSAGE(results.ok(), results.error().findings.front().where, " ",
                  results.error().findings.front().why);
  return results->front();
}

void passes(const Definition& definition, const std::string& members) {
  const auto result = play(definition, members);
  CHECK_MESSAGE(result.passed(), testing::text_of({result}));
}

std::string problems(const Definition& definition, const std::string& members) {
  std::string text;
  for (const auto& problem : play(definition, members).problems) text += problem + "\n";
  return text;
}

std::vector<Finding> findings(const Definition& definition, std::string_view tests) {
  const auto results = run_cases(definition, *Json::parse(tests));
  return results.ok() ? std::vector<Finding>{} : results.error().findings;
}

}  // namespace

TEST_CASE("a case says how participants answer and what must happen") {
  const Definition transfer = *sagas::money_transfer();
  passes(transfer, R"("expect": {"status": "completed", "state": "TransferCompleted"})");
  passes(transfer, R"(
    "input": {"source": "a", "target": "b", "amount": 5},
    "answers": {"debit-source": {"done": {"id": "d-1"}},
                "credit-target": ["lost", {"failed": "account_closed"}]},
    "expect": {"status": "completed",
               "sent": {"credit-target": {"account": "b", "amount": 5}},
               "trace": ["call debit-source", "done debit-source", "call credit-target",
                         "unknown credit-target", "call credit-target", "done credit-target"]})");
  passes(transfer, R"(
    "input": {"source": "a", "target": "b", "amount": 5},
    "answers": {"debit-source": {"done": {"id": "d-1"}},
                "credit-target": {"failed": "account_closed", "details": {"since": 1999}},
                "debit-source.undo": ["unknown", {"pending": "5s"}]},
    "expect": {"status": "compensated", "state": ["TransferFailed"],
               "error": {"step": "credit-target", "code": "account_closed",
                         "details": {"since": 1999}},
               "sent": {"debit-source.undo": {"account": "a", "amount": 5, "reversalOf": "d-1"}},
               "trace": ["call debit-source", "done debit-source", "call credit-target",
                         "refused credit-target", "unwind", "undo debit-source",
                         "undo unknown debit-source", "undo debit-source",
                         "undo working debit-source", "undo debit-source",
                         "undone debit-source", "unwound", "ended compensated"]})");
}

TEST_CASE("an answer is an outcome, which the policy for answers does not change") {
  Definition patient = approval();
  patient.steps[0].retry.retry_on = {"busy"};
  passes(patient, R"(
    "answers": {"book": {"failed": "busy"}}, "signals": [{"name": "approved"}],
    "expect": {"status": "failed", "trace": ["call book", "refused book"]})");
}

TEST_CASE("what is not as expected is told, line by line") {
  const Definition transfer = *sagas::money_transfer();
  CHECK(problems(transfer, R"("expect": {"status": "failed", "state": "TransferFailed",
                              "output": 7, "data": {"a": 1}, "error": {"code": "x"}})") ==
        "status: expected failed, is completed\n"
        "state:\n- TransferFailed\n+ TransferCompleted\n\n"
        "output: expected 7, is null\n"
        "data: expected {\"a\":1}, is null\n"
        "error: expected {\"code\":\"x\"}, is null\n");
  CHECK(problems(transfer, R"("expect": {"trace": ["call debit-source", "undo debit-source",
                              "call credit-target", "done credit-target"]})") ==
        "trace (- expected, + happened):\n"
        "  call debit-source\n"
        "- undo debit-source\n"
        "+ done debit-source\n"
        "  call credit-target\n"
        "  done credit-target\n\n");
  CHECK(problems(transfer, R"("expect": {"sent": {"debit-source.undo": {},
                              "debit-source": {"account": "b"}}})") ==
        "sent to debit-source: expected {\"account\":\"b\"}, is {\"account\":\"a\",\"amount\":1}\n"
        "sent: 'debit-source.undo' was not called\n");
  CHECK(problems(transfer, R"("expect": {"trace": ["state TransferCompleted"]})") ==
        "trace (- expected, + happened):\n"
        "+ state TransferInitiated\n"
        "+ call debit-source\n"
        "+ done debit-source\n"
        "+ state SourceAccountDebited\n"
        "+ call credit-target\n"
        "+ done credit-target\n"
        "+ state TargetAccountCredited\n"
        "  state TransferCompleted\n\n");
  const auto result = play(transfer, R"("expect": {"status": "failed"})");
  CHECK(
      testing::text_of({result}).starts_with("FAILED: it\n  status: expected failed, is completed\n"
                                             "  what happened:\n           +0s  start\n"));
}

TEST_CASE("signals come when the case says") {
  passes(approval(), R"("signals": [{"name": "approved"}], "expect": {"status": "completed"})");
  passes(approval(), R"("signals": [{"after": "2h", "name": "approved"}],
                        "expect": {"status": "completed"})");
  passes(approval(), R"("expect": {"status": "failed", "trace": ["timer Waiting"]})");
  passes(approval(), R"("signals": [{"name": "approved"},
                                    {"after": "done pay", "name": "approved", "refused": true}],
                        "actions": [{"cancel": "too late", "after": "25h", "refused": true}],
                        "answers": {"book": "slow"},
                        "expect": {"status": "completed"})");
}

TEST_CASE("a moment that does not come and a request that is not accepted are problems") {
  CHECK(problems(approval(), R"("signals": [{"after": "done pay", "name": "approved"}],
                                "expect": {"status": "failed"})") ==
        "/tests/0/signals/0: its moment did not come\n");
  CHECK(problems(approval(), R"("signals": [{"after": "26h", "name": "approved"}],
                                "expect": {"status": "failed"})")
            .starts_with("/tests/0/signals/0: was not accepted: The saga has ended"));
  CHECK(problems(approval(), R"("signals": [{"name": "approved", "refused": true}],
                                "expect": {"status": "completed"})") ==
        "/tests/0/signals/0: was accepted, and expected not to be\n");
}

TEST_CASE("operators and clients act when the case says, and nodes restart") {
  passes(approval(), R"("signals": [{"name": "approved"}],
    "answers": {"pay": "failed", "book.undo": ["failed"]},
    "actions": [{"after": "stuck", "retry": "book"}],
    "expect": {"status": "compensated",
               "trace": ["call book", "done book", "call pay", "refused pay", "undo book",
                         "undo refused book", "stuck", "retry book", "undo book",
                         "undone book"]})");
  passes(approval(), R"("signals": [{"name": "approved"}],
    "answers": {"pay": "failed", "book.undo": "failed"},
    "actions": [{"after": "stuck", "skip": "book", "as": "done"}],
    "expect": {"status": "compensated"})");
  passes(approval(), R"("answers": {"pay": "failed", "book.undo": "failed"},
    "signals": [{"name": "approved"}],
    "expect": {"status": "stuck", "stuck": "the undo was refused"})");
  passes(approval(), R"("signals": [{"name": "approved"}],
    "actions": [{"after": "call book", "cancel": "not wanted"}],
    "expect": {"status": "cancelled"})");
  passes(approval(), R"("signals": [{"name": "approved"}],
    "actions": [{"after": "call book", "compensate": "wrong"},
                {"after": "call book", "restart": true}],
    "expect": {"status": "compensated", "trace": ["call book", "restart", "done book",
                                                  "undo book", "undone book"]})");
  passes(approval(), R"("signals": [{"name": "approved"}],
    "answers": {"book": ["unknown", "unknown"]},
    "actions": [{"after": "unknown book", "times": 2, "restart": true}],
    "expect": {"status": "completed"})");
}

TEST_CASE("replies that come late or twice are delivered, and move nothing") {
  passes(approval(), R"("signals": [{"name": "approved"}],
    "answers": {"book": ["late"], "pay": ["twice"]},
    "expect": {"status": "completed",
               "trace": ["call book", "unknown book", "call book", "late reply book", "done book",
                         "call pay", "done pay", "second reply pay"]})");
}

TEST_CASE("a case may look at a saga in the middle of it") {
  passes(approval(), R"("advance": "23h", "expect": {"status": "running", "state": "Waiting"})");
  passes(approval(), R"("advance": "24h", "expect": {"status": "failed"})");
  passes(approval(), R"("signals": [{"name": "approved"}],
    "answers": {"book": {"pending": "10m"}}, "advance": "25m",
    "expect": {"status": "running",
               "trace": ["call book", "working book", "call book", "working book", "call book",
                         "working book"]})");
}

TEST_CASE("data, output and functions of a definition are the real ones, participants are not") {
  Build b("own");
  b.initial("A").calls("A", "a").final("Z");
  b.row("A", "a.done", "Z").actions.emplace_back(say("done"));
  b.d.output = {[](const SagaView& saga, const EventView&) { return saga.output("a").at("id"); },
                Json()};
  b.of("a").call.target = FunctionTarget{
      [](const Invocation&) -> Outcome { throw std::logic_error("no function is called"); }};
  passes(b.d, R"("answers": {"a": {"done": {"id": 7}}},
                 "expect": {"status": "completed", "output": 7, "data": {"said": ["done"]}})");
}

TEST_CASE("promises are held whatever a case expects: here an operator is wrong") {
  CHECK(problems(approval(), R"("signals": [{"name": "approved"}], "answers": {"pay": "lost"},
    "actions": [{"after": "stuck", "skip": "pay", "as": "failed"}],
    "expect": {"status": "compensated"})") ==
        "a promise is broken: 'pay' has an effect that stands, and the saga ended as "
        "compensated\n");
}

TEST_CASE("everything wrong with the tests is told at once, and then none is run") {
  const auto found = findings(approval(), R"([
    {"expect": {"status": "finished", "state": "Nowhere", "trace": [1], "sent": {"x": {}}}},
    {"name": "b", "inputs": {}, "answers": {"book": ["maybe"], "pay.undo": "done"}},
    {"name": "c", "signals": [{"name": "no"}], "actions": [{"after": "1h"}], "advance": "soon",
     "expect": {}}, 5])");
  std::vector<std::string> places;
  for (const auto& finding : found) places.push_back(finding.where + " " + finding.code);
  CHECK(places == std::vector<std::string>{
                      "/tests/0/name TEST_NAME", "/tests/0/expect/status TEST_STATUS",
                      "/tests/0/expect/state TEST_STATE", "/tests/0/expect/trace TEST_TYPE",
                      "/tests/0/expect/sent/x TEST_STEP", "/tests/1/inputs TEST_UNKNOWN",
                      "/tests/1/answers/book/0 TEST_ANSWER", "/tests/1/answers/pay.undo TEST_STEP",
                      "/tests/1 TEST_EXPECT", "/tests/2/signals/0/name TEST_SIGNAL",
                      "/tests/2/actions/0 TEST_ACTION", "/tests/2/advance TEST_DURATION",
                      "/tests/3 TEST_TYPE"});
  CHECK(findings(approval(), "{}").front().why == "must be a list of cases");
  CHECK(
      findings(*sagas::money_transfer(), R"([{"name": "a", "input": {"source": 1}, "expect": {}}])")
          .size() == 3);
}

}  // namespace skald::test
