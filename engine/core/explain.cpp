#include "engine/core/explain.hpp"

#include "engine/core/status.hpp"
#include "engine/core/unwinding.hpp"

namespace skald {

namespace {

std::string target_name(const Operation& operation) {
  if (const auto* http = std::get_if<HttpTarget>(&operation.target)) return http->participant;
  return operation.name;
}

Waiting waiting_of(const Definition& definition, const Pending& pending) {
  const Step& step = definition.at(pending.step);
  const bool forward = pending.phase == Phase::forward;
  Waiting waiting;
  waiting.on = pending.wait == Pending::Wait::reply   ? Waiting::On::participant
               : pending.wait == Pending::Wait::retry ? Waiting::On::retry
                                                      : Waiting::On::operator_action;
  waiting.step = step.id;
  waiting.phase = pending.phase;
  waiting.participant = target_name(forward ? step.call : *step.undo);
  waiting.attempt = pending.attempt;
  waiting.attempts_max = (forward ? step.retry : step.undo_retry).attempts;
  waiting.failures = pending.failures;
  waiting.since = pending.since;
  if (pending.wait == Pending::Wait::retry) waiting.until = pending.until;
  waiting.last_error = pending.last_error;
  return waiting;
}

std::string sentence(const Waiting& waiting) {
  const std::string what =
      std::string(waiting.phase == Phase::undo ? "the undo of '" : "'") + waiting.step + "'";
  const std::string attempt = "attempt " + std::to_string(waiting.attempt);
  switch (waiting.on) {
    case Waiting::On::participant:
      return "waits for '" + waiting.participant + "' to answer " + attempt + " of " + what;
    case Waiting::On::retry:
      return "waits to repeat " + what + " at " + to_rfc3339(*waiting.until) + ", after " +
             (waiting.last_error.empty() ? "it was still being worked on" : waiting.last_error);
    case Waiting::On::operator_action:
      return "waits for an operator to settle " + what + ": " + waiting.last_error;
  }
  return "";
}

std::string summary_of(const Instance& instance, const std::vector<Waiting>& waiting) {
  if (is_end(instance.status))
    return "It has ended: " + std::string(name_of(instance.status)) + ".";
  if (waiting.empty()) return "It is stuck: " + instance.stuck_reason + ".";
  std::string text = "It ";
  for (const auto& one : waiting) text.append(text == "It " ? "" : "; it ").append(sentence(one));
  return text + ".";
}

}  // namespace

std::string_view name_of(Waiting::On on) {
  switch (on) {
    case Waiting::On::participant:
      return "participant";
    case Waiting::On::retry:
      return "retry";
    case Waiting::On::operator_action:
      return "operator";
  }
  return "";
}

Explanation explain(const Definition& definition, const Instance& instance) {
  Explanation explanation;
  for (const auto& pending : instance.pending)
    explanation.waiting.push_back(waiting_of(definition, pending));
  explanation.summary = summary_of(instance, explanation.waiting);
  explanation.allowed_actions = allowed_actions(definition, instance);
  const bool can_unwind = !is_end(instance.status) && !instance.pivot_passed;
  for (auto entry = instance.log.rbegin(); can_unwind && entry != instance.log.rend(); ++entry)
    if (core::needs_undo(definition, *entry))
      explanation.undo_plan.push_back(definition.at(entry->step).id);
  return explanation;
}

}  // namespace skald
