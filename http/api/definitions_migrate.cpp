#include <atomic>

#include "http/api/definition_routes.hpp"
#include "http/api/migrating.hpp"
#include "http/api/page_token.hpp"
#include "http/api/saga_json.hpp"

namespace skald::http {

namespace {

constexpr std::int64_t limit_default = 100;
constexpr std::int64_t limit_max = 1000;
/// Sagas that are looked at for one request at most: those of other versions count, too.
constexpr std::size_t looked_at_max = 10'000;
/// Sagas read by one task, so that other answers come in between.
constexpr std::size_t page_size = 100;
/// Sagas that are migrated in one batch of the orchestrator, whose other work waits for it.
constexpr std::size_t wave_size = 32;

struct Chosen {
  SagaId saga;
  std::optional<Result<Migrated>> result;
};

/// One request from the search for its sagas to its answer. Its tasks follow each other, on the
/// agenda; only results come from the orchestrator's thread, each into a place of its own.
struct Campaign {
  Campaign(const ApiParts& with, Respond answer) : parts(with), respond(std::move(answer)) {}

  ApiParts parts;
  Respond respond;
  std::shared_ptr<const Definition> to;
  std::uint32_t from_version = 0;  ///< 0: every version but that of `to`
  bool dry_run = true;
  std::size_t limit = limit_default;
  SagaFilter filter;
  std::optional<SagaKey> before;  ///< the search goes on with older sagas
  bool more = false;              ///< it was given up before the oldest one
  std::size_t looked_at = 0;
  std::vector<Chosen> chosen;
  std::size_t sent = 0;
  std::atomic<std::size_t> awaited{0};
};
using Shared = std::shared_ptr<Campaign>;

std::vector<Status> live_statuses(ObjectReader& document) {
  std::vector<Status> statuses;
  for (const auto& name : document.list("statuses")) {
    const auto status = status_named(name);
    if (status && !is_end(*status))
      statuses.push_back(*status);
    else
      document.refuse("statuses",
                      "'" + name + "' must be one of: running, compensating, paused, stuck",
                      "FIELD_VALUE");
  }
  if (statuses.empty())
    return {Status::running, Status::compensating, Status::paused, Status::stuck};
  return statuses;
}

void read_request(Campaign& campaign, const std::string& name, ObjectReader& document) {
  document.expect({"fromVersion", "toVersion", "dryRun", "statuses", "limit", "pageToken"},
                  {"toVersion"});
  campaign.from_version =
      static_cast<std::uint32_t>(document.integer("fromVersion", 1, UINT32_MAX).value_or(0));
  campaign.to = version_in(campaign.parts.definitions, name, document);
  if (campaign.to && campaign.to->ref.version == campaign.from_version)
    document.refuse("fromVersion", "must be another version than toVersion", "SAME_VERSION");
  campaign.dry_run = document.flag("dryRun").value_or(true);
  campaign.limit =
      static_cast<std::size_t>(document.integer("limit", 1, limit_max).value_or(limit_default));
  campaign.filter.definition = name;
  campaign.filter.statuses = live_statuses(document);
  const auto token = document.text("pageToken");
  if (!token) return;
  campaign.before = read_page_token(*token, campaign.filter);
  if (!campaign.before)
    document.refuse("pageToken", "is not a token of this migration", "BAD_PAGE_TOKEN");
}

void write_refused(JsonWriter& json, const Campaign& campaign, const Chosen& one) {
  const auto problem = migration_refused(campaign.parts, one.saga, one.result->error());
  json.begin_object()
      .text("saga", one.saga.value)
      .text("code", problem.code)
      .text("detail", problem.detail);
  write_findings(json.name("findings"), problem.findings);
  json.end_object();
}

void answer(const Campaign& campaign) {
  const auto migrated = std::count_if(campaign.chosen.begin(), campaign.chosen.end(),
                                      [](const Chosen& one) { return one.result->ok(); });
  JsonWriter json;
  json.begin_object()
      .text("definition", campaign.to->ref.name)
      .integer("toVersion", campaign.to->ref.version)
      .flag("dryRun", campaign.dry_run)
      .integer("matched", static_cast<std::int64_t>(campaign.chosen.size()))
      .integer("migrated", migrated)
      .name("refused")
      .begin_array();
  for (const auto& one : campaign.chosen)
    if (!one.result->ok()) write_refused(json, campaign, one);
  json.end_array();
  if (campaign.more && campaign.before)
    json.text("nextPageToken", page_token(*campaign.before, campaign.filter));
  json.end_object();
  campaign.respond(json_response(200, std::move(json).take()));
}

/// Migrates the next sagas, and goes on when all of them have been answered for.
void migrate_next(const Shared& campaign) {
  const auto begin = campaign->sent;
  const auto end = std::min(begin + wave_size, campaign->chosen.size());
  if (begin == end) return answer(*campaign);
  campaign->sent = end;
  campaign->awaited = end - begin;
  for (auto i = begin; i < end; ++i)
    campaign->parts.orchestrator.migrate(
        campaign->chosen[i].saga, campaign->to, campaign->dry_run,
        [campaign, i](Result<Migrated> migrated) {
          campaign->chosen[i].result = std::move(migrated);
          if (--campaign->awaited == 0)
            campaign->parts.agenda.soon([campaign] { migrate_next(campaign); });
        });
}

/// Takes the sagas of one page that are to be migrated. False: there are no more, or enough.
bool take(Campaign& campaign, const std::vector<SagaRow>& page) {
  for (const auto& row : page) {
    if (campaign.chosen.size() == campaign.limit || campaign.looked_at == looked_at_max) {
      campaign.more = true;
      return false;
    }
    ++campaign.looked_at;
    campaign.before = row.key;
    const auto version = row.definition.version;
    const bool wanted = campaign.from_version == 0 ? version != campaign.to->ref.version
                                                   : version == campaign.from_version;
    if (wanted) campaign.chosen.push_back({row.id, std::nullopt});
  }
  return page.size() == page_size;
}

void search_on(const Shared& campaign) {
  const auto page = campaign->parts.reader.list(campaign->filter, campaign->before, page_size);
  if (!page) return campaign->respond(to_response(problem_of(page.error())));
  if (!take(*campaign, *page)) return migrate_next(campaign);
  campaign->parts.agenda.soon([campaign] { search_on(campaign); });
}

}  // namespace

void migrate_definition(const ApiParts& parts, const std::string& name, const Request& request,
                        Respond respond) {
  const auto body = read_body(request, Body::required);
  if (const auto* refused = std::get_if<Problem>(&body)) return respond(to_response(*refused));
  if (!parts.definitions.find(name)) return respond(unknown_definition(name, std::nullopt));
  const auto campaign = std::make_shared<Campaign>(parts, std::move(respond));
  std::vector<Finding> findings;
  ObjectReader document(std::get<Json>(body), findings);
  read_request(*campaign, name, document);
  if (!findings.empty())
    return campaign->respond(
        refused_body("The migration cannot be understood.", std::move(findings)));
  parts.agenda.soon([campaign] { search_on(campaign); });
}

}  // namespace skald::http
