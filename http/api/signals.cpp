#include <algorithm>

#include "http/api/acting.hpp"
#include "http/api/json_body.hpp"
#include "http/api/saga_json.hpp"
#include "http/api/saga_routes.hpp"

namespace skald::http {

namespace {

constexpr std::size_t key_bytes_max = 500;  // as long as business keys are, which it comes from

/// Signals that a saga of some registered definition may be sent.
std::vector<std::string> known_signals(const Registry& definitions) {
  std::vector<std::string> names;
  for (const auto& definition : definitions.all())
    for (const auto& signal : definition->signals) names.push_back(signal.name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

/// Why no saga can be listening; nothing when one may.
std::optional<Error> nobody_listens(const Registry& definitions, const std::string& signal) {
  const auto names = known_signals(definitions);
  if (std::binary_search(names.begin(), names.end(), signal)) return std::nullopt;
  std::string list;
  for (const auto& name : names) list.append(list.empty() ? "" : ", ").append(name);
  return Error{ErrorCode::not_found,
               "No definition declares a signal '" + signal + "'.",
               list.empty() ? "No registered definition declares signals."
                            : "Signals of registered definitions: " + list + ".",
               {}};
}

Publication read_publication(ObjectReader& document) {
  document.expect({"correlationKey", "payload"}, {});
  Publication publication;
  publication.key = document.text("correlationKey").value_or("");
  if (publication.key.size() > key_bytes_max)
    document.refuse("correlationKey", "must be at most 500 bytes long", "FIELD_VALUE");
  publication.payload = document.value("payload").value_or(Json::from_stored("{}"));
  return publication;
}

Response answer(const Result<Published>& published) {
  if (!published) return to_response(problem_of(published.error()));
  JsonWriter json;
  json.begin_object()
      .integer("delivered", static_cast<std::int64_t>(published->delivered))
      .integer("refused", static_cast<std::int64_t>(published->refused))
      .end_object();
  return json_response(200, std::move(json).take());
}

}  // namespace

void signal_saga(const ApiParts& parts, const SagaId& id, const std::string& signal,
                 const Request& request, Respond respond) {
  auto key = read_key(request);
  if (const auto* refused = std::get_if<Problem>(&key)) return respond(to_response(*refused));
  auto payload = read_body(request, Body::may_be_empty);
  if (const auto* refused = std::get_if<Problem>(&payload)) return respond(to_response(*refused));
  act_on(parts, id,
         {.event = {Receive{signal, std::get<Json>(std::move(payload))}},
          .idempotency_key = std::get<std::string>(std::move(key)),
          .body_is = "/payload"},
         std::move(respond));
}

void publish_signal(const ApiParts& parts, const std::string& signal, const Request& request,
                    Respond respond) {
  auto key = read_key(request);
  if (const auto* refused = std::get_if<Problem>(&key)) return respond(to_response(*refused));
  const auto body = read_body(request, Body::may_be_empty);
  if (const auto* refused = std::get_if<Problem>(&body)) return respond(to_response(*refused));
  std::vector<Finding> findings;
  ObjectReader document(std::get<Json>(body), findings);
  auto publication = read_publication(document);
  if (!findings.empty())
    return respond(refused_body("The signal cannot be understood.", std::move(findings)));
  if (const auto nobody = nobody_listens(parts.definitions, signal))
    return respond(to_response(problem_of(*nobody)));
  publication.topic = signal;
  publication.idempotency_key = std::get<std::string>(std::move(key));
  parts.orchestrator.publish(std::move(publication), [parts, respond = std::move(respond)](
                                                         Result<Published> published) {
    parts.agenda.soon([respond, published = std::move(published)] { respond(answer(published)); });
  });
}

}  // namespace skald::http
