#pragma once

#include "engine/participants/participant.hpp"

namespace skald {

/// Sends each operation over the transport that its target names: HTTP or a C++ function. Children
/// and publications are the orchestrator's own and never come here.
class ParticipantRouter : public Participant {
 public:
  /// Both must outlive the router.
  ParticipantRouter(Participant& http, Participant& functions)
      : http_(http), functions_(functions) {}

  void invoke(const Operation& operation, Invocation invocation, OnOutcome on_outcome) override;

  /// Stops both transports.
  void stop() override;

 private:
  Participant& http_;
  Participant& functions_;
};

}  // namespace skald
