#include <mutex>
#include <set>

#include "engine/model/invariant.hpp"
#include "storage/memory/memory_store.hpp"
#include "storage/memory/memory_tables.hpp"

namespace skald {

namespace {

Result<void> check_requests(const MemoryTables& tables, const Batch& batch) {
  std::set<std::string_view> seen;
  for (const RequestRow& row : batch.requests) {
    if (!tables.requests.contains(row.key) && seen.insert(row.key).second) continue;
    return Error{ErrorCode::internal,
                 "the request \"" + row.key + "\" is stored already; the batch is not stored",
                 "look a request up before committing it",
                 {}};
  }
  return {};
}

Result<void> check_ids(const MemoryTables& tables, const Batch& batch) {
  std::map<std::string_view, SagaKey> seen;
  for (const SagaRow& row : batch.sagas) {
    if (tables.sagas.contains(row.key)) continue;  // an update keeps the id that is stored
    const auto stored = tables.saga_of_id.find(row.id.value);
    const auto [place, fresh] = seen.emplace(row.id.value, row.key);
    if (stored == tables.saga_of_id.end() && (fresh || place->second == row.key)) continue;
    return Error{ErrorCode::id_conflict,
                 "a saga with the id \"" + row.id.value + "\" exists; the batch is not stored",
                 "choose another id",
                 {}};
  }
  return {};
}

Result<void> check_history(const MemoryTables& tables, const Batch& batch) {
  std::set<std::pair<SagaKey, std::int64_t>> seen;
  for (const HistoryRow& row : batch.history) {
    const std::pair place{row.saga, row.revision};
    if (!tables.history.contains(place) && seen.insert(place).second) continue;
    return Error{ErrorCode::internal,
                 "history of saga " + std::to_string(number(row.saga)) + " has revision " +
                     std::to_string(row.revision) + " already; the batch is not stored",
                 "",
                 {}};
  }
  return {};
}

Result<void> check_definitions(const MemoryTables& tables, const Batch& batch) {
  std::set<DefinitionRef> seen;
  for (const DefinitionRow& row : batch.definitions) {
    if (!tables.definitions.contains(row.ref) && seen.insert(row.ref).second) continue;
    return Error{ErrorCode::internal,
                 "version " + std::to_string(row.ref.version) + " of the definition \"" +
                     row.ref.name + "\" is stored already; the batch is not stored",
                 "look a definition up before committing it",
                 {}};
  }
  return {};
}

}  // namespace

Result<void> MemoryTables::check(const Batch& batch) const {
  if (auto ids = check_ids(*this, batch); !ids) return ids;
  if (auto revisions = check_history(*this, batch); !revisions) return revisions;
  if (auto asked = check_requests(*this, batch); !asked) return asked;
  return check_definitions(*this, batch);
}

void MemoryTables::remove(SagaKey key) {
  const auto saga = sagas.find(key);
  if (saga == sagas.end()) return;
  saga_of_id.erase(saga->second.id.value);
  history.erase(history.lower_bound({key, 0}), history.upper_bound({key, INT64_MAX}));
  std::erase_if(requests, [&](const auto& request) { return request.second.saga == key; });
  sagas.erase(saga);
}

void MemoryTables::store(const Batch& batch) {
  for (const SagaKey key : batch.removed) remove(key);
  if (batch.requests_before)
    std::erase_if(requests, [&](const auto& request) {
      return request.second.saga == SagaKey{} && request.second.at < *batch.requests_before;
    });
  for (const SagaRow& row : batch.sagas) {
    const auto [place, fresh] = sagas.emplace(row.key, row);
    if (fresh) {
      saga_of_id.emplace(row.id.value, row.key);
      continue;
    }
    SagaRow updated = row;
    updated.id = place->second.id;
    updated.created = place->second.created;
    updated.change = RowChange::any;
    place->second = std::move(updated);
  }
  for (const HistoryRow& row : batch.history)
    history.emplace(std::pair{row.saga, row.revision}, row);
  for (const RequestRow& row : batch.requests) requests.emplace(row.key, row);
  for (const DefinitionRow& row : batch.definitions) definitions.emplace(row.ref, row);
}

std::optional<ErrorCode> MemoryTables::take_fault() {
  if (faulty_commits == 0) return std::nullopt;
  --faulty_commits;
  return fault;
}

MemoryDisk::MemoryDisk() : tables_(std::make_unique<MemoryTables>()) {}
MemoryDisk::~MemoryDisk() = default;

void MemoryDisk::fail_next_commits(ErrorCode code, int commits) {
  invariant(code == ErrorCode::disk_full || code == ErrorCode::storage_failed,
            "a commit can fail with disk_full or storage_failed only");
  const std::unique_lock lock(tables_->mutex);
  tables_->fault = code;
  tables_->faulty_commits = commits;
}

}  // namespace skald
