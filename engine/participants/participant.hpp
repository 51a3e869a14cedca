#pragma once

#include <functional>

#include "engine/model/definition.hpp"
#include "engine/model/outcome.hpp"

namespace skald {

/// Told how an attempt ended: exactly once, from any thread, and never from inside invoke().
using OnOutcome = std::function<void(Outcome)>;

/// A way to reach participants. Implementations: C++ functions, HTTP.
class Participant {
 public:
  virtual ~Participant() = default;

  /// Begins one attempt and returns at once. Always ends in `on_outcome`, at the latest when
  /// `invocation.timeout` has passed since the request was sent (waiting for a free place in the
  /// participant's limit does not count). After stop() the outcome may never come.
  /// `operation` and `invocation.retry` are not looked at after it has returned.
  virtual void invoke(const Operation& operation, Invocation invocation, OnOutcome on_outcome) = 0;

  /// Ends threads and connections; no outcome is delivered after it returns.
  virtual void stop() = 0;
};

}  // namespace skald
