#include <limits>

#include "engine/model/history.hpp"
#include "http/api/problem_of.hpp"
#include "http/api/query.hpp"
#include "http/api/saga_json.hpp"
#include "http/api/saga_routes.hpp"

namespace skald::http {

namespace {

constexpr std::int64_t page_default = 100;
constexpr std::int64_t page_max = 1000;

void write_entry(JsonWriter& json, const HistoryEntry& entry) {
  json.text("kind", name_of(entry.kind));
  json.text_unless_empty("step", entry.step);
  if (entry.phase) json.text("phase", name_of(*entry.phase));
  if (entry.attempt > 0) json.integer("attempt", entry.attempt);
  json.text_unless_empty("state", entry.state);
  json.text_unless_empty("message", entry.message);
  json.time_if_any("until", entry.until);
  json.text_unless_empty("actor", entry.actor);
  if (!entry.payload.is_null()) json.value("payload", entry.payload);
}

}  // namespace

Result<void> write_events(JsonWriter& json, const HistoryRow& row) {
  const auto entries = decode_history(row.entries);
  if (!entries) return entries.error();
  for (const auto& entry : *entries) {
    json.begin_object().integer("revision", row.revision).time("at", row.at);
    write_entry(json, entry);
    json.end_object();
  }
  return {};
}

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
  for (const auto& row : *rows)
    if (const auto written = write_events(json, row); !written)
      return respond(to_response(problem_of(written.error())));
  json.end_array();
  if (more) json.integer("nextAfter", rows->back().revision);
  json.end_object();
  respond(json_response(200, std::move(json).take()));
}

}  // namespace skald::http
