#pragma once

#include <string>

#include "engine/model/definition.hpp"

namespace skald::http {

/// The whole definition, as GET /v1/definitions/{name} shows it: guards, actions and C++ functions
/// by their names, spans of time as ISO 8601 durations.
[[nodiscard]] std::string definition_json(const Definition& definition);

/// `span` as an ISO 8601 duration in hours, minutes and seconds, e.g. "PT1H0.2S"; "PT0S" for none.
[[nodiscard]] std::string iso8601(Duration span);

}  // namespace skald::http
