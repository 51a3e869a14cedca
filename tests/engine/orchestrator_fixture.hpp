#pragma once

#include <deque>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/orchestrator/orchestrator.hpp"
#include "engine/orchestrator/stored_instance.hpp"
#include "sagas/money_transfer.hpp"
#include "storage/memory/memory_store.hpp"

namespace skald::test {

using nlohmann::json;
using namespace std::chrono_literals;

/// A participant whose answers the test gives.
class HeldParticipant : public Participant {
 public:
  struct Held {
    Invocation invocation;
    OnOutcome on_outcome;
  };
  void invoke(const Operation&, Invocation invocation, OnOutcome on_outcome) override {
    if (on_invoke) on_invoke(invocation);
    held.push_back({std::move(invocation), std::move(on_outcome)});
  }
  void stop() override {}

  /// Answers the oldest call and returns its invocation.
  Invocation answer(Outcome outcome) {
    Held first = std::move(held.front());
    held.pop_front();
    first.on_outcome(std::move(outcome));
    return first.invocation;
  }

  std::deque<Held> held;
  std::function<void(const Invocation&)> on_invoke;
};

/// An orchestrator stepped by the test, on a memory store that survives its "crashes".
struct Bench {
  Registry registry;
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::unique_ptr<Store> store;
  HeldParticipant participant;
  Timestamp now{std::chrono::hours{500'000}};
  std::unique_ptr<Orchestrator> engine;

  Bench() {
    static_cast<void>(registry.add(sagas::money_transfer().value()));
    restart();
  }

  /// Drops the engine as a crash would, with every call in flight, and starts another.
  void restart() {
    engine.reset();
    participant.held.clear();
    store = open_memory_store(disk);
    engine = std::make_unique<Orchestrator>(OrchestratorParts{.definitions = registry,
                                                              .store = *store,
                                                              .participants = participant,
                                                              .now = [this] { return now; },
                                                              .random = RandomSource(7)});
    static_cast<void>(engine->recover());
    step();
  }

  std::size_t step() { return engine->step(0ms); }
  void pass(Duration time) {
    now += time;
    step();
  }

  [[nodiscard]] StartRequest transfer(int amount = 100) const {
    return {.definition = registry.find("money-transfer"),
            .input = Json(json{{"source", "a"}, {"target", "b"}, {"amount", amount}})};
  }

  /// Starts and steps; the answer, or none when it has not come.
  std::optional<Result<Started>> start(StartRequest request) {
    std::optional<Result<Started>> answer;
    engine->start(std::move(request), [&](Result<Started> started) { answer = started; });
    step();
    return answer;
  }

  std::optional<Result<Acted>> act(const SagaId& saga, decltype(Event::what) what) {
    std::optional<Result<Acted>> answer;
    engine->act(saga, {std::move(what), 0}, [&](Result<Acted> acted) { answer = acted; });
    step();
    return answer;
  }

  [[nodiscard]] Instance stored(const SagaId& id) const {
    const auto row = store->reader().find(id).value().value();
    return read_saga(registry, store->reader(), row).value().instance;
  }
  [[nodiscard]] std::size_t stored_count() const {
    return store->reader().list({}, std::nullopt, 1000).value().size();
  }
};

inline Done done() { return {Json(json{{"ok", true}})}; }

}  // namespace skald::test
