#include "http/api/problem_of.hpp"

#include <algorithm>

#include "engine/orchestrator/log.hpp"
#include "http/server/problem.hpp"
#include "http/server/uri.hpp"

namespace skald::http {

namespace {

bool is_about_content(const Error& error) {
  return std::any_of(error.findings.begin(), error.findings.end(), [](const Finding& finding) {
    return finding.where.empty() || finding.where.starts_with('/');
  });
}

/// A refusal in the words of the error itself.
Problem in_its_words(int status, const Error& error) {
  return {.status = status,
          .code = std::string(name_of(error.code)),
          .detail = error.message,
          .hint = error.hint,
          .findings = error.findings};
}

/// A finding may quote what the client sent, and that need not be UTF-8.
std::string readable(const std::string& text) {
  if (is_utf8(text)) return text;
  std::string ascii = text;
  for (char& c : ascii)
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  return ascii;
}

Problem come_later(Problem problem, std::optional<int> seconds) {
  problem.retryable = true;
  problem.retry_after = seconds;
  return problem;
}

Problem defect(const Error& error) {
  log::error("a request could not be answered",
             {{"code", std::string(name_of(error.code))}, {"why", error.message}});
  return {.status = 500,
          .code = std::string(name_of(error.code)),
          .detail = "Skald could not do this, and it is not because of the request.",
          .hint = "The log of the node says why."};
}

Problem disk_full() {
  return come_later({.status = 507,
                     .code = std::string(name_of(ErrorCode::disk_full)),
                     .detail = "The disk of the node is full; nothing was stored.",
                     .hint = "It works again by itself as soon as there is space."},
                    std::nullopt);
}

Problem storage_failed() {
  return come_later({.status = 503,
                     .code = std::string(name_of(ErrorCode::storage_failed)),
                     .detail = "The storage of the node failed; nothing is acknowledged.",
                     .hint = "The log of the node says why. What was acknowledged is safe; repeat "
                             "the request, under the same key, when the node works again."},
                    std::nullopt);
}

}  // namespace

Problem problem_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::invalid_argument:
      return in_its_words(is_about_content(error) ? 422 : 400, error);
    case ErrorCode::not_found:
      return in_its_words(404, error);
    case ErrorCode::id_conflict:
    case ErrorCode::action_not_allowed:
      return in_its_words(409, error);
    case ErrorCode::revision_mismatch:
      return in_its_words(412, error);
    case ErrorCode::idempotency_mismatch:
      return in_its_words(422, error);
    case ErrorCode::overloaded:
      return come_later(in_its_words(429, error), 1);
    case ErrorCode::shutting_down:
      return come_later(in_its_words(503, error), 5);
    case ErrorCode::disk_full:
      return disk_full();
    case ErrorCode::storage_failed:
      return storage_failed();
    case ErrorCode::storage_unreadable:
    case ErrorCode::storage_in_use:
    case ErrorCode::internal:
      return defect(error);
  }
  return defect(error);
}

void write_findings(JsonWriter& json, const std::vector<Finding>& findings) {
  json.begin_array();
  for (const auto& finding : findings)
    json.begin_object()
        .text("pointer", readable(finding.where))
        .text("detail", readable(finding.why))
        .text("code", finding.code)
        .end_object();
  json.end_array();
}

Response to_response(const Problem& problem) {
  JsonWriter json;
  json.begin_object()
      .text("type", "about:blank")
      .text("title", reason_phrase(problem.status))
      .integer("status", problem.status)
      .text("detail", problem.detail)
      .text("code", problem.code)
      .text_unless_empty("hint", problem.hint)
      .flag("retryable", problem.retryable);
  if (problem.allowed_actions) json.texts("allowedActions", *problem.allowed_actions);
  if (!problem.findings.empty()) write_findings(json.name("errors"), problem.findings);
  Response response{problem.status, {}, std::move(json.end_object()).take()};
  response.headers.add("Content-Type", "application/problem+json");
  if (problem.retry_after)
    response.headers.add("Retry-After", std::to_string(*problem.retry_after));
  return response;
}

}  // namespace skald::http
