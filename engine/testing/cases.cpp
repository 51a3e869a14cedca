#include "engine/testing/cases.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/core/input.hpp"
#include "engine/testing/case.hpp"
#include "engine/testing/diff.hpp"
#include "engine/testing/run.hpp"
#include "engine/testing/sample.hpp"

namespace skald::testing {

namespace {

/// More moves than this: the saga does not come to rest.
constexpr int moves_max = 20'000;

std::string first_word(const std::string& line) { return line.substr(0, line.find(' ')); }

Script script_of(const Case& source) {
  return [answers = source.answers](const Attempt& attempt) {
    const auto found = answers.find({attempt.call.step, attempt.call.phase});
    if (found == answers.end()) return Fate{};
    const auto& [fates, every] = found->second;
    if (every) return fates.front();
    return attempt.number <= fates.size() ? fates[attempt.number - 1] : Fate{};
  };
}

/// Plays one case and compares what came of it.
class Player {
 public:
  Player(const Definition& definition, const Case& source, const Json& input)
      : definition_(definition),
        case_(source),
        run_(definition, {.input = input, .world = {.script = script_of(source)}}),
        dealt_(source.deals.size(), false) {
    result_.name = source.name;
  }

  CaseResult play() {
    int moves = 0;
    while (moves < moves_max && step()) ++moves;
    if (moves == moves_max) problem("it does not come to rest");
    run_.finish();
    for (std::size_t i = 0; i < dealt_.size(); ++i)
      if (!dealt_[i]) problem(case_.deals[i].where + ": its moment did not come");
    compare();
    for (const auto& broken : run_.broken()) problem("a promise is broken: " + broken);
    for (const auto& line : run_.trace()) result_.trace.push_back(printed(line));
    return std::move(result_);
  }

 private:
  void problem(std::string text) { result_.problems.push_back(std::move(text)); }

  /// False: nothing happens any more.
  bool step() {
    for (std::size_t i = 0; i < dealt_.size(); ++i)
      if (!dealt_[i] && has_come(case_.deals[i].after)) {
        dealt_[i] = true;
        deal(case_.deals[i]);
        return true;
      }
    if (run_.ready()) return run_.move();
    return pass();
  }

  bool has_come(const Moment& moment) const {
    if (moment.time) return run_.elapsed() >= *moment.time;
    if (moment.line.empty()) return true;
    const auto& trace = run_.trace();
    const auto times = std::count_if(trace.begin(), trace.end(), [&](const TraceLine& line) {
      return line.text == moment.line;
    });
    return static_cast<std::size_t>(times) >= moment.times;
  }

  /// Time goes on to whatever comes next, but not beyond where the case ends.
  bool pass() {
    auto next = run_.due();
    for (std::size_t i = 0; i < dealt_.size(); ++i) {
      const auto& time = case_.deals[i].after.time;
      if (dealt_[i] || !time) continue;
      const Timestamp at = run_.start() + *time;
      next = next ? std::min(*next, at) : at;
    }
    const auto limit = case_.advance ? std::optional(run_.start() + *case_.advance) : std::nullopt;
    if (!next || (limit && *next > *limit)) return false;
    const auto time = run_.now();
    const auto commits = run_.commits();
    run_.pass_until(*next);
    return run_.now() > time || run_.commits() > commits;
  }

  void deal(const Deal& deal) {
    if (std::holds_alternative<Restart>(deal.what)) return run_.crash(true);
    Event event;
    std::visit(
        [&](const auto& what) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(what)>, Restart>) event.what = what;
        },
        deal.what);
    const auto decision = run_.send(event);
    if (decision.refusal && !deal.refused)
      problem(deal.where + ": was not accepted: " + decision.refusal->message);
    if (!decision.refusal && deal.refused)
      problem(deal.where + ": was accepted, and expected not to be");
  }

