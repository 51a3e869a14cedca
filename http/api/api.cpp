#include "http/api/api.hpp"

#include "http/api/definition_routes.hpp"
#include "http/api/live_routes.hpp"
#include "http/api/node_routes.hpp"
#include "http/api/problem_of.hpp"
#include "http/api/query.hpp"
#include "http/api/saga_routes.hpp"

namespace skald::http {

namespace {

/// Refuses parameters on routes that have none: one that is ignored misleads whoever gave it.
RouteHandler without_parameters(RouteHandler handler) {
  return [handler = std::move(handler)](Request request, PathParameters path, Respond respond) {
    if (const auto wrong = Query(request.query, {}).error())
      return respond(to_response(problem_of(*wrong)));
    handler(std::move(request), std::move(path), std::move(respond));
  };
}

SagaId id_in(const PathParameters& path) { return {path.at("id")}; }

void add_saga_routes(Router& router, const ApiParts& parts) {
  router.add("POST", "/v1/sagas",
             without_parameters([parts](const Request& request, auto, auto respond) {
               start_saga(parts, request, std::move(respond));
             }));
  router.add("POST", "/v1/sagas:batch",
             without_parameters([parts](const Request& request, auto, auto respond) {
               start_sagas(parts, request, std::move(respond));
             }));
  router.add("GET", "/v1/sagas", [parts](const Request& request, auto, const Respond& respond) {
    list_sagas(parts, request, respond);
  });
  router.add("GET", "/v1/sagas/count",
             [parts](const Request& request, auto, const Respond& respond) {
               count_sagas(parts, request, respond);
             });
  router.add("GET", "/v1/sagas/{id}",
             without_parameters([parts](const Request& request, const PathParameters& path,
                                        const Respond& respond) {
               get_saga(parts, id_in(path), request, respond);
             }));
  router.add("GET", "/v1/sagas/{id}/events",
             [parts](const Request& request, const PathParameters& path, const Respond& respond) {
               list_saga_events(parts, id_in(path), request, respond);
             });
  router.add("GET", "/v1/sagas/{id}/explain",
             without_parameters(
                 [parts](const Request&, const PathParameters& path, const Respond& respond) {
                   explain_saga(parts, id_in(path), respond);
                 }));
}

using ActionHandler = void (*)(const ApiParts&, const SagaId&, const Request&, Respond);

void add_action_routes(Router& router, const ApiParts& parts) {
  const auto add = [&](const std::string& action, ActionHandler act) {
    router.add("POST", "/v1/sagas/{id}/" + action,
               without_parameters([parts, act](const Request& request, const PathParameters& path,
                                               Respond respond) {
                 act(parts, id_in(path), request, std::move(respond));
               }));
  };
  add("retry", retry_saga);
  add("skip", skip_saga_step);
  add("compensate", compensate_saga);
  add("cancel", cancel_saga);
  add("pause", pause_saga);
  add("resume", resume_saga);
  add("terminate", terminate_saga);
  add("notes", note_saga);
  add("rerun", rerun_saga);
  add("migrate", migrate_saga);
}

void add_signal_routes(Router& router, const ApiParts& parts) {
  router.add("POST", "/v1/sagas/{id}/signals/{signal}",
             without_parameters(
                 [parts](const Request& request, const PathParameters& path, Respond respond) {
                   signal_saga(parts, id_in(path), path.at("signal"), request, std::move(respond));
                 }));
  router.add("POST", "/v1/signals/{signal}",
             without_parameters(
                 [parts](const Request& request, const PathParameters& path, Respond respond) {
                   publish_signal(parts, path.at("signal"), request, std::move(respond));
                 }));
}

using NamedHandler = void (*)(const ApiParts&, const std::string& name, const Request&, Respond);

void add_definition_routes(Router& router, const ApiParts& parts) {
  const auto named = [&parts](NamedHandler handle) {
    return [parts, handle](const Request& request, const PathParameters& path, Respond respond) {
      handle(parts, path.at("name"), request, std::move(respond));
    };
  };
  const auto unnamed = [&parts](void (*handle)(const ApiParts&, const Request&, Respond)) {
    return without_parameters([parts, handle](const Request& request, auto, Respond respond) {
      handle(parts, request, std::move(respond));
    });
  };
  router.add("GET", "/v1/definitions",
             without_parameters([parts](const Request&, auto, const Respond& respond) {
               list_definitions(parts, respond);
             }));
  router.add("POST", "/v1/definitions", unnamed(register_definition));
  router.add("POST", "/v1/definitions/validate", unnamed(validate_definition));
  router.add("GET", "/v1/definitions/{name}", named(get_definition));
  router.add("GET", "/v1/definitions/{name}/diagram", named(get_diagram));
  router.add("POST", "/v1/definitions/{name}/migrate",
             without_parameters(named(migrate_definition)));
  router.add("GET", "/v1/schemas/definition.json",
             without_parameters(
                 [](auto, auto, const Respond& respond) { get_definition_schema(respond); }));
}

void add_live_routes(Router& router, const ApiParts& parts) {
  router.add("GET", "/v1/stream", [parts](const Request& request, auto, const Respond& respond) {
    stream_changes(parts, request, respond);
  });
  router.add("GET", "/v1/changes", [parts](const Request& request, auto, const Respond& respond) {
    poll_changes(parts, request, respond);
  });
}

void add_node_routes(Router& router, const ApiParts& parts) {
  router.add("GET", "/livez", [](auto, auto, const Respond& respond) { get_liveness(respond); });
  router.add("GET", "/readyz",
             [parts](auto, auto, const Respond& respond) { get_readiness(parts, respond); });
  router.add("GET", "/metrics",
             [parts](auto, auto, const Respond& respond) { get_metrics(parts, respond); });
  router.add("GET", "/openapi.json",
             [](auto, auto, const Respond& respond) { get_openapi(respond); });
}

}  // namespace

void add_routes(Router& router, ApiParts parts) {
  add_saga_routes(router, parts);
  add_action_routes(router, parts);
  add_signal_routes(router, parts);
  add_definition_routes(router, parts);
  add_live_routes(router, parts);
  add_node_routes(router, parts);
}

}  // namespace skald::http
