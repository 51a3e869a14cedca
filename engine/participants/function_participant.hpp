#pragma once

#include <cstddef>
#include <memory>

#include "engine/participants/participant.hpp"

namespace skald {

/// Runs operations that are C++ functions, on its own worker threads.
///
/// A function cannot be interrupted: when it runs longer than the timeout of its attempt, the
/// outcome is Unknown and what the function returns later is dropped, but its worker stays busy
/// until then. The attempt may be repeated meanwhile under the same idempotency key.
class FunctionParticipant : public Participant {
 public:
  /// `workers` threads, at least 1; at most `queue_max` calls may wait for one.
  explicit FunctionParticipant(int workers, std::size_t queue_max = 10'000);
  ~FunctionParticipant() override;  ///< stops, if stop() has not been called
  FunctionParticipant(const FunctionParticipant&) = delete;
  FunctionParticipant& operator=(const FunctionParticipant&) = delete;

  /// `operation.target` must be a FunctionTarget. An exception is Unknown with its text; a full
  /// queue is Unknown and certainly not executed. `on_outcome` must not throw.
  ///
  /// Of the policy, `fail_on` "timeout" and the codes of refusals in `retry_on` mean something
  /// here; see outcome_of_function().
  void invoke(const Operation& operation, Invocation invocation, OnOutcome on_outcome) override;

  /// Waits for the functions that run now; those that wait are never called. May be called twice,
  /// but not from an `on_outcome` or a function.
  void stop() override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skald
