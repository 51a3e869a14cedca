#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "http/api/api.hpp"
#include "http/server/router.hpp"

/// The handlers under /v1/definitions and /v1/schemas. Documents are read, and diagrams drawn, on
/// the agenda for long work.
namespace skald::http {

/// POST /v1/definitions: registers the document in the body.
void register_definition(const ApiParts& parts, const Request& request, Respond respond);

/// POST /v1/definitions/validate: what is wrong with the document in the body.
void validate_definition(const ApiParts& parts, const Request& request, Respond respond);

/// GET /v1/definitions
void list_definitions(const ApiParts& parts, const Respond& respond);

/// GET /v1/definitions/{name}: the newest version, or that of the parameter "version".
void get_definition(const ApiParts& parts, const std::string& name, const Request& request,
                    Respond respond);

/// GET /v1/definitions/{name}/diagram
void get_diagram(const ApiParts& parts, const std::string& name, const Request& request,
                 Respond respond);

/// POST /v1/definitions/{name}/migrate: the sagas of other versions that have not ended.
void migrate_definition(const ApiParts& parts, const std::string& name, const Request& request,
                        Respond respond);

/// GET /v1/schemas/definition.json
void get_definition_schema(const Respond& respond);

/// 404: there is no definition, or no such version of it.
[[nodiscard]] Response unknown_definition(const std::string& name,
                                          std::optional<std::int64_t> version);

}  // namespace skald::http
