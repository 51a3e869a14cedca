#include "engine/participants/outcome_of.hpp"

#include <nlohmann/json.hpp>

#include "engine/model/status_range.hpp"
#include "engine/participants/retry_after.hpp"
#include "engine/participants/safe_text.hpp"

namespace skald {

namespace {

const nlohmann::json null_value;

std::string describe(const Error& error) {
  if (error.findings.empty()) return error.message;
  return error.findings.front().where + ": " + error.findings.front().why;
}

/// The member `name` when `body` is an object that has it as text.
std::optional<std::string> text_member(const nlohmann::json& body, const char* name) {
  if (!body.is_object()) return std::nullopt;
  const auto found = body.find(name);
  if (found == body.end() || !found->is_string()) return std::nullopt;
  return safe_text(found->get_ref<const std::string&>());
}

bool is_success(int status) { return status >= 200 && status < 300; }

/// Whether the wire contract takes `status` for a refusal, which had no effect.
bool is_refusal(int status) {
  return status >= 400 && status < 500 && status != 425 && status != 429;
}

Error unusable(const char* why) { return {ErrorCode::invalid_argument, why, "", {}}; }

Result<Json> read_body(const HttpAnswer& answer, const JsonLimits& limits) {
  if (answer.status == 204) return Json();
  if (answer.body.empty()) {
    if (!answer.ended_by_close) return Json();
    return unusable("empty, and without Content-Length: it may have been cut off");
  }
  auto body = Json::parse(answer.body, limits);
  if (!body) return body;
  // Of a number or word nobody can tell whether its end is missing; an object or array closes.
  if (answer.ended_by_close && !body->value().is_structured())
    return unusable("without Content-Length only an object or array can be told from a cut");
  return body;
}

/// An answer whose body is read once, when somebody asks for it.
class Reading {
 public:
  Reading(const HttpAnswer& answer, const JsonLimits& limits, Timestamp now)
      : answer_(answer), limits_(limits), now_(now) {}

  [[nodiscard]] int status() const { return answer_.status; }
  [[nodiscard]] Timestamp now() const { return now_; }
  [[nodiscard]] std::string status_text() const { return "HTTP " + std::to_string(status()); }

  const Result<Json>& body() {
    if (!body_) body_ = read_body(answer_, limits_);
    return *body_;
  }
  /// The body, or null when it is no acceptable JSON.
  Json body_or_null() { return body() ? *body() : Json(); }
  const nlohmann::json& value() { return body() ? body()->value() : null_value; }

  /// The body's `code`; empty without one.
  std::string code() { return text_member(value(), "code").value_or(""); }

