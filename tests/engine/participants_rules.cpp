// What a step's own rules and policy make of answers, before the wire contract is asked.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "engine/model/status_range.hpp"
#include "engine/participants/outcome_of.hpp"

using namespace skald;
using namespace std::chrono_literals;

namespace {

using As = OutcomeRule::As;

constexpr Timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 3h};

Outcome outcome(int status, std::string body, const AnswerRules& rules) {
  return outcome_of({.status = status, .retry_after = "7", .body = std::move(body)}, rules, {},
                    now);
}

template <class Kind>
Kind as(const Outcome& outcome) {
  REQUIRE(std::holds_alternative<Kind>(outcome));
  return std::get<Kind>(outcome);
}

/// Holds when the body's `status` is `wanted`; throws when there is none.
Guard status_is(std::string wanted) {
  return {"event.status == '" + wanted + "'",
          [wanted](const SagaView&, const EventView& event) {
            return event.payload.at("status").get<std::string>() == wanted;
          },
          true};
}

AnswerRules rule(std::string status, As taken, std::string name = "") {
  return {.outcomes = {{std::move(status), std::nullopt, taken, std::move(name)}},
          .fail_on = {},
          .retry_on = {}};
}

AnswerRules policy(std::vector<std::string> fail_on, std::vector<std::string> retry_on) {
  return {.outcomes = {}, .fail_on = std::move(fail_on), .retry_on = std::move(retry_on)};
}

}  // namespace

TEST_CASE("a status pattern is one status, a hundred of them, a range or any") {
  const auto range = [](std::string_view text) {
    const auto parsed = parse_status_pattern(text);
    return parsed ? std::to_string(parsed->first) + "-" + std::to_string(parsed->last) : "none";
  };
  CHECK(range("200") == "200-200");
  CHECK(range("4xx") == "400-499");
  CHECK(range("9xx") == "900-999");
  CHECK(range("200-204") == "200-204");
  CHECK(range("404-404") == "404-404");
  CHECK(range("") == "0-999");
  for (const char* text : {"0xx", "xx", "xxx", "4xxx", "20", "2000", "099", "-1", "204-200", "200-",
                           "-204", "200-2xx", "200-204-208", " 200", "200 ", "2e2", "timeout"}) {
    CAPTURE(text);
    CHECK(range(text) == "none");
  }
}

TEST_CASE("a rule that fits says what the answer is, whatever the wire contract would say") {
  const std::string body = R"({"code":"gone","message":"no such hold","id":7})";
  const auto done = as<Done>(outcome(404, body, rule("404", As::done, "already_released")));
  CHECK(done.outcome == "already_released");
  CHECK(done.output.value().at("id") == 7);

  const auto failed = as<Failed>(outcome(200, body, rule("2xx", As::failed, "rejected")));
  CHECK(failed.code == "rejected");
  CHECK(failed.message == "no such hold");
  CHECK_FALSE(failed.defect);
  CHECK(failed.details.value().at("id") == 7);

  const auto unknown = as<Unknown>(outcome(200, body, rule("", As::unknown)));
  CHECK(unknown.reason == "HTTP 200, taken as unknown by an outcome rule");
  CHECK(unknown.possibly_executed);
  CHECK(unknown.retry_after == 7s);
  CHECK(as<Unknown>(outcome(404, body, rule("4xx", As::unknown))).reason ==
        "HTTP 404: no such hold");

  CHECK(as<StillWorking>(outcome(409, body, rule("409", As::pending))).retry_after == 7s);
}

TEST_CASE("a rule for another status, or with a pattern that is none, changes nothing") {
  for (const char* status : {"404", "5xx", "201-299", "2x0"}) {
    CAPTURE(status);
    CHECK(as<Done>(outcome(200, "{}", rule(status, As::failed))).outcome.empty());
  }
}

TEST_CASE("a failed rule without a name takes the body's code, else that of the status") {
  CHECK(as<Failed>(outcome(422, R"({"code":"closed"})", rule("422", As::failed))).code == "closed");
  CHECK(as<Failed>(outcome(422, "<html>", rule("422", As::failed))).code == "http_422");
  CHECK(as<Failed>(outcome(409, "", rule("409", As::failed))).code.empty());
}

