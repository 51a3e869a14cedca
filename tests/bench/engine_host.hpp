#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/model/registry.hpp"
#include "engine/orchestrator/orchestrator.hpp"
#include "engine/orchestrator/store.hpp"
#include "engine/participants/participant.hpp"
#include "tests/bench/measured.hpp"

namespace skald::bench {

/// An engine in this process, with an SQLite store and without a REST API. Whatever goes wrong
/// while it is put together ends the process.
class EngineHost {
 public:
  /// `participants` must outlive it, and be stopped by close().
  EngineHost(const std::filesystem::path& data, std::vector<Definition> definitions,
             Participant& participants);
  ~EngineHost();
  EngineHost(const EngineHost&) = delete;
  EngineHost& operator=(const EngineHost&) = delete;

  /// Reads what is stored.
  void recover();
  /// Begins to work, after recover().
  void run() { engine_->run(); }
  void start() { recover(), run(); }

  /// Waits until no more than `count` sagas are live; false when that takes longer than `patience`.
  [[nodiscard]] bool wait_for_live(std::int64_t count, std::chrono::seconds patience) const;

  [[nodiscard]] Orchestrator& engine() { return *engine_; }
  [[nodiscard]] Store& store() { return *store_; }
  [[nodiscard]] std::shared_ptr<const Definition> definition(const std::string& name) const;

  /// Ends the engine and the participants, and closes the store.
  void close();

 private:
  Registry registry_;
  Participant& participants_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Orchestrator> engine_;
};

/// How many sagas of one definition should have one status.
using Expected = std::map<std::pair<std::string, Status>, std::int64_t>;

/// Opens the store in `data`, which nobody may have open, and adds a failure for every count that
/// is not as expected. Definitions that are not expected at all are not looked at.
void audit_store(const std::filesystem::path& data, const Expected& expected, Measured& measured);

/// Sagas that have not ended.
[[nodiscard]] std::int64_t live_sagas(const Orchestrator& engine);

/// Bytes of all files in `data`.
[[nodiscard]] std::uint64_t bytes_in(const std::filesystem::path& data);

}  // namespace skald::bench