  /// What the body says to a person: our own `message`, or `detail` and `title` of RFC 9457.
  std::optional<std::string> message() {
    for (const char* name : {"message", "detail", "title"})
      if (auto text = text_member(value(), name)) return text;
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Duration> retry_after() const {
    if (!answer_.retry_after) return std::nullopt;
    return parse_retry_after(*answer_.retry_after, now_);
  }

 private:
  const HttpAnswer& answer_;
  const JsonLimits& limits_;
  Timestamp now_;
  std::optional<Result<Json>> body_;
};

Unknown invalid_body(Reading& answer) {
  return {.reason = safe_text("invalid body: " + describe(answer.body().error())),
          .retry_after = {}};
}

Outcome done(Reading& answer, std::string name) {
  // A 2xx without its body may have been cut off; other statuses often come with a page for people.
  if (!answer.body() && is_success(answer.status())) return invalid_body(answer);
  return Done{answer.body_or_null(), std::move(name)};
}

std::string code_of_status(int status) {
  return status == 409 ? "" : "http_" + std::to_string(status);
}

/// A refusal for a business reason: `name`, or what the body calls it.
Failed refused(Reading& answer, std::string name) {
  if (name.empty()) name = answer.code();
  if (name.empty()) name = code_of_status(answer.status());
  return {.code = std::move(name),
          .message = answer.message().value_or(answer.status_text()),
          .defect = false,
          .details = answer.body_or_null()};
}

Failed defect(Reading& answer) {
  Failed failed = refused(answer, code_of_status(answer.status()));
  failed.defect = true;
  return failed;
}

Unknown unknown(Reading& answer, std::optional<Duration> retry_after) {
  Unknown unknown{.reason = answer.status_text(), .retry_after = retry_after};
  if (answer.status() >= 300 && answer.status() < 400)
    unknown.reason += ": redirects are not followed";
  if (answer.status() < 400) return unknown;
  if (const auto message = answer.message())
    unknown.reason = safe_text(unknown.reason + ": " + *message);
  return unknown;
}

Unknown cannot_judge(const Reading& answer, const Guard& guard, const std::string& why) {
  return {.reason = safe_text(answer.status_text() + ": the outcome rule '" + guard.name +
                              "' cannot be judged: " + why),
          .retry_after = {}};
}

Outcome taken_as(const OutcomeRule& rule, Reading& answer) {
  switch (rule.as) {
    case OutcomeRule::As::done:
      return done(answer, rule.name);
    case OutcomeRule::As::failed:
      return refused(answer, rule.name);
    case OutcomeRule::As::pending:
      return StillWorking{answer.retry_after()};
    case OutcomeRule::As::unknown:
      break;
  }
  Unknown taken = unknown(answer, answer.retry_after());
  if (answer.status() < 400) taken.reason += ", taken as unknown by an outcome rule";
  return taken;
}

std::optional<Outcome> by_rules(const std::vector<OutcomeRule>& rules, Reading& answer) {
  for (const OutcomeRule& rule : rules) {
    const auto statuses = parse_status_pattern(rule.status);
    if (!statuses || !statuses->has(answer.status())) continue;
    if (!rule.when) return taken_as(rule, answer);
    if (!answer.body() && is_success(answer.status())) return invalid_body(answer);
    const auto fits = holds(*rule.when, answer.value(), answer.code(), answer.now());
    if (!fits) return cannot_judge(answer, *rule.when, fits.error().message);
    if (*fits) return taken_as(rule, answer);
  }
  return std::nullopt;
}

/// No further attempt. Only a refusal, or a code that the step knows, says that nothing happened.
Outcome given_up(const AnswerRules& rules, Reading& answer, const std::string& code) {
  const bool refusal = is_refusal(answer.status()) || answer.status() == 429;
  if (refusal || (!code.empty() && names(rules.fail_on, code))) return refused(answer, "");
  Unknown last = unknown(answer, std::nullopt);
  last.last = true;
  return last;
}

std::optional<Outcome> by_policy(const AnswerRules& rules, Reading& answer) {
  if (rules.fail_on.empty() && rules.retry_on.empty()) return std::nullopt;
  const std::string code = answer.status() < 400 ? "" : answer.code();
  if (names_answer(rules.fail_on, answer.status(), code)) return given_up(rules, answer, code);
  if (!names_answer(rules.retry_on, answer.status(), code)) return std::nullopt;
  Unknown again = unknown(answer, answer.retry_after());
  again.possibly_executed = !is_refusal(answer.status());
  return again;
}

Outcome by_contract(Reading& answer) {
  switch (answer.status()) {
    case 202:
    case 425:
      return StillWorking{answer.retry_after()};
    case 409:
      return refused(answer, "");
    case 429:
    case 502:
    case 503:
    case 504:
      return unknown(answer, answer.retry_after());
    default:
      break;
  }
  if (is_success(answer.status())) return done(answer, "");
  if (is_refusal(answer.status())) return defect(answer);
  return unknown(answer, std::nullopt);
}

}  // namespace

Outcome outcome_of(const HttpAnswer& answer, const AnswerRules& rules, const JsonLimits& limits,
                   Timestamp now) {
  Reading reading(answer, limits, now);
  if (auto outcome = by_rules(rules.outcomes, reading)) return *std::move(outcome);
  if (auto outcome = by_policy(rules, reading)) return *std::move(outcome);
  return by_contract(reading);
}

Outcome outcome_of(const NoAnswer& none, const AnswerRules& rules) {
  const char* const name = none.why == NoAnswer::Why::timeout ? "timeout" : "connection";
  return Unknown{.reason = none.reason,
                 .retry_after = {},
                 .possibly_executed = none.possibly_executed,
                 .last = names(rules.fail_on, name)};
}

Outcome outcome_of_function(Outcome outcome, const AnswerRules& rules) {
  const auto* failed = std::get_if<Failed>(&outcome);
  if (failed == nullptr || names(rules.fail_on, failed->code)) return outcome;
  if (!names(rules.retry_on, failed->code)) return outcome;
  return Unknown{.reason = safe_text(failed->code + ": " + failed->message),
                 .retry_after = {},
                 .possibly_executed = false};
}

}  // namespace skald
