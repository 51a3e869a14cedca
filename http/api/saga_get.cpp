#include "http/api/problem_of.hpp"
#include "http/api/request_fields.hpp"
#include "http/api/saga_json.hpp"
#include "http/api/saga_routes.hpp"

namespace skald::http {

void get_saga(const ApiParts& parts, const SagaId& id, const Request& request,
              const Respond& respond) {
  const auto saga = read_saga(parts, id);
  if (!saga) return respond(to_response(problem_of(saga.error())));
  const auto etag = etag_of(saga->instance);
  Response response{304, {}, {}};
  if (!none_match_names(request.headers, etag)) response = json_response(200, saga_json(*saga));
  response.headers.add("ETag", etag);
  response.headers.add("Cache-Control", "private, no-cache");  // keep it, but ask whether it holds
  respond(std::move(response));
}

}  // namespace skald::http
