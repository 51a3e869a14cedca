#include "tests/bench/engine_host.hpp"

#include <algorithm>

#include "engine/model/invariant.hpp"
#include "storage/sqlite/sqlite_store.hpp"
#include "tests/bench/usage.hpp"

namespace skald::bench {

namespace {

std::unique_ptr<Store> open_store(const std::filesystem::path& data) {
  auto store = open_sqlite_store({.directory = data});
  invariant(store.ok(), store ? "" : store.error().message);
  return std::move(*store);
}

}  // namespace

EngineHost::EngineHost(const std::filesystem::path& data, std::vector<Definition> definitions,
                       Participant& participants)
    : participants_(participants), store_(open_store(data)) {
  for (auto& definition : definitions)
    invariant(registry_.add(std::move(definition)).ok(), "a definition can be registered");
  engine_ = std::make_unique<Orchestrator>(
      OrchestratorParts{.definitions = registry_, .store = *store_, .participants = participants_});
}

EngineHost::~EngineHost() { close(); }

void EngineHost::recover() {
  const auto recovered = engine_->recover();
  invariant(recovered.ok(), recovered ? "" : recovered.error().message);
}

bool EngineHost::wait_for_live(std::int64_t count, std::chrono::seconds patience) const {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (live_sagas(*engine_) > count) {
    if (std::chrono::steady_clock::now() > until) return false;
    pause_for(std::chrono::milliseconds(2));
  }
  return true;
}

std::int64_t live_sagas(const Orchestrator& engine) {
  std::int64_t sum = 0;
  for (const auto& [key, count] : engine.metrics().live) sum += count;
  return sum;
}

std::shared_ptr<const Definition> EngineHost::definition(const std::string& name) const {
  return registry_.find(name);
}

void EngineHost::close() {
  if (!engine_) return;
  engine_->drain(std::chrono::seconds(1));
  participants_.stop();
  engine_.reset();
  store_.reset();
}

namespace {

/// Looks at every row, so that the store's own counts are not believed.
Result<Expected> counted_rows(StoreReader& reader) {
  constexpr std::size_t rows_at_once = 1000;
  Expected counts;
  SagaKey after{};
  for (;;) {
    const auto rows = reader.oldest(after, rows_at_once);
    if (!rows) return rows.error();
    if (rows->empty()) return counts;
    for (const auto& row : *rows) ++counts[{row.definition.name, row.status}];
    after = rows->back().key;
  }
}

Result<Expected> own_counts(StoreReader& reader) {
  const auto lines = reader.count();
  if (!lines) return lines.error();
  Expected counts;
  for (const auto& one : *lines) counts[{one.definition.name, one.status}] += one.count;
  return counts;
}

std::string text_of(const Expected& all, const Expected& wanted) {
  std::string list;
  for (const auto& [key, count] : all) {
    const bool is_wanted = std::any_of(wanted.begin(), wanted.end(), [&](const auto& entry) {
      return entry.first.first == key.first;
    });
    if (count != 0 && is_wanted)
      list += " " + std::to_string(count) + " " + key.first + " " +
              std::string(name_of(key.second)) + ";";
  }
  return list;
}

}  // namespace

void audit_store(const std::filesystem::path& data, const Expected& expected, Measured& measured) {
  const auto store = open_store(data);
  const auto check = [&](const Result<Expected>& counts, const std::string& whose) {
    measured.check(counts.ok(), "the store cannot be counted");
    if (!counts) return;
    const auto found = text_of(*counts, expected);
    const auto wanted = text_of(expected, expected);
    measured.check(found == wanted, whose + " say" + found + " instead of" + wanted);
  };
  check(counted_rows(store->reader()), "the rows");
  check(own_counts(store->reader()), "the store's counts");
}

std::uint64_t bytes_in(const std::filesystem::path& data) {
  std::uint64_t sum = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(data))
    if (file.is_regular_file()) sum += file.file_size();
  return sum;
}

}  // namespace skald::bench
