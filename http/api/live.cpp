#include "http/api/live_routes.hpp"
#include "http/api/problem_of.hpp"
#include "http/api/query.hpp"
#include "http/api/saga_filter.hpp"
#include "http/api/saga_json.hpp"
#include "http/live/live_feed.hpp"

namespace skald::http {

namespace {

constexpr std::int64_t wait_default = 20;
constexpr std::int64_t wait_max = 60;

LiveFilter live_filter_in(Query& query) {
  LiveFilter filter;
  filter.statuses = statuses_in(query);
  filter.definition = query.text("definition").value_or("");
  filter.business_key = query.text("businessKey").value_or("");
  filter.saga = query.text("saga").value_or("");
  return filter;
}

Response too_many() {
  return to_response({.status = 503,
                      .code = "TOO_MANY_LIVE_CLIENTS",
                      .detail = "As many clients look on as this node serves at once.",
                      .hint = "Close a stream, or try again later.",
                      .findings = {},
                      .retryable = true,
                      .retry_after = 5});
}

Response answer_of(const LiveAnswer& answer) {
  JsonWriter json;
  json.begin_object().name("changes").begin_array();
  for (const auto& summary : answer.changes) json.raw(summary);
  json.end_array().text("cursor", answer.cursor).flag("resync", answer.resync).end_object();
  return json_response(200, std::move(json).take());
}

}  // namespace

void stream_changes(const ApiParts& parts, const Request& request, const Respond& respond) {
  Query query(request.query, {"definition", "status", "stuck", "businessKey", "saga", "after"});
  auto filter = live_filter_in(query);
  if (const auto wrong = query.error()) return respond(to_response(problem_of(*wrong)));
  // A browser that comes back repeats the address, and says in the header what it has seen since.
  const auto seen = request.headers.find("Last-Event-ID");
  const auto after = seen && !seen->empty() ? std::string(*seen) : query.text("after").value_or("");
  Response response;
  response.headers.add("Content-Type", "text/event-stream");
  response.headers.add("X-Accel-Buffering", "no");  // proxies of this kind would hold events back
  response.stream = std::make_shared<ResponseStream>();
  if (!parts.live.open_stream(std::move(filter), after, response.stream))
    return respond(too_many());
  respond(std::move(response));
}

void poll_changes(const ApiParts& parts, const Request& request, const Respond& respond) {
  Query query(request.query,
              {"definition", "status", "stuck", "businessKey", "saga", "after", "wait"});
  auto filter = live_filter_in(query);
  const std::chrono::seconds wait{query.integer("wait", 0, wait_max).value_or(wait_default)};
  if (const auto wrong = query.error()) return respond(to_response(problem_of(*wrong)));
  const auto answered = [respond](const LiveAnswer& answer) { respond(answer_of(answer)); };
  if (!parts.live.poll(std::move(filter), query.text("after").value_or(""), wait, answered))
    respond(too_many());
}

}  // namespace skald::http
