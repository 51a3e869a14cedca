#pragma once

#include "engine/model/registry.hpp"
#include "engine/orchestrator/inbox.hpp"
#include "engine/orchestrator/store.hpp"
#include "engine/participants/participant.hpp"

namespace skald {

/// The child of one run of a step.
struct ChildCall {
  SagaId child;
  Parent parent;
  bool stopping = false;  ///< the parent unwinds already: the child is to be unwound at once
};

/// Operations that lead back into the engine: children and publications. They go through the same
/// inbox as everything else, so what they do is durable before it is answered. Used by the
/// orchestrator's thread.
class InnerCalls {
 public:
  /// All must outlive this.
  InnerCalls(Inbox& inbox, const Registry& definitions, StoreReader& reader)
      : inbox_(inbox), definitions_(definitions), reader_(reader) {}

  [[nodiscard]] static bool handles(const Operation& operation);

  /// Begins one attempt. A forward call starts the child, if it has not been started, and is
  /// answered when it has ended; an undo unwinds it and is answered when that is done.
  void invoke(const Operation& operation, Invocation invocation, ChildCall child,
              OnOutcome on_outcome);

  /// Unwinds a child whose parent waits for its end.
  void stop_child(const SagaId& child);

 private:
  void publish(const PublishTarget& target, Invocation invocation, OnOutcome on_outcome);
  void start(const ChildTarget& target, Invocation invocation, ChildCall child,
             const OnOutcome& on_outcome);
  void undo(const SagaId& child, const OnOutcome& on_outcome);
  void when_ended(const SagaId& child, std::function<void(Result<SagaRow>)> then);

  Inbox& inbox_;
  const Registry& definitions_;
  StoreReader& reader_;
};

}  // namespace skald
