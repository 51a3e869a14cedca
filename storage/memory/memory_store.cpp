#include "storage/memory/memory_store.hpp"

#include <algorithm>
#include <mutex>

#include "storage/memory/memory_tables.hpp"

namespace skald {

namespace {

bool matches(const SagaFilter& filter, const SagaRow& row) {
  const auto& statuses = filter.statuses;
  if (!statuses.empty() &&
      std::find(statuses.begin(), statuses.end(), row.status) == statuses.end())
    return false;
  if (!filter.definition.empty() && filter.definition != row.definition.name) return false;
  if (!filter.business_key.empty() && filter.business_key != row.business_key) return false;
  if (filter.created_from && row.created < *filter.created_from) return false;
  return !filter.created_before || row.created < *filter.created_before;
}

Error failed_on_demand(ErrorCode code) {
  if (code == ErrorCode::disk_full)
    return {code, "memory store: no space is left; nothing was stored", "free some space", {}};
  return {code,
          "memory store: a write failed; nothing is stored until it is opened again",
          "open the store again",
          {}};
}

Epoch next_epoch(MemoryTables& tables) {
  const std::unique_lock lock(tables.mutex);
  return Epoch{++tables.epoch};
}

class MemoryWriter final : public StoreWriter {
 public:
  explicit MemoryWriter(MemoryTables& tables) : tables_(tables), epoch_(next_epoch(tables)) {}

  Epoch epoch() const override { return epoch_; }

  Result<void> commit(Epoch epoch, const Batch& batch) override {
    const std::unique_lock lock(tables_.mutex);
    if (failed_) return failed_on_demand(ErrorCode::storage_failed);
    if (const auto fault = tables_.take_fault()) {
      failed_ = *fault == ErrorCode::storage_failed;
      return failed_on_demand(*fault);
    }
    if (number(epoch) != tables_.epoch) return superseded(epoch);
    if (auto checked = tables_.check(batch); !checked) return checked;
    tables_.store(batch);
    return {};
  }

  Result<void> for_each_live(const std::function<void(const LiveRow&)>& visit) override {
    std::vector<LiveRow> live;  // a copy, so that `visit` may use the store
    {
      const std::shared_lock lock(tables_.mutex);
      for (const auto& [key, row] : tables_.sagas)
        if (!is_end(row.status))
          live.push_back({row.key, row.definition, row.status, row.due, row.keep});
    }
    for (const LiveRow& row : live) visit(row);
    return {};
  }

  Result<void> for_each_request(const std::function<void(const RequestRow&)>& visit) override {
    std::vector<RequestRow> all;
    {
      const std::shared_lock lock(tables_.mutex);
      for (const auto& [key, row] : tables_.requests) all.push_back(row);
    }
    for (const RequestRow& row : all) visit(row);
    return {};
  }

  Result<void> for_each_definition(
      const std::function<void(const DefinitionRow&)>& visit) override {
    std::vector<DefinitionRow> all;
    {
      const std::shared_lock lock(tables_.mutex);
      for (const auto& [ref, row] : tables_.definitions) all.push_back(row);
    }
    for (const DefinitionRow& row : all) visit(row);
    return {};
  }

  Result<std::optional<RequestRow>> find_request(const std::string& key) override {
    const std::shared_lock lock(tables_.mutex);
    const auto place = tables_.requests.find(key);
    if (place == tables_.requests.end()) return std::optional<RequestRow>{};
    return std::optional{place->second};
  }

  Result<SagaKey> last_key() override {
    const std::shared_lock lock(tables_.mutex);
    return tables_.sagas.empty() ? SagaKey{} : tables_.sagas.rbegin()->first;
  }

 private:
  Error superseded(Epoch epoch) const {
    return {ErrorCode::storage_failed,
            "commit under epoch " + std::to_string(number(epoch)) +
                " is refused: the store is owned under epoch " + std::to_string(tables_.epoch),
            "another node took over; stop this one",
            {}};
  }

  MemoryTables& tables_;
  Epoch epoch_{};
  bool failed_ = false;
};

class MemoryReader final : public StoreReader {
 public:
  explicit MemoryReader(MemoryTables& tables) : tables_(tables) {}

  Result<std::optional<SagaRow>> find(const SagaId& id) override {
    const std::shared_lock lock(tables_.mutex);
    const auto place = tables_.saga_of_id.find(id.value);
    if (place == tables_.saga_of_id.end()) return std::optional<SagaRow>{};
    return std::optional{tables_.sagas.at(place->second)};
  }

  Result<std::optional<SagaRow>> find(SagaKey key) override {
    const std::shared_lock lock(tables_.mutex);
    const auto place = tables_.sagas.find(key);
    if (place == tables_.sagas.end()) return std::optional<SagaRow>{};
    return std::optional{place->second};
  }

  Result<std::vector<SagaRow>> list(const SagaFilter& filter, std::optional<SagaKey> before,
                                    std::size_t limit) override {
    const std::shared_lock lock(tables_.mutex);
    std::vector<SagaRow> page;
    auto place = before ? tables_.sagas.lower_bound(*before) : tables_.sagas.end();
    while (place != tables_.sagas.begin() && page.size() < limit) {
      --place;
      if (matches(filter, place->second)) page.push_back(place->second);
    }
    return page;
  }

  Result<std::vector<SagaRow>> oldest(SagaKey after, std::size_t limit) override {
    const std::shared_lock lock(tables_.mutex);
    std::vector<SagaRow> rows;
    for (auto place = tables_.sagas.upper_bound(after);
         place != tables_.sagas.end() && rows.size() < limit; ++place)
      rows.push_back(place->second);
    return rows;
  }

  Result<std::vector<HistoryRow>> history(SagaKey saga, std::int64_t after,
                                          std::size_t limit) override {
    const std::shared_lock lock(tables_.mutex);
    std::vector<HistoryRow> page;
    for (auto place = tables_.history.upper_bound({saga, after});
         place != tables_.history.end() && place->first.first == saga && page.size() < limit;
         ++place)
      page.push_back(place->second);
    return page;
  }

  Result<std::vector<StatusCount>> count() override {
    const std::shared_lock lock(tables_.mutex);
    std::map<std::pair<DefinitionRef, Status>, std::int64_t> counted;
    for (const auto& [key, row] : tables_.sagas) ++counted[{row.definition, row.status}];
    std::vector<StatusCount> counts;
    counts.reserve(counted.size());
    for (const auto& [of, count] : counted) counts.push_back({of.first, of.second, count});
    return counts;
  }

 private:
  MemoryTables& tables_;
};

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(std::shared_ptr<MemoryDisk> disk)
      : disk_(std::move(disk)), writer_(disk_->tables()), reader_(disk_->tables()) {}

  StoreWriter& writer() override { return writer_; }
  StoreReader& reader() override { return reader_; }

 private:
  std::shared_ptr<MemoryDisk> disk_;
  MemoryWriter writer_;
  MemoryReader reader_;
};

}  // namespace

std::unique_ptr<Store> open_memory_store(std::shared_ptr<MemoryDisk> disk) {
  if (!disk) disk = std::make_shared<MemoryDisk>();
  return std::make_unique<MemoryStore>(std::move(disk));
}

}  // namespace skald
