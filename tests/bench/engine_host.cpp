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

void audit_store(const std::filesystem::path& data, const Expected& expected, Measured& measured) {
  auto counts = open_store(data)->reader().count();
  measured.check(counts.ok(), "the store cannot be counted");
  if (!counts) return;
  Expected stored;
  for (const auto& one : *counts) {
    const bool is_expected = std::any_of(expected.begin(), expected.end(), [&](const auto& entry) {
      return entry.first.first == one.definition.name;
    });
    if (is_expected) stored[{one.definition.name, one.status}] += one.count;
  }
  const auto text = [](const Expected& all) {
    std::string list;
    for (const auto& [key, count] : all)
      if (count != 0)
        list += " " + std::to_string(count) + " " + key.first + " " +
                std::string(name_of(key.second)) + ";";
    return list;
  };
  measured.check(text(stored) == text(expected),
                 "the store holds" + text(stored) + " instead of" + text(expected));
}

std::uint64_t bytes_in(const std::filesystem::path& data) {
  std::uint64_t sum = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(data))
    if (file.is_regular_file()) sum += file.file_size();
  return sum;
}

}  // namespace skald::bench
