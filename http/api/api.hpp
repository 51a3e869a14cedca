#pragma once

#include <string_view>

#include "dsl/json/load.hpp"
#include "engine/model/registry.hpp"
#include "engine/orchestrator/orchestrator.hpp"
#include "engine/orchestrator/retention.hpp"
#include "engine/orchestrator/store.hpp"
#include "http/api/agenda.hpp"
#include "http/live/live_feed.hpp"
#include "http/server/router.hpp"

namespace skald::http {

/// What the program was made from; shown by /metrics. The texts must outlive the API: literals.
struct BuildInfo {
  std::string_view version;
  std::string_view commit;
  std::string_view compiler;
};

/// What the REST API works with. All of it must outlive the router, and the agendas must be closed
/// before any of the rest goes. The right order to end: long_work.close(), agenda.close(),
/// live.close(), server.stop(), orchestrator.drain().
struct ApiParts {
  Orchestrator& orchestrator;
  StoreReader& reader;
  const Registry& definitions;
  Agenda& agenda;
  Agenda& long_work;  ///< documents are read and diagrams drawn here, so that no saga waits for it
  const document::LoadOptions& documents;  ///< how documents that clients send are read
  LiveFeed& live;                          ///< hears of the orchestrator's commits
  BuildInfo build;
  const Retention* retention = nullptr;  ///< none: nothing is ever removed
};

/// Adds the routes of the REST API, as http/api/openapi.json describes them.
void add_routes(Router& router, ApiParts parts);

}  // namespace skald::http
