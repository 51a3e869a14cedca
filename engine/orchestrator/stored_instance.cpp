#include "engine/orchestrator/stored_instance.hpp"

#include <algorithm>
#include <map>

#include "engine/core/resume.hpp"
#include "engine/model/codec.hpp"
#include "engine/model/history.hpp"

namespace skald {

namespace {

/// Most sagas have fewer transitions than this, and are read in one go.
constexpr std::size_t rows_at_once = 64;

/// Gives values out of one saga's history, reading every row at most once.
class HistoryValues {
 public:
  HistoryValues(StoreReader& reader, SagaKey saga) : reader_(reader), saga_(saga) {}

  Result<Json> at(HistoryPlace place) {
    const auto row = row_at(place.revision);
    if (!row) return row.error();
    if (place.entry < (*row)->entries.size()) return (*row)->entries[place.entry].payload;
    return Error{ErrorCode::storage_unreadable,
                 "the history has no entry " + std::to_string(place.entry) + " of revision " +
                     std::to_string(place.revision),
                 {},
                 {}};
  }

  Result<std::string> chunks_at(std::int64_t revision) {
    const auto row = row_at(revision);
    if (!row) return row.error();
    if (!(*row)->chunks.empty()) return (*row)->chunks;
    return Error{
        ErrorCode::storage_unreadable,
        "the history holds nothing of the completion log in revision " + std::to_string(revision),
        {},
        {}};
  }

 private:
  struct Row {
    std::vector<HistoryEntry> entries;
    std::string chunks;
  };

  Result<const Row*> row_at(std::int64_t revision) {
    if (!rows_.contains(revision))
      if (auto read = read_from(revision); !read) return read.error();
    const auto row = rows_.find(revision);
    if (row != rows_.end()) return &row->second;
    return Error{ErrorCode::storage_unreadable,
                 "the history has no revision " + std::to_string(revision),
                 {},
                 {}};
  }

  Result<void> read_from(std::int64_t revision) {
    const auto rows = reader_.history(saga_, revision - 1, rows_at_once);
    if (!rows) return rows.error();
    for (const auto& row : *rows) {
      auto entries = decode_history(row.entries);
      if (!entries) return entries.error();
      auto chunks = decode_chunks_in(row.entries);
      if (!chunks) return chunks.error();
      rows_.insert_or_assign(row.revision, Row{std::move(*entries), std::move(*chunks)});
    }
    return {};
  }

  StoreReader& reader_;
  SagaKey saga_;
  std::map<std::int64_t, Row> rows_;
};

void take_columns(const SagaRow& row, Instance& saga) {
  saga.key = row.key;
  saga.id = row.id;
  saga.definition = row.definition;
  saga.business_key = row.business_key;
  saga.status = row.status;
  saga.created = row.created;
  saga.updated = row.updated;
  saga.ended = row.ended;
  saga.revision = row.revision;
}

Result<StoredSaga> read(const Registry& definitions, const SagaRow& row, const ValueAt& value_at,
                        const ChunksAt& chunks_at) {
  auto definition = definitions.find(row.definition.name, row.definition.version);
  if (!definition)
    return Error{ErrorCode::storage_unreadable,
                 "The stored saga '" + row.id.value + "' runs by '" + row.definition.name +
                     "' version " + std::to_string(row.definition.version) +
                     ", which is not registered.",
                 "Keep old definition versions registered until their sagas have ended.",
                 {}};
  auto saga = decode_instance(*definition, row.instance, value_at, chunks_at);
  if (!saga) return saga.error();
  take_columns(row, *saga);
  return StoredSaga{std::move(definition), std::move(*saga)};
}

}  // namespace

Result<StoredSaga> read_saga(const Registry& definitions, StoreReader& reader, const SagaRow& row) {
  HistoryValues values(reader, row.key);
  return read(
      definitions, row, [&](HistoryPlace place) { return values.at(place); },
      [&](std::int64_t revision) { return values.chunks_at(revision); });
}

Result<StoredSaga> read_progress(const Registry& definitions, const SagaRow& row) {
  return read(
      definitions, row, [](HistoryPlace) { return Json(); },
      [](std::int64_t) { return std::string(); });
}

Keep keep(const Instance& saga) {
  if (!saga.locks.empty() || !saga.correlations.empty()) return Keep::for_others;
  const bool out = std::any_of(saga.pending.begin(), saga.pending.end(),
                               [](const Pending& one) { return one.wait == Pending::Wait::reply; });
  return out ? Keep::for_replies : Keep::no;
}

HistoryRow history_of(const Definition& definition, Instance& saga, Timestamp at,
                      const std::vector<HistoryEntry>& entries) {
  const auto full = saga.log.store_chunks(saga.revision);
  const auto chunks = full.empty() ? std::string() : encode_chunks(definition, saga.log, full);
  return {saga.key, saga.revision, at, encode_history(entries, chunks)};
}

SagaRow row_of(const Definition& definition, const Instance& saga) {
  return {.key = saga.key,
          .id = saga.id,
          .definition = saga.definition,
          .business_key = saga.business_key,
          .status = saga.status,
          .created = saga.created,
          .updated = saga.updated,
          .ended = saga.ended,
          .revision = saga.revision,
          .instance = encode_instance(definition, saga, RecordForm::for_store),
          .due = next_due(saga),
          .keep = keep(saga)};
}

}  // namespace skald
