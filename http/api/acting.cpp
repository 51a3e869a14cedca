#include "http/api/acting.hpp"

#include "engine/core/status.hpp"
#include "http/api/saga_json.hpp"

namespace skald::http {

namespace {

Error in_the_body(Error error, const std::string& body_is) {
  for (auto& finding : error.findings)
    if (finding.where.starts_with(body_is)) finding.where.erase(0, body_is.size());
  return error;
}

}  // namespace

Problem refusal_of(const ApiParts& parts, const SagaId& id, const Error& error) {
  auto problem = problem_of(error);
  if (error.code != ErrorCode::action_not_allowed) return problem;
  if (const auto saga = read_saga(parts, id))
    problem.allowed_actions = allowed_actions(*saga->definition, saga->instance);
  return problem;
}

void act_on(const ApiParts& parts, const SagaId& id, Acting acting, Respond respond) {
  const auto answered = [parts, id, body_is = std::move(acting.body_is),
                         respond = std::move(respond)](const Result<Acted>& acted) {
    parts.agenda.soon([parts, id, body_is, respond, acted] {
      if (acted) return respond(show_saga(parts, id, 200));
      respond(to_response(refusal_of(parts, id, in_the_body(acted.error(), body_is))));
    });
  };
  parts.orchestrator.act(id, std::move(acting.event), answered, std::move(acting.idempotency_key),
                         acting.if_revision);
}

}  // namespace skald::http
