#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "engine/model/registry.hpp"
#include "engine/orchestrator/clock.hpp"
#include "engine/orchestrator/command.hpp"
#include "engine/orchestrator/commit_listener.hpp"
#include "engine/orchestrator/crash_points.hpp"
#include "engine/orchestrator/metrics.hpp"
#include "engine/orchestrator/random_source.hpp"
#include "engine/orchestrator/store.hpp"
#include "engine/participants/participant.hpp"

namespace skald {

/// What the orchestrator works with. All of it must outlive the orchestrator.
struct OrchestratorParts {
  Registry& definitions;  ///< filled before recover(); grows by add_definition()
  Store& store;
  Participant& participants;
  Now now = system_now;
  RandomSource random{};
  AtCrashPoint at_crash_point{};
  /// From so many sagas on a batch is committed while the next is applied.
  std::size_t large_batch = 64;
  CommitListener* listener = nullptr;  ///< none: nobody looks on
};

/// Whether the node does its work, and why not.
enum class Health {
  starting,
  ready,
  disk_full,       ///< nothing can be stored; ready again by itself when there is space
  storage_failed,  ///< acknowledges nothing any more; restart after the cause is gone
  draining,
};

/// The durable shell around the core: owns the hot state, writes, and lets nothing leave before
/// what records it is committed.
///
/// One thread decides everything: it takes whatever waits, applies it, hands the batch to the
/// thread that commits, and when that is done answers, calls and wakes; meanwhile it applies the
/// next batch on top, of which nobody hears before its own commit. No timer delays a commit.
///
/// start(), start_many(), act(), publish(), remove(), migrate(), add_definition(), watch(),
/// unwatch(), health() and metrics() may be called from any thread. Answers come on the
/// orchestrator's thread and must not block it; a refusal that needs no look at the state comes at
/// once, on the caller's.
class Orchestrator {
 public:
  explicit Orchestrator(OrchestratorParts parts);
  ~Orchestrator();  ///< stops; participants must have been stopped before
  Orchestrator(const Orchestrator&) = delete;
  Orchestrator& operator=(const Orchestrator&) = delete;

  /// Reads every saga that has not ended and asks again for what was in flight. Once, before run()
  /// or step(). Error: storage_unreadable, when a stored saga cannot be read or its definition is
  /// not registered; nothing has been changed or sent then.
  [[nodiscard]] Result<void> recover();

  /// Begins working, on a thread of its own.
  void run();

  /// For tests, instead of run(): does one batch on the calling thread, waiting at most `patience`
  /// for something to do. Returns the number of transitions.
  std::size_t step(std::chrono::milliseconds patience);

  /// Refuses clients and sends no new calls from now on, waits at most `grace` until the replies in
  /// flight are recorded, and ends the thread. What was not sent is in the store and is sent by the
  /// next process.
  void drain(std::chrono::milliseconds grace);

  /// Starts a saga; answered when it is durable.
  void start(StartRequest request, const OnStarted& answer);

  /// Starts many in one go, so that one commit makes them durable. Each is answered for itself, and
  /// may be refused for itself.
  void start_many(std::vector<std::pair<StartRequest, OnStarted>> requests);

  /// Lets an operator's or client's event happen to a saga; answered when it is durable.
  /// A repeated request with the same idempotency key (of this saga) is answered, not carried out.
  /// With `if_revision` only if the saga is at this revision; else revision_mismatch.
  void act(SagaId saga, Event event, const OnActed& answer, std::string idempotency_key = {},
           std::optional<std::int64_t> if_revision = {});

  /// Delivers an event to every saga that listens to it; answered when that is durable.
  void publish(Publication publication, const OnPublished& answer);

  /// Moves a saga that has not ended to another version of its definition, or (`dry_run`) tells
  /// what would come of it. Error: see engine/core/migrate.hpp.
  void migrate(SagaId saga, std::shared_ptr<const Definition> to, bool dry_run,
               const OnMigrated& answer);

  /// Registers a checked definition that was read from a document; answered when it is durable.
  /// Error: id_conflict when this version is registered with other content.
  void add_definition(Definition definition, const OnRegistered& answer);

  /// Deletes sagas that have ended, and requests of no saga that are older than `requests_before`;
  /// answered when that is durable, with the number of sagas. One that has not ended stays.
  void remove(std::vector<SagaKey> sagas, std::optional<Timestamp> requests_before,
              const std::function<void(Result<std::size_t>)>& answer);

  /// Calls `ended` once when the saga has ended (at once if it has, or does not exist).
  WatchId watch(SagaId saga, std::function<void()> ended);
  /// Gives the wait up; `ended` may still be called while this is on its way.
  void unwatch(WatchId watch, SagaId saga);

  [[nodiscard]] Health health() const;
  [[nodiscard]] MetricsSnapshot metrics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skald
