#include <limits>
#include <nlohmann/json.hpp>

#include "http/api/problem_of.hpp"
#include "http/api/query.hpp"
#include "http/api/saga_json.hpp"
#include "http/api/saga_routes.hpp"

namespace skald::http {

namespace {

constexpr std::int64_t page_default = 100;
constexpr std::int64_t page_max = 1000;

/// The entries of one transition, each with the transition's revision and time.
void write_events(JsonWriter& json, const HistoryRow& row) {
  const auto entries = Json::from_stored(row.entries);
  for (const auto& entry : entries.value()) {
    json.begin_object().integer("revision", row.revision).time("at", row.at);
    for (const auto& [name, value] : entry.items()) json.name(name).raw(value.dump());
    json.end_object();
  }
}

}  // namespace

void list_saga_events(const ApiParts& parts, const SagaId& id, const Request& request,
                      const Respond& respond) {
  Query query(request.query, {"after", "pageSize"});
  const auto after =
      query.integer("after", 0, std::numeric_limits<std::int64_t>::max()).value_or(0);
  const auto size =
      static_cast<std::size_t>(query.integer("pageSize", 1, page_max).value_or(page_default));
  if (const auto wrong = query.error()) return respond(to_response(problem_of(*wrong)));
  const auto saga = find_saga(parts, id);
  if (!saga) return respond(to_response(problem_of(saga.error())));
  auto rows = parts.reader.history(saga->key, after, size + 1);
  if (!rows) return respond(to_response(problem_of(rows.error())));
  const bool more = rows->size() > size;
  if (more) rows->pop_back();

  JsonWriter json;
  json.begin_object().name("events").begin_array();
  for (const auto& row : *rows) write_events(json, row);
  json.end_array();
  if (more) json.integer("nextAfter", rows->back().revision);
  json.end_object();
  respond(json_response(200, std::move(json).take()));
}

}  // namespace skald::http
