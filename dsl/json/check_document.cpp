#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "dsl/json/checks.hpp"
#include "dsl/json/fields.hpp"
#include "dsl/json/http_words.hpp"
#include "engine/model/saga.hpp"
#include "engine/testing/case.hpp"

namespace skald::document {

namespace {

// What they mean is in engine/testing/README.md, which runs them.
constexpr std::array<std::string_view, 7> test_keys{"name",    "input",   "answers", "signals",
                                                    "actions", "advance", "expect"};
constexpr std::array<std::string_view, 5> signal_keys{"after", "times", "name", "payload",
                                                      "refused"};
constexpr std::array<std::string_view, 11> action_keys{"after",  "times",  "refused", "cancel",
                                                       "retry",  "skip",   "as",      "compensate",
                                                       "output", "reason", "restart"};
constexpr std::array<std::string_view, 8> expect_keys{"status", "state", "trace", "output",
                                                      "data",   "error", "stuck", "sent"};

void secrets_below(const Node& node, Report& report) {
  if (const auto* list = node.list())
    for (const auto& element : *list) secrets_below(element, report);
  if (node.object() == nullptr) return;
  for (const auto& member : *node.object()) {
    const auto* text = member.value.text();
    if (text != nullptr && !text->empty() && text->find("${") == text->npos &&
        sounds_secret(member.key))
      report.add(*member.value.place,
                 "'" + shown(member.key) +
                     "' is a secret that is written out; secrets go into headers, as "
                     "\"${secrets.NAME}\"",
                 "SECRET_INLINE");
    secrets_below(member.value, report);
  }
}

/// Bodies and inputs of operations, wherever the document has them.
void operations_below(const Node& node, Report& report) {
  if (const auto* list = node.list())
    for (const auto& element : *list) operations_below(element, report);
  if (node.object() == nullptr) return;
  for (const auto& member : *node.object()) {
    if (member.key == "tests") continue;
    const bool sent = member.key == "body" || member.key == "payload" || member.key == "output";
    const bool child = member.key == "input" && node.find("saga") != nullptr &&
                       node.find("steps") == nullptr && node.find("states") == nullptr;
    if (sent || child) secrets_below(member.value, report);
    operations_below(member.value, report);
  }
}

/// "debit", or "debit.undo" and "debit.probe" for its other operations.
void step_of_test(const std::string& name, const Place& place, const Definition& definition,
                  Report& report) {
  std::string_view id = name;
  for (const std::string_view tail : {".undo", ".probe"})
    if (id.ends_with(tail) && !definition.find_step(id)) id.remove_suffix(tail.size());
  if (definition.find_step(id)) return;
  std::vector<std::string_view> ids;
  for (const auto& step : definition.steps) ids.push_back(step.id);
  report.add_at_key(place, "no step has the id '" + shown(id) + "'" + suggestion(id, ids),
                    "UNKNOWN_STEP");
}

void state_of_test(const Node& node, const Definition& definition, Report& report) {
  const auto* name = text_of(node, "the name of a state", report);
  if (name != nullptr && !definition.find_state(*name))
    report.add(*node.place, "no state is called '" + shown(*name) + "'", "UNKNOWN_STATE");
}

void expectation(const Node& node, const Definition& definition, Report& report) {
  Fields expect(node, "'expect'", expect_keys, report);
  if (const auto status = expect.text("status"); status && !status_named(*status))
    report.add(*expect.find("status")->place, "'" + shown(*status) + "' is no status of a saga",
               "UNKNOWN_WORD");
  if (const Node* state = expect.find("state")) {
    if (const auto* several = state->list())
      for (const auto& each : *several) state_of_test(each, definition, report);
    else
      state_of_test(*state, definition, report);
  }
  if (const auto* trace = expect.list("trace"))
    for (const auto& line : *trace) (void)text_of(line, "a line of 'trace'", report);
  (void)expect.text("stuck");
  if (const Node* sent = expect.object("sent"))
    for (const auto& body : *sent->object())
      step_of_test(body.key, *body.value.place, definition, report);
}

void signal_of_test(const Node& node, const Definition& definition, Report& report) {
  Fields signal(node, "a signal of a test", signal_keys, report);
  (void)signal.text("after");
  const bool refused = signal.flag("refused").value_or(false);
  signal.require("name", "the name of the signal");
  if (const auto name = signal.text("name");
      name && !refused && definition.find_signal(*name) == nullptr)
    report.add(*signal.find("name")->place, "the saga has no signal '" + shown(*name) + "'",
               "UNKNOWN_SIGNAL");
}

void test(const Node& node, const Definition& definition, Report& report) {
  Fields test(node, "a test", test_keys, report);
  test.require("name", "what it shows");
  (void)test.text("name");
  (void)test.duration("advance", Duration{0});
  if (const Node* input = test.find("input"); input != nullptr && definition.input.check)
    for (const auto& finding : definition.input.check(to_json(*input), ""))
      report.add(*input->place, (finding.where.empty() ? "" : finding.where + " ") + finding.why,
                 "TEST_INPUT");
  if (const Node* answers = test.object("answers"))
    for (const auto& answer : *answers->object())
      step_of_test(answer.key, *answer.value.place, definition, report);
  if (const auto* signals = test.list("signals"))
    for (const auto& each : *signals) signal_of_test(each, definition, report);
  if (const auto* actions = test.list("actions"))
    for (const auto& each : *actions)
      (void)Fields(each, "an action of a test", action_keys, report);
  if (const Node* expect = test.require("expect", "how the saga ends"))
    expectation(*expect, definition, report);
}

}  // namespace

void check_secrets(const Node& document, Report& report) { operations_below(document, report); }

void check_tests(const Node& document, const Definition& definition, Report& report) {
  const Node* tests = document.find("tests");
  if (tests == nullptr) return;
  if (tests->list() == nullptr) return report.add(*tests->place, "'tests' is a list", "TYPE");
  const auto before = report.size();
  for (const auto& each : *tests->list()) test(each, definition, report);
  if (report.size() > before) return;
  // What answers and actions may be is known where they are played.
  std::vector<Finding> findings;
  (void)testing::read_cases(definition, Json(to_json(*tests)), "", findings);
  for (auto& finding : findings)
    report.add(*below(*tests, finding.where).place, std::move(finding.why),
               std::move(finding.code));
}

}  // namespace skald::document
