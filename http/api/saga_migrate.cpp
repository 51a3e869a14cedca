#include "http/api/acting.hpp"
#include "http/api/json_body.hpp"
#include "http/api/migrating.hpp"
#include "http/api/saga_json.hpp"
#include "http/api/saga_routes.hpp"

namespace skald::http {

namespace {

/// A migration that was asked for, as its answer shows it.
struct Asked {
  SagaId id;
  DefinitionRef from;
  std::uint32_t to = 0;
  bool dry_run = false;
};

std::string answer_json(const Asked& asked, const Migrated& migrated) {
  JsonWriter json;
  json.begin_object()
      .text("id", asked.id.value)
      .text("definition", asked.from.name)
      .integer("fromVersion", asked.from.version)
      .integer("toVersion", asked.to)
      .flag("dryRun", asked.dry_run)
      .text("status", name_of(migrated.status))
      .texts("states", migrated.active)
      .end_object();
  return std::move(json).take();
}

}  // namespace

std::shared_ptr<const Definition> version_in(const Registry& definitions, const std::string& name,
                                             ObjectReader& document) {
  const auto version = document.integer("toVersion", 1, UINT32_MAX);
  if (!version) return nullptr;
  auto found = definitions.find(name, static_cast<std::uint32_t>(*version));
  if (found) return found;
  std::string versions;
  for (const auto& definition : definitions.all())
    if (definition->ref.name == name)
      versions.append(versions.empty() ? "" : ", ").append(std::to_string(definition->ref.version));
  document.refuse("toVersion", "is not registered; there are: " + versions, "UNKNOWN_VERSION");
  return nullptr;
}

Problem migration_refused(const ApiParts& parts, const SagaId& id, const Error& error) {
  auto problem = refusal_of(parts, id, error);
  if (error.code == ErrorCode::invalid_argument) problem.code = "MIGRATION_REFUSED";
  return problem;
}

void migrate_saga(const ApiParts& parts, const SagaId& id, const Request& request,
                  Respond respond) {
  const auto body = read_body(request, Body::required);
  if (const auto* refused = std::get_if<Problem>(&body)) return respond(to_response(*refused));
  const auto saga = read_saga(parts, id);
  if (!saga) return respond(to_response(problem_of(saga.error())));
  const DefinitionRef from = saga->definition->ref;
  std::vector<Finding> findings;
  ObjectReader document(std::get<Json>(body), findings);
  document.expect({"toVersion", "dryRun"}, {"toVersion"});
  const bool dry_run = document.flag("dryRun").value_or(false);
  const auto to = version_in(parts.definitions, from.name, document);
  if (to && to->ref == from)
    document.refuse("toVersion", "is the version that the saga runs by", "SAME_VERSION");
  if (!findings.empty())
    return respond(refused_body("The migration cannot be understood.", std::move(findings)));
  parts.orchestrator.migrate(
      id, to, dry_run,
      [parts, respond = std::move(respond),
       asked = Asked{id, from, to->ref.version, dry_run}](const Result<Migrated>& migrated) {
        parts.agenda.soon([parts, respond, asked, migrated] {
          if (!migrated)
            return respond(to_response(migration_refused(parts, asked.id, migrated.error())));
          respond(json_response(200, answer_json(asked, *migrated)));
        });
      });
}

}  // namespace skald::http
