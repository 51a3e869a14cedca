#include <algorithm>
#include <variant>

#include "dsl/json/show.hpp"
#include "http/api/definition_json.hpp"
#include "http/api/definition_routes.hpp"
#include "http/api/problem_of.hpp"
#include "http/api/request_fields.hpp"
#include "http/api/saga_json.hpp"
#include "http/server/uri.hpp"

namespace skald::http {

namespace {

/// The language of the body; 415 for any other.
std::variant<document::Format, Problem> format_of(const Request& request) {
  if (is_json(request.headers)) return document::Format::json;
  if (is_yaml(request.headers)) return document::Format::yaml;
  return Problem{.status = 415,
                 .code = "UNSUPPORTED_MEDIA_TYPE",
                 .detail = "The body must be a document in JSON or YAML.",
                 .hint = "Send the header Content-Type: application/json or application/yaml."};
}

/// A document that cannot be read at all is another mistake than one that says something wrong.
Problem refusal_of(const Error& error) {
  const bool unreadable =
      std::any_of(error.findings.begin(), error.findings.end(), [](const Finding& finding) {
        return finding.code == "SYNTAX" || finding.code == "ENCODING";
      });
  auto problem = problem_of(error);
  problem.status = unreadable ? 400 : 422;
  problem.code = unreadable ? "MALFORMED_DOCUMENT" : "INVALID_DEFINITION";
  return problem;
}

Problem conflict(const ApiParts& parts, const Error& error, const DefinitionRef& ref) {
  auto problem = problem_of(error);
  if (error.code != ErrorCode::id_conflict) return problem;
  problem.code = "VERSION_CONFLICT";
  if (const auto newest = parts.definitions.find(ref.name))
    problem.hint += " The newest version is " + std::to_string(newest->ref.version) + ".";
  return problem;
}

Response show_registered(const ApiParts& parts, const DefinitionRef& ref,
                         const Result<Registered>& registered) {
  if (!registered) return to_response(conflict(parts, registered.error(), ref));
  const auto definition = parts.definitions.find(ref.name, ref.version);
  const bool newest = parts.definitions.find(ref.name) == definition;
  auto response = json_response(
      registered->replayed ? 200 : 201,
      definition_json({*definition, newest}, "full", document::full_document(*definition)));
  response.headers.add("Location", "/v1/definitions/" + percent_encode(ref.name) +
                                       "?version=" + std::to_string(ref.version));
  if (registered->replayed) response.headers.add("Idempotency-Replayed", "true");
  return response;
}

void load_and_register(const ApiParts& parts, const std::string& text, document::Format format,
                       const Respond& respond) {
  auto definition = document::load(text, format, parts.documents);
  if (!definition) return respond(to_response(refusal_of(definition.error())));
  const DefinitionRef ref = definition->ref;
  parts.orchestrator.add_definition(std::move(*definition),
                                    [parts, ref, respond](const Result<Registered>& registered) {
                                      parts.long_work.soon([parts, ref, respond, registered] {
                                        respond(show_registered(parts, ref, registered));
                                      });
                                    });
}

Response verdict(const std::vector<Finding>& findings) {
  JsonWriter json;
  json.begin_object().flag("valid", findings.empty());
  write_findings(json.name("findings"), findings);
  json.end_object();
  return json_response(200, std::move(json).take());
}

}  // namespace

void register_definition(const ApiParts& parts, const Request& request, Respond respond) {
  const auto format = format_of(request);
  if (const auto* refused = std::get_if<Problem>(&format)) return respond(to_response(*refused));
  parts.long_work.soon(
      [parts, text = request.body, format = std::get<document::Format>(format),
       respond = std::move(respond)] { load_and_register(parts, text, format, respond); });
}

void validate_definition(const ApiParts& parts, const Request& request, Respond respond) {
  const auto format = format_of(request);
  if (const auto* refused = std::get_if<Problem>(&format)) return respond(to_response(*refused));
  parts.long_work.soon([parts, text = request.body, format = std::get<document::Format>(format),
                        respond = std::move(respond)] {
    respond(verdict(document::lint(text, format, parts.documents)));
  });
}

}  // namespace skald::http
