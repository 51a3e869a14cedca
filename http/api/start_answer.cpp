#include "http/api/start_answer.hpp"

#include "http/api/problem_of.hpp"
#include "http/api/saga_json.hpp"

namespace skald::http {

Response started_response(const ApiParts& parts, const Started& started) {
  const auto saga = read_saga(parts, started.id);
  if (!saga) return to_response(problem_of(saga.error()));
  const int fresh = is_end(saga->instance.status) ? 201 : 202;
  auto response = json_response(started.replayed ? 200 : fresh, saga_json(*saga));
  response.headers.add("Location", "/v1/sagas/" + started.id.value);
  response.headers.add("ETag", etag_of(saga->instance));
  if (started.replayed) response.headers.add("Idempotency-Replayed", "true");
  return response;
}

}  // namespace skald::http