TEST_CASE("the first rule that fits counts, and guards look at the body") {
  AnswerRules rules;
  rules.outcomes = {{"200", status_is("DECLINED"), As::failed, "declined"},
                    {"200", status_is("REVIEW"), As::pending, ""},
                    {"200", std::nullopt, As::done, "approved"},
                    {"200", std::nullopt, As::failed, "never"}};
  CHECK(as<Failed>(outcome(200, R"({"status":"DECLINED"})", rules)).code == "declined");
  CHECK(as<StillWorking>(outcome(200, R"({"status":"REVIEW"})", rules)).retry_after == 7s);
  CHECK(as<Done>(outcome(200, R"({"status":"OK"})", rules)).outcome == "approved");
  CHECK(as<Done>(outcome(201, R"({"status":"DECLINED"})", rules)).outcome.empty());
}

TEST_CASE("a guard sees the code of the answer and no saga") {
  AnswerRules rules;
  std::string seen;
  const Guard look{"looks", [&seen](const SagaView& saga, const EventView& event) {
                     seen = std::string(event.code) + "|" + saga.id().value + "|" +
                            saga.input().dump() + "|" + saga.output("debit").dump() + "|" +
                            std::string(saga.definition()) + "|" + event.payload.dump();
                     return saga.now() == now && !saga.ran("debit");
                   }};
  rules.outcomes = {{"", look, As::done, "seen"}};
  CHECK(as<Done>(outcome(409, R"({"code":"c"})", rules)).outcome == "seen");
  CHECK(seen == R"(c||null|null||{"code":"c"})");
  CHECK(as<Done>(outcome(500, "<html>", rules)).output.is_null());
  CHECK(seen == "||null|null||null");
}

TEST_CASE("a guard that throws leaves the outcome unknown and says why") {
  AnswerRules rules;
  rules.outcomes = {{"200", status_is("OK"), As::failed, "x"}, {"", std::nullopt, As::done, "y"}};
  const auto unknown = as<Unknown>(outcome(200, "{}", rules));
  CHECK(unknown.possibly_executed);
  CHECK(unknown.reason.starts_with(
      "HTTP 200: the outcome rule 'event.status == 'OK'' cannot be judged: "));
  CHECK(unknown.reason.find("status") != std::string::npos);
}

TEST_CASE("a 2xx without a readable body is unknown where a rule needs it") {
  AnswerRules guarded;
  guarded.outcomes = {{"", status_is("OK"), As::failed, "x"}};
  for (const AnswerRules& rules : {guarded, rule("200", As::done)})
    CHECK(as<Unknown>(outcome(200, "{\"status\":\"O", rules)).reason.starts_with("invalid body: "));
  CHECK(as<Failed>(outcome(200, "OK", rule("200", As::failed, "odd"))).code == "odd");
  CHECK(as<Done>(outcome(404, "<html>", rule("404", As::done))).output.is_null());
}

TEST_CASE(
    "fail_on: a refusal where the answer says that nothing happened, else no further attempt") {
  const std::string body = R"({"code":"maintenance","title":"Closed"})";
  const auto failed = as<Failed>(outcome(503, body, policy({"x", "maintenance"}, {})));
  CHECK(failed.code == "maintenance");
  CHECK(failed.message == "Closed");
  CHECK_FALSE(failed.defect);
  for (const char* entry : {"503", "5xx", "500-504"}) {
    CAPTURE(entry);
    const auto unknown = as<Unknown>(outcome(503, body, policy({"x", entry}, {})));
    CHECK(unknown.last);
    CHECK(unknown.possibly_executed);
  }
  CHECK(as<Failed>(outcome(429, "", policy({"429"}, {}))).code == "http_429");
  CHECK_FALSE(as<Failed>(outcome(404, "", policy({"4xx"}, {}))).defect);
  CHECK(as<Unknown>(outcome(503, "", policy({"4xx", "timeout", ""}, {}))).possibly_executed);
}

