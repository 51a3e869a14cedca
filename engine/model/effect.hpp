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
};

/// The saga has ended; whoever waits for it may be told.
struct Ended {
  Status status{};
};

/// The saga became stuck; an operator is needed.
struct Alarm {
  std::string reason;
};

/// What the core asks the shell to do, after the transition is durable. Data, never an act.
using Effect = std::variant<Call, Ended, Alarm>;

/// The key every attempt of one step and phase carries: "<saga>/<step>/<phase>", with "#<run>"
/// after the step from its second run on.
[[nodiscard]] std::string idempotency_key(const Definition& definition, const SagaId& saga,
                                          const Call& call);

}  // namespace skald
