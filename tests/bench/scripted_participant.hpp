#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "engine/participants/participant.hpp"

namespace skald::bench {

/// Participants in this process that answer as a script says, or hold their answer back, so that
/// any number of calls can be in flight at once.
class ScriptedParticipant : public Participant {
 public:
  /// What a call is answered with; none: it is held. Called on a thread of its own.
  using Script = std::function<std::optional<Outcome>(const Invocation&)>;
  explicit ScriptedParticipant(Script script);
  ~ScriptedParticipant() override;

  void invoke(const Operation& operation, Invocation invocation, OnOutcome on_outcome) override;
  void stop() override;

  /// How many calls are held now.
  [[nodiscard]] std::size_t held() const;
  /// Waits until `count` calls are held; false when that takes longer than `patience`.
  [[nodiscard]] bool wait_for_held(std::size_t count, std::chrono::seconds patience);
  /// From now on `script` decides, also about the calls that were held.
  void release(Script script);

 private:
  struct Call {
    Invocation invocation;
    OnOutcome on_outcome;
  };
  void work();
  void answer(std::vector<Call> calls, const Script& script);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Script script_;
  std::vector<Call> waiting_;
  std::vector<Call> held_;
  bool stopped_ = false;
  std::jthread thread_;
};

}  // namespace skald::bench
