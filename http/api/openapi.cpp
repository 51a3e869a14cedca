#include "http/api/node_routes.hpp"
#include "http/api/saga_json.hpp"

namespace skald::http {

void get_openapi(const Respond& respond) { respond(json_response(200, std::string(openapi_text))); }

}  // namespace skald::http
