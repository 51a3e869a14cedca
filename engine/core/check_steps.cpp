#include <map>

#include "engine/core/checks.hpp"

namespace skald::core {

namespace {

void policy(Checks& checks, StepIndex step, const RetryPolicy& policy, const std::string& which) {
  const bool sane = policy.attempts >= 1 && policy.first.count() >= 1 && policy.factor >= 1.0 &&
                    policy.max >= policy.first && policy.jitter >= 0.0 && policy.jitter <= 1.0 &&
                    policy.step.count() >= 0 && policy.max_elapsed.count() >= 0;
  if (!sane)
    checks.add(step,
               "has " + which +
                   " policy that is out of range: attempts >= 1, first >= 1 ms, factor >= 1, "
                   "max >= first, jitter 0 to 1",
               "RETRY_POLICY");
}

void time(Checks& checks, StepIndex index) {
  const Step& step = checks.d.at(index);
  if (step.timeout.count() < 1) return checks.add(index, "needs a timeout", "TIMEOUT");
  if (checks.d.deadline && checks.d.deadline->count() > 0 && step.timeout > *checks.d.deadline)
    checks.add(index,
               "has a timeout of " + duration_text(step.timeout) +
                   ", longer than the deadline of the whole saga, " +
                   duration_text(*checks.d.deadline),
               "TIMEOUT_PAST_DEADLINE");
}

void exhausted(Checks& checks, StepIndex index) {
  const Step& step = checks.d.at(index);
  const bool elsewhere = step.on_exhausted.then == OnExhausted::Then::go_to;
  if (elsewhere && !step.on_exhausted.target)
    checks.add(index, "goes on elsewhere when exhausted, and does not say where", "ON_EXHAUSTED");
  if (elsewhere && step.kind == StepKind::pivot)
    checks.add(
        index,
        "is a pivot: while nobody knows whether it is done, the saga cannot go on elsewhere; "
        "let it park",
        "ON_EXHAUSTED");
}

void for_each(Checks& checks, StepIndex index) {
  const Step& step = checks.d.at(index);
  if (!step.for_each) return;
  if (step.kind == StepKind::pivot)
    checks.add(index, "is a pivot and cannot run for each item of a list", "FOR_EACH");
  if (step.for_each->concurrency < 1)
    checks.add(index, "runs no item at once; concurrency is at least 1", "FOR_EACH");
}

}  // namespace

void check_steps(Checks& checks) {
  std::map<std::string, int> seen;
  for (std::size_t i = 0; i < checks.d.steps.size(); ++i) {
    const Step& step = checks.d.steps[i];
    const auto index = static_cast<StepIndex>(i);
    if (++seen[step.id] > 1)
      checks.add(index, "is declared twice; step ids are unique", "DUPLICATE_STEP");
    policy(checks, index, step.retry, "a retry");
    policy(checks, index, step.undo_retry, "an undo retry");
    time(checks, index);
    exhausted(checks, index);
    for_each(checks, index);
    const bool undoable = step.undo || !step.no_undo_reason.empty();
    if (step.kind == StepKind::compensatable && !undoable)
      checks.add(index,
                 "is compensatable and has no undo; give it one, or a reason why it needs none",
                 "NO_UNDO");
  }
}

}  // namespace skald::core
