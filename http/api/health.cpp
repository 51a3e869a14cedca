#include "http/api/json_writer.hpp"
#include "http/api/node_routes.hpp"
#include "http/api/saga_json.hpp"

namespace skald::http {

namespace {

struct HealthText {
  std::string_view name;
  std::string_view reason;  ///< why the node is not ready; empty when it is
};

HealthText text_of(Health health) {
  switch (health) {
    case Health::starting:
      return {"starting", "the stored sagas are being read"};
    case Health::ready:
      return {"ready", ""};
    case Health::disk_full:
      return {"diskFull", "the disk is full; ready again by itself when there is space"};
    case Health::storage_failed:
      return {"storageFailed",
              "a write to storage failed; nothing is acknowledged until the node is restarted"};
    case Health::draining:
      return {"draining", "the node is shutting down"};
  }
  return {"", ""};
}

}  // namespace

void get_liveness(const Respond& respond) { respond(json_response(200, R"({"status":"ok"})")); }

void get_readiness(const ApiParts& parts, const Respond& respond) {
  const auto health = parts.orchestrator.health();
  const auto [name, reason] = text_of(health);
  JsonWriter json;
  json.begin_object().text("status", name).text_unless_empty("reason", reason).end_object();
  respond(json_response(health == Health::ready ? 200 : 503, std::move(json).take()));
}

}  // namespace skald::http
