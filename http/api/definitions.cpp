#include "dsl/json/show.hpp"
#include "http/api/definition_json.hpp"
#include "http/api/definition_routes.hpp"
#include "http/api/problem_of.hpp"
#include "http/api/query.hpp"
#include "http/api/saga_json.hpp"

namespace skald::http {

namespace {

enum class Form { full, steps };

Form form_in(Query& query) {
  const auto form = query.text("form");
  if (form == "steps") return Form::steps;
  if (form && form != "full") query.refuse("form", "must be one of: full, steps");
  return Form::full;
}

Problem no_short_form(const Error& error) {
  auto problem = problem_of(error);
  problem.status = 409;
  problem.code = "NO_SHORT_FORM";
  problem.hint = "form=full shows every definition.";
  return problem;
}

Response show(const ShownDefinition& shown, Form form) {
  if (form == Form::full)
    return json_response(200,
                         definition_json(shown, "full", document::full_document(shown.definition)));
  const auto document = document::short_document(shown.definition);
  if (!document) return to_response(no_short_form(document.error()));
  return json_response(200, definition_json(shown, "steps", *document));
}

}  // namespace

Response unknown_definition(const std::string& name, std::optional<std::int64_t> version) {
  return to_response(problem_of({ErrorCode::not_found,
                                 "There is no definition '" + name + "'" +
                                     (version ? " version " + std::to_string(*version) : "") + ".",
                                 "GET /v1/definitions lists those there are.",
                                 {}}));
}

void list_definitions(const ApiParts& parts, const Respond& respond) {
  JsonWriter json;
  json.begin_object().name("definitions").begin_array();
  for (const auto& definition : parts.definitions.all()) {
    const bool newest = parts.definitions.find(definition->ref.name) == definition;
    write_definition_head(json.begin_object(), {*definition, newest});
    json.end_object();
  }
  json.end_array().end_object();
  respond(json_response(200, std::move(json).take()));
}

void get_definition(const ApiParts& parts, const std::string& name, const Request& request,
                    Respond respond) {
  Query query(request.query, {"version", "form"});
  const auto version = query.integer("version", 1, UINT32_MAX);
  const auto form = form_in(query);
  if (const auto wrong = query.error()) return respond(to_response(problem_of(*wrong)));
  const auto definition =
      parts.definitions.find(name, static_cast<std::uint32_t>(version.value_or(0)));
  if (!definition) return respond(unknown_definition(name, version));
  const bool newest = parts.definitions.find(name) == definition;
  parts.long_work.soon([definition, newest, form, respond = std::move(respond)] {
    respond(show({*definition, newest}, form));
  });
}

void get_definition_schema(const Respond& respond) {
  auto response = Response{200, {}, std::string(document::definition_schema())};
  response.headers.add("Content-Type", "application/schema+json");
  respond(std::move(response));
}

}  // namespace skald::http
