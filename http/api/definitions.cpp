#include "http/api/definition_json.hpp"
#include "http/api/json_writer.hpp"
#include "http/api/node_routes.hpp"
#include "http/api/problem_of.hpp"
#include "http/api/query.hpp"
#include "http/api/saga_json.hpp"

namespace skald::http {

namespace {

Error unknown(const std::string& name, std::optional<std::int64_t> version) {
  return {ErrorCode::not_found,
          "There is no definition '" + name + "'" +
              (version ? " version " + std::to_string(*version) : "") + ".",
          "GET /v1/definitions lists those there are.",
          {}};
}

}  // namespace

void list_definitions(const ApiParts& parts, const Respond& respond) {
  JsonWriter json;
  json.begin_object().name("definitions").begin_array();
  for (const auto& definition : parts.definitions.all())
    json.begin_object()
        .text("name", definition->ref.name)
        .integer("version", definition->ref.version)
        .flag("newest", parts.definitions.find(definition->ref.name) == definition)
        .end_object();
  json.end_array().end_object();
  respond(json_response(200, std::move(json).take()));
}

void get_definition(const ApiParts& parts, const std::string& name, const Request& request,
                    const Respond& respond) {
  Query query(request.query, {"version"});
  const auto version = query.integer("version", 1, UINT32_MAX);
  if (const auto wrong = query.error()) return respond(to_response(problem_of(*wrong)));
  const auto definition =
      parts.definitions.find(name, static_cast<std::uint32_t>(version.value_or(0)));
  if (!definition) return respond(to_response(problem_of(unknown(name, version))));
  respond(json_response(200, definition_json(*definition)));
}

}  // namespace skald::http
