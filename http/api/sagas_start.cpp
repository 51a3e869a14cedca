#include <atomic>

#include "engine/orchestrator/start_check.hpp"
#include "http/api/json_body.hpp"
#include "http/api/request_fields.hpp"
#include "http/api/saga_json.hpp"
#include "http/api/saga_routes.hpp"

namespace skald::http {

namespace {

std::string known_definitions(const Registry& definitions) {
  std::string names;
  for (const auto& definition : definitions.all()) {
    const std::string name = "'" + definition->ref.name + "'";
    if (names.find(name) == std::string::npos) names.append(names.empty() ? "" : ", ").append(name);
  }
  return names.empty() ? "none" : names;
}

std::string known_versions(const Registry& definitions, const std::string& name) {
  std::string versions;
  for (const auto& definition : definitions.all())
    if (definition->ref.name == name)
      versions.append(versions.empty() ? "" : ", ").append(std::to_string(definition->ref.version));
  return versions;
}

/// The definition that the document names; null, with findings, when there is none.
std::shared_ptr<const Definition> definition_of(const Registry& definitions, ObjectReader& document,
                                                std::uint32_t version) {
  const auto name = document.text("definition");
  if (!name) return nullptr;
  auto found = definitions.find(*name, version);
  if (found) return found;
  if (definitions.find(*name))
    document.refuse("version",
                    "is not registered; there are: " + known_versions(definitions, *name),
                    "UNKNOWN_VERSION");
  else
    document.refuse("definition", "is not registered; there are: " + known_definitions(definitions),
                    "UNKNOWN_DEFINITION");
  return nullptr;
}

/// Adds what the engine finds wrong with `request`, except where the document itself was wrong: a
/// field that could not be read would be found a second time. Without a definition, everything but
/// the fields of the input is still checked, so that all errors are told at once.
void check_content(StartRequest request, std::vector<Finding>& findings) {
  static const auto any_input = std::make_shared<const Definition>();
  if (!request.definition) request.definition = any_input;
  const std::vector<Finding> known = findings;
  for (auto& finding : check_start(request)) {
    const auto same_place = [&](const Finding& one) { return one.where == finding.where; };
    if (std::none_of(known.begin(), known.end(), same_place))
      findings.push_back(std::move(finding));
  }
}

/// The request that `body` describes, with everything that is wrong with it.
Result<StartRequest> read_start(const Registry& definitions, const Json& body, std::string key) {
  std::vector<Finding> findings;
  ObjectReader document(body, findings);
  document.expect({"definition", "version", "id", "businessKey", "input", "tags"},
                  {"definition", "input"});
  StartRequest request;
  request.version_asked =
      static_cast<std::uint32_t>(document.integer("version", 1, UINT32_MAX).value_or(0));
  request.definition = definition_of(definitions, document, request.version_asked);
  if (auto id = document.text("id")) request.id = SagaId{std::move(*id)};
  request.idempotency_key = std::move(key);
  request.business_key = document.text("businessKey").value_or("");
  request.tags = document.texts("tags");
  request.input = document.value("input").value_or(Json());
  if (findings.empty()) return request;  // the engine checks its content when it starts
  if (document.is_object()) check_content(request, findings);
  return Error{ErrorCode::invalid_argument, "The saga cannot be started like this.",
               "Every error says where and what would be right.", std::move(findings)};
}

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
  const auto& id = starting.started.id;
  const auto saga = read_saga(starting.parts, id);
  if (!saga) return starting.respond(to_response(problem_of(saga.error())));
  const int fresh = is_end(saga->instance.status) ? 201 : 202;
  auto response = json_response(starting.started.replayed ? 200 : fresh, saga_json(*saga));
  response.headers.add("Location", "/v1/sagas/" + id.value);
  response.headers.add("ETag", etag_of(saga->instance));
  if (starting.started.replayed) response.headers.add("Idempotency-Replayed", "true");
  if (starting.wait)
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

  const auto starting =
      std::make_shared<Starting>(parts, std::move(respond), preferred_wait(request.headers));
  parts.orchestrator.start(std::move(*start), [starting](Result<Started> started) {
    if (!started) return starting->respond(to_response(problem_of(started.error())));
    starting->started = std::move(*started);
    if (starting->wait) return wait_for_end(starting);
    starting->parts.agenda.soon([starting] { answer(*starting); });
  });
}

}  // namespace skald::http
