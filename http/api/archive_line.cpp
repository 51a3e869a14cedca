#include "http/api/archive_line.hpp"

#include "http/api/saga_json.hpp"

namespace skald::http {

namespace {

constexpr std::size_t revisions_at_once = 1000;

}  // namespace

Result<std::string> archive_line(const Registry& definitions, StoreReader& reader,
                                 const SagaRow& row) {
  const auto saga = skald::read_saga(definitions, reader, row);
  if (!saga) return saga.error();
  JsonWriter json;
  json.begin_object().name("saga").raw(saga_json(*saga)).name("events").begin_array();
  for (std::int64_t after = 0;;) {
    const auto rows = reader.history(row.key, after, revisions_at_once);
    if (!rows) return rows.error();
    for (const auto& one : *rows)
      if (const auto written = write_events(json, one); !written) return written.error();
    if (rows->size() < revisions_at_once) break;
    after = rows->back().revision;
  }
  json.end_array().end_object();
  return std::move(json).take();
}

}  // namespace skald::http
