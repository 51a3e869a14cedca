#include <algorithm>
#include <map>
#include <tuple>

#include "http/api/problem_of.hpp"
#include "http/api/query.hpp"
#include "http/api/saga_filter.hpp"
#include "http/api/saga_json.hpp"
#include "http/api/saga_routes.hpp"

namespace skald::http {

namespace {

/// By what the numbers are told apart.
struct Grouping {
  bool definition = false;
  bool version = false;
  bool status = false;

  [[nodiscard]] bool any() const { return definition || version || status; }
};

Grouping grouping_in(Query& query) {
  Grouping grouping;
  for (const auto& name : query.list("groupBy")) {
    bool* given = name == "definition" ? &grouping.definition
                  : name == "version"  ? &grouping.version
                  : name == "status"   ? &grouping.status
                                       : nullptr;
    if (given == nullptr || std::exchange(*given, true))
      query.refuse("groupBy", "must be some of: definition, version, status; each once");
  }
  if (grouping.version && !grouping.definition)
    query.refuse("groupBy", "a version says nothing without its definition: add definition");
  return grouping;
}

/// What is told apart; the rest is empty, and so the same for all.
using Group = std::tuple<std::string, std::uint32_t, std::optional<Status>>;

Group group_of(const StatusCount& line, const Grouping& grouping) {
  return {grouping.definition ? line.definition.name : "",
          grouping.version ? line.definition.version : 0,
          grouping.status ? std::optional(line.status) : std::nullopt};
}

void write_group(JsonWriter& json, const Group& group, const Grouping& grouping,
                 std::int64_t count) {
  const auto& [definition, version, status] = group;
  json.begin_object();
  if (grouping.definition) json.text("definition", definition);
  if (grouping.version) json.integer("version", version);
  if (grouping.status) json.text("status", name_of(*status));
  json.integer("count", count).end_object();
}

}  // namespace

void count_sagas(const ApiParts& parts, const Request& request, const Respond& respond) {
  Query query(request.query, {"groupBy", "definition", "status", "stuck"});
  const auto grouping = grouping_in(query);
  const auto statuses = statuses_in(query);
  const auto definition = query.text("definition").value_or("");
  if (const auto wrong = query.error()) return respond(to_response(problem_of(*wrong)));
  const auto lines = parts.reader.count();
  if (!lines) return respond(to_response(problem_of(lines.error())));

  std::int64_t total = 0;
  std::map<Group, std::int64_t> groups;
  for (const StatusCount& line : *lines) {
    const bool asked = statuses.empty() ||
                       std::find(statuses.begin(), statuses.end(), line.status) != statuses.end();
    if (!asked || (!definition.empty() && definition != line.definition.name)) continue;
    total += line.count;
    groups[group_of(line, grouping)] += line.count;
  }
  JsonWriter json;
  json.begin_object().integer("total", total).name("groups").begin_array();
  if (grouping.any())
    for (const auto& [group, count] : groups) write_group(json, group, grouping, count);
  json.end_array().end_object();
  respond(json_response(200, std::move(json).take()));
}

}  // namespace skald::http
