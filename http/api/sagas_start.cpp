#include <atomic>

#include "http/api/json_body.hpp"
#include "http/api/request_fields.hpp"
#include "http/api/saga_json.hpp"
#include "http/api/saga_routes.hpp"
#include "http/api/start_answer.hpp"
#include "http/api/start_request.hpp"

namespace skald::http {

namespace {

/// How a start is to be answered, and the one who waits for it.
struct Starting {
  Starting(const ApiParts& with, Respond to, std::optional<std::chrono::seconds> patience)
      : parts(with), respond(std::move(to)), wait(patience) {}

  ApiParts parts;
  Respond respond;
  std::optional<std::chrono::seconds> wait;
  Started started;
  WatchId watch{};
  Agenda::Entry limit;
  std::atomic<bool> over{false};  ///< the wait has ended, by the saga's end or by its limit
};

/// Shows the saga as it is now: 201 when it has ended, 202 while it goes on, 200 for a repetition.
void answer(const Starting& starting) {
  auto response = started_response(starting.parts, starting.started);
  if (starting.wait && response.status < 300)
    response.headers.add("Preference-Applied", "wait=" + std::to_string(starting.wait->count()));
  starting.respond(std::move(response));
}

/// Answers when the saga has ended, or when the client's patience has. Whichever comes first undoes
/// the other, so that nothing is kept for a saga that has ended or a client that has its answer.
///
/// Runs on the orchestrator's thread, which is also the one that tells of ends: `limit` is set
/// before an end can be told.
void wait_for_end(const std::shared_ptr<Starting>& starting) {
  starting->watch = starting->parts.orchestrator.watch(starting->started.id, [starting] {
    if (starting->over.exchange(true)) return;
    starting->parts.agenda.cancel(starting->limit);
    starting->parts.agenda.soon([starting] { answer(*starting); });
  });
  starting->limit = starting->parts.agenda.at(steady_now() + *starting->wait, [starting] {
    if (starting->over.exchange(true)) return;
    starting->parts.orchestrator.unwatch(starting->watch, starting->started.id);
    answer(*starting);
  });
}

}  // namespace

void start_saga(const ApiParts& parts, const Request& request, Respond respond) {
  auto key = read_key(request);
  if (const auto* refused = std::get_if<Problem>(&key)) return respond(to_response(*refused));
  const auto body = read_body(request, Body::required);
  if (const auto* refused = std::get_if<Problem>(&body)) return respond(to_response(*refused));
  auto start =
      read_start(parts.definitions, std::get<Json>(body), std::get<std::string>(std::move(key)));
  if (!start) return respond(to_response(problem_of(start.error())));

  start_and_answer(parts, request, std::move(*start), std::move(respond));
}

void start_and_answer(const ApiParts& parts, const Request& request, StartRequest start,
                      Respond respond) {
  const auto starting =
      std::make_shared<Starting>(parts, std::move(respond), preferred_wait(request.headers));
  parts.orchestrator.start(std::move(start), [starting](Result<Started> started) {
    if (!started) return starting->respond(to_response(problem_of(started.error())));
    starting->started = std::move(*started);
    if (starting->wait) return wait_for_end(starting);
    starting->parts.agenda.soon([starting] { answer(*starting); });
  });
}

}  // namespace skald::http
