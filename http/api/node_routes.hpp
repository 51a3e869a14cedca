#pragma once

#include <string_view>

#include "http/api/api.hpp"
#include "http/server/router.hpp"

/// The handlers that tell of the node itself.
namespace skald::http {

/// GET /livez: the process serves requests. Depends on nothing else.
void get_liveness(const Respond& respond);

/// GET /readyz: 200 when sagas can be started, else 503 with the reason.
void get_readiness(const ApiParts& parts, const Respond& respond);

/// GET /metrics in the Prometheus text format 0.0.4.
void get_metrics(const ApiParts& parts, const Respond& respond);

/// GET /openapi.json: the description of this API.
void get_openapi(const Respond& respond);

/// The content of http/api/openapi.json, built into the library.
extern const std::string_view openapi_text;

}  // namespace skald::http
