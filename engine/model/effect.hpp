#pragma once

#include <variant>
#include <vector>

#include "engine/model/saga.hpp"

namespace skald {

/// Call a participant: run one attempt of a step's call or undo.
struct Call {
  StepIndex step{};
  std::uint32_t run = 1;
  Phase phase = Phase::forward;
  std::uint32_t attempt = 1;
  Json body;
  std::string address;
};

/// The saga has ended; whoever waits for it may be told.
struct Ended {
  Status status{};
};

/// The saga became stuck; an operator is needed.
struct Alarm {
  std::string reason;
};

/// A child that a step has started is not needed any more: it is to be unwound.
struct StopChild {
  StepIndex step{};
  std::uint32_t run = 1;
};

/// What the core asks the shell to do, after the transition is durable. Data, never an act.
using Effect = std::variant<Call, Ended, Alarm, StopChild>;

/// The key every attempt of one step and phase carries: "<saga>/<step>/<phase>", with "#<run>"
/// after the step from its second run on.
[[nodiscard]] std::string idempotency_key(const Definition& definition, const SagaId& saga,
                                          const Call& call);

/// The id of the saga that a run of a step starts: "<saga>.<step>", with ".<run>" after it from its
/// second run on. The same for every attempt, so that a child is started once.
[[nodiscard]] SagaId child_id(const Definition& definition, const SagaId& saga, StepIndex step,
                              std::uint32_t run);

}  // namespace skald
