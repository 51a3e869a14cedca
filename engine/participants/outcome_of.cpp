#include "engine/participants/outcome_of.hpp"

#include <nlohmann/json.hpp>

#include "engine/participants/retry_after.hpp"
#include "engine/participants/safe_text.hpp"

namespace skald {

namespace {

Unknown invalid_body(std::string_view why) {
  return {.reason = safe_text("invalid body: " + std::string(why)), .retry_after = {}};
}

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

/// What the body says to a person: our own `message`, or `detail` and `title` of RFC 9457.
std::optional<std::string> message_in(const Json& body) {
  for (const char* name : {"message", "detail", "title"})
    if (auto text = text_member(body.value(), name)) return text;
  return std::nullopt;
}

std::string status_text(int status) { return "HTTP " + std::to_string(status); }

Outcome done(const HttpAnswer& answer, const JsonLimits& limits) {
  if (answer.status == 204) return Done{};
  if (answer.body.empty()) {
    if (!answer.ended_by_close) return Done{};
    return invalid_body("empty, and without Content-Length: it may have been cut off");
  }
  auto body = Json::parse(answer.body, limits);
  if (!body) return invalid_body(describe(body.error()));
  // Of a number or word nobody can tell whether its end is missing; an object or array closes.
  if (answer.ended_by_close && !body->value().is_structured())
    return invalid_body("without Content-Length only an object or array can be told from a cut");
  return Done{std::move(body).value()};
}

Outcome failed(const HttpAnswer& answer, const JsonLimits& limits) {
  Failed failed{.code = {}, .message = status_text(answer.status), .defect = false, .details = {}};
  if (answer.status != 409) {
    failed.defect = true;
    failed.code = "http_" + std::to_string(answer.status);
  }
  if (answer.body.empty()) return failed;
  auto body = Json::parse(answer.body, limits);
  if (!body) return failed;
  if (auto message = message_in(*body)) failed.message = *std::move(message);
  if (!failed.defect) failed.code = text_member(body->value(), "code").value_or("");
  failed.details = std::move(body).value();
  return failed;
}

Outcome unknown(const HttpAnswer& answer, const JsonLimits& limits,
                std::optional<Duration> retry_after) {
  Unknown unknown{.reason = status_text(answer.status), .retry_after = retry_after};
  if (answer.status >= 300 && answer.status < 400) unknown.reason += ": redirects are not followed";
  if (answer.status < 400 || answer.body.empty()) return unknown;
  if (const auto body = Json::parse(answer.body, limits))
    if (const auto message = message_in(*body))
      unknown.reason = safe_text(unknown.reason + ": " + *message);
  return unknown;
}

}  // namespace

Outcome outcome_of(const HttpAnswer& answer, const JsonLimits& limits, Timestamp now) {
  const auto retry_after = [&]() -> std::optional<Duration> {
    if (!answer.retry_after) return std::nullopt;
    return parse_retry_after(*answer.retry_after, now);
  };
  switch (answer.status) {
    case 202:
    case 425:
      return StillWorking{retry_after()};
    case 429:
    case 502:
    case 503:
    case 504:
      return unknown(answer, limits, retry_after());
    default:
      break;
  }
  if (answer.status >= 200 && answer.status < 300) return done(answer, limits);
  if (answer.status >= 400 && answer.status < 500) return failed(answer, limits);
  return unknown(answer, limits, std::nullopt);
}

}  // namespace skald