  void compare() {
    const Expectation& expect = case_.expect;
    const Instance& saga = run_.saga();
    const std::string status(name_of(saga.status));
    if (expect.status && *expect.status != status) {
      std::string text = "status: expected " + *expect.status + ", is " + status;
      if (!saga.stuck_reason.empty()) text += " (" + saga.stuck_reason + ")";
      problem(std::move(text));
    }
    if (expect.stuck && saga.stuck_reason.find(*expect.stuck) == std::string::npos)
      problem("stuck: expected '" + *expect.stuck + "' in '" + saga.stuck_reason + "'");
    if (expect.states) states(*expect.states);
    if (expect.output) same("output", *expect.output, saga.output);
    if (expect.data) same("data", *expect.data, saga.data);
    if (expect.error) error(expect.error->value());
    for (const auto& [name, body] : expect.sent) sent(name, body);
    if (expect.trace) trace(*expect.trace);
  }

  void same(const std::string& what, const Json& expected, const Json& actual) {
    if (expected.value() != actual.value())
      problem(what + ": expected " + expected.text() + ", is " + actual.text());
  }

  void states(const std::vector<std::string>& expected) {
    std::vector<std::string> actual;
    for (const StateIndex state : run_.saga().active) actual.push_back(definition_.at(state).name);
    std::sort(actual.begin(), actual.end());
    if (actual != expected) problem("state:\n" + difference(expected, actual));
  }

  void error(const nlohmann::json& expected) {
    const nlohmann::json& actual = run_.saga().error.value();
    if (!expected.is_object()) return same("error", Json(expected), Json(actual));
    for (const auto& [key, value] : expected.items())
      if (!actual.is_object() || !actual.contains(key) || actual.at(key) != value)
        problem("error: expected " + Json(expected).text() + ", is " + Json(actual).text());
  }

  void sent(const std::string& name, const Json& body) {
    const auto wanted = called(definition_, name);
    const auto& calls = run_.calls();
    const auto latest = std::find_if(calls.rbegin(), calls.rend(), [&](const Call& call) {
      return call.step == wanted->first && call.phase == wanted->second;
    });
    if (latest == calls.rend()) return problem("sent: '" + name + "' was not called");
    same("sent to " + name, body, latest->body);
  }

  /// What happens to steps is always compared; other lines if the case has such a line.
  void trace(const std::vector<std::string>& expected) {
    std::set<std::string> words;
    for (const auto& line : expected) words.insert(first_word(line));
    std::vector<std::string> actual;
    for (const auto& line : run_.trace())
      if (line.of_step || words.contains(first_word(line.text))) actual.push_back(line.text);
    if (actual != expected)
      problem("trace (- expected, + happened):\n" + difference(expected, actual));
  }

  const Definition& definition_;
  const Case& case_;
  Run run_;
  std::vector<bool> dealt_;
  CaseResult result_;
};

std::vector<Finding> check_inputs(const Definition& definition, const std::vector<Case>& cases,
                                  const std::string& base) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const std::string where = base + "/" + std::to_string(i) + "/input";
    const Json input = cases[i].input.value_or(sample_input(definition).value);
    auto found = check_input(definition, input, where);
    if (!cases[i].input && !found.empty())
      findings.push_back({where, "no input can be made from the schema; give one", "TEST_INPUT"});
    else
      findings.insert(findings.end(), found.begin(), found.end());
  }
  return findings;
}

}  // namespace

Result<std::vector<CaseResult>> run_cases(const Definition& definition, const Json& tests,
                                          const std::string& base) {
  std::vector<Finding> findings;
  const auto cases = read_cases(definition, tests, base, findings);
  const auto inputs = check_inputs(definition, cases, base);
  findings.insert(findings.end(), inputs.begin(), inputs.end());
  if (!findings.empty())
    return Error{ErrorCode::invalid_argument,
                 "The tests of '" + definition.ref.name + "' cannot be run.",
                 {},
                 std::move(findings)};
  std::vector<CaseResult> results;
  results.reserve(cases.size());
  for (const auto& source : cases)
    results.push_back(
        Player(definition, source, source.input.value_or(sample_input(definition).value)).play());
  return results;
}

std::string text_of(const std::vector<CaseResult>& results) {
  std::string text;
  for (const auto& result : results) {
    text += (result.passed() ? "passed: " : "FAILED: ") + result.name + "\n";
    for (const auto& problem : result.problems) text += "  " + problem + "\n";
    if (result.passed()) continue;
    text += "  what happened:\n";
    for (const auto& line : result.trace) text += "  " + line + "\n";
  }
  return text;
}

}  // namespace skald::testing
