#pragma once

#include "engine/model/effect.hpp"
#include "engine/orchestrator/in_flight.hpp"
#include "engine/orchestrator/inner_calls.hpp"
#include "engine/orchestrator/live_sagas.hpp"

namespace skald {

/// A call as it is to be sent, once what records it is durable. It needs no look at its saga, which
/// may have moved on by then.
struct PlannedCall {
  SagaKey saga{};
  std::shared_ptr<const Definition> definition;
  StepIndex step{};
  std::uint32_t run = 1;
  Invocation invocation;
  ChildCall child;  ///< of a call that starts or undoes a child
};

/// The call that `saga` asks for.
[[nodiscard]] PlannedCall plan(const Live& saga, Call call);

/// Sends calls, to participants or back into the engine, and brings their replies to the inbox.
/// Used by the orchestrator's thread.
class Dispatcher {
 public:
  /// All must outlive this.
  Dispatcher(Inbox& inbox, const Registry& definitions, StoreReader& reader,
             Participant& participants)
      : inbox_(inbox), participants_(participants), inner_(inbox, definitions, reader) {}

  void send(PlannedCall call);

  /// The saga waits for the child's end all the same; that it can be stopped only makes it sooner.
  void stop_child(const SagaId& child) { inner_.stop_child(child); }

  /// The reply of a call that went out is in the orchestrator's hands.
  void settled() { out_.end(); }

  /// Waits until no call is out, at most `grace`. Any thread.
  void wait_idle(std::chrono::milliseconds grace) { out_.wait_idle(grace); }

 private:
  Inbox& inbox_;
  Participant& participants_;
  InnerCalls inner_;
  InFlight out_;
};

}  // namespace skald
