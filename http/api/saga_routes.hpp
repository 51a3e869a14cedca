#pragma once

#include "http/api/api.hpp"
#include "http/server/router.hpp"

/// The handlers under /v1/sagas and /v1/signals. They run on I/O threads; what waits
/// for a commit is answered from the agenda.
namespace skald::http {

/// POST /v1/sagas: starts a saga, and with `Prefer: wait=N` waits for its end.
void start_saga(const ApiParts& parts, const Request& request, Respond respond);

/// POST /v1/sagas:batch: starts many, and tells of each what came of it.
void start_sagas(const ApiParts& parts, const Request& request, Respond respond);

/// GET /v1/sagas: lists sagas, newest first, page by page.
void list_sagas(const ApiParts& parts, const Request& request, const Respond& respond);

/// GET /v1/sagas/count: how many there are.
void count_sagas(const ApiParts& parts, const Request& request, const Respond& respond);

/// GET /v1/sagas/{id}
void get_saga(const ApiParts& parts, const SagaId& id, const Request& request,
              const Respond& respond);

/// GET /v1/sagas/{id}/events: its history, oldest first, page by page.
void list_saga_events(const ApiParts& parts, const SagaId& id, const Request& request,
                      const Respond& respond);

/// GET /v1/sagas/{id}/explain: why it is where it is.
void explain_saga(const ApiParts& parts, const SagaId& id, const Respond& respond);

/// POST /v1/sagas/{id}/signals/{signal}: the body is the payload.
void signal_saga(const ApiParts& parts, const SagaId& id, const std::string& signal,
                 const Request& request, Respond respond);

/// POST /v1/signals/{signal}: to every saga whose correlation key is the one in the body.
void publish_signal(const ApiParts& parts, const std::string& signal, const Request& request,
                    Respond respond);

/// POST /v1/sagas/{id}/migrate: to another version of its definition.
void migrate_saga(const ApiParts& parts, const SagaId& id, const Request& request, Respond respond);

// POST /v1/sagas/{id}/<action>
void retry_saga(const ApiParts& parts, const SagaId& id, const Request& request, Respond respond);
void skip_saga_step(const ApiParts& parts, const SagaId& id, const Request& request,
                    Respond respond);
void compensate_saga(const ApiParts& parts, const SagaId& id, const Request& request,
                     Respond respond);
void cancel_saga(const ApiParts& parts, const SagaId& id, const Request& request, Respond respond);
void pause_saga(const ApiParts& parts, const SagaId& id, const Request& request, Respond respond);
void resume_saga(const ApiParts& parts, const SagaId& id, const Request& request, Respond respond);
void terminate_saga(const ApiParts& parts, const SagaId& id, const Request& request,
                    Respond respond);
void note_saga(const ApiParts& parts, const SagaId& id, const Request& request, Respond respond);
/// A new saga with the input of one that has ended.
void rerun_saga(const ApiParts& parts, const SagaId& id, const Request& request, Respond respond);

}  // namespace skald::http