TEST_CASE("retry_on makes an answer unknown, and what was a refusal certainly had no effect") {
  const std::string locked = R"({"code":"locked","message":"later"})";
  for (const char* entry : {"409", "locked", "4xx"}) {
    CAPTURE(entry);
    const auto unknown = as<Unknown>(outcome(409, locked, policy({}, {entry})));
    CHECK(unknown.reason == "HTTP 409: later");
    CHECK(unknown.retry_after == 7s);
    CHECK_FALSE(unknown.possibly_executed);
    CHECK(unknown.counted);
  }
  CHECK_FALSE(as<Unknown>(outcome(404, "", policy({}, {"404"}))).possibly_executed);
  CHECK(as<Unknown>(outcome(200, "{}", policy({}, {"200"}))).possibly_executed);
  CHECK(as<Unknown>(outcome(429, "", policy({}, {"429"}))).possibly_executed);
  CHECK(as<Unknown>(outcome(500, "", policy({}, {"5xx"}))).possibly_executed);
}

TEST_CASE("rules come before fail_on, fail_on before retry_on, both before the contract") {
  AnswerRules all = policy({"409"}, {"409", "4xx"});
  CHECK(as<Failed>(outcome(409, "", all)).code.empty());
  CHECK(as<Unknown>(outcome(404, "", all)).reason == "HTTP 404");
  all.outcomes = {{"409", std::nullopt, As::done, "known"}};
  CHECK(as<Done>(outcome(409, "", all)).outcome == "known");
}

TEST_CASE("a code in an answer below 400 is data, not a refusal") {
  const std::string body = R"({"code":"locked"})";
  CHECK(as<Done>(outcome(200, body, policy({"locked"}, {"locked"}))).output.text() == body);
}

TEST_CASE("without an answer only timeout and connection can be named") {
  const NoAnswer late{NoAnswer::Why::timeout, "timeout after 5 ms", true};
  const NoAnswer broken{NoAnswer::Why::connection, "cannot connect", false};
  const auto last = as<Unknown>(outcome_of(late, policy({"timeout"}, {"timeout"})));
  CHECK(last.last);
  CHECK(last.possibly_executed);
  CHECK(last.reason == "timeout after 5 ms");
  CHECK(as<Unknown>(outcome_of(broken, policy({"connection"}, {}))).last);
  CHECK_FALSE(as<Unknown>(outcome_of(broken, policy({"timeout"}, {}))).last);
  CHECK(as<Unknown>(outcome_of(late, policy({"connection", "5xx"}, {}))).possibly_executed);
  const auto unknown = as<Unknown>(outcome_of(broken, policy({"timeout"}, {"connection"})));
  CHECK(unknown.reason == "cannot connect");
  CHECK_FALSE(unknown.possibly_executed);
  CHECK(as<Unknown>(outcome_of(late, rule("", As::done))).possibly_executed);
}

TEST_CASE("the refusals of a function are retried when its policy names their code") {
  const Outcome refused = Failed{"locked", "later", false, {}};
  const auto again = as<Unknown>(outcome_of_function(refused, policy({}, {"locked"})));
  CHECK(again.reason == "locked: later");
  CHECK_FALSE(again.possibly_executed);
  CHECK(as<Failed>(outcome_of_function(refused, policy({"locked"}, {"locked"}))).code == "locked");
  CHECK(as<Failed>(outcome_of_function(refused, policy({}, {"other"}))).code == "locked");
  CHECK(as<Failed>(outcome_of_function(Failed{}, policy({}, {""}))).code.empty());
  CHECK(as<Done>(outcome_of_function(Done{}, policy({}, {"locked"}))).outcome.empty());
}

TEST_CASE("the rules of an attempt are those of its operation and of its phase's policy") {
  Operation operation;
  operation.outcomes = rule("404", As::done).outcomes;
  const RetryPolicy retry{.retry_on = {"409"}, .fail_on = {"5xx"}};
  const AnswerRules rules = answer_rules(operation, &retry);
  CHECK(rules.outcomes.size() == 1);
  CHECK(rules.fail_on == retry.fail_on);
  CHECK(rules.retry_on == retry.retry_on);
  CHECK(answer_rules(operation, nullptr).fail_on.empty());
}
