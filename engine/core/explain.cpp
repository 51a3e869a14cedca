#include "engine/core/explain.hpp"

#include <algorithm>

#include "engine/core/status.hpp"
#include "engine/core/unwinding.hpp"

namespace skald {

namespace {

std::string target_name(const Operation& operation) {
  if (const auto* http = std::get_if<HttpTarget>(&operation.target)) return http->participant;
  if (const auto* child = std::get_if<ChildTarget>(&operation.target))
    return "child saga " + child->definition;
  return operation.name;
}

Waiting waiting_of(const Definition& definition, const Pending& pending) {
  const Step& step = definition.at(pending.step);
  const Operation& operation = pending.phase == Phase::forward ? step.call
                               : pending.phase == Phase::undo  ? *step.undo
                                                               : *step.probe;
  Waiting waiting;
  waiting.on = pending.wait == Pending::Wait::reply   ? Waiting::On::participant
               : pending.wait == Pending::Wait::retry ? Waiting::On::retry
                                                      : Waiting::On::operator_action;
  waiting.step = step.id;
  waiting.phase = pending.phase;
  waiting.participant = target_name(operation);
  waiting.attempt = pending.attempt;
  waiting.attempts_max = (pending.phase == Phase::undo ? step.undo_retry : step.retry).attempts;
  waiting.failures = pending.failures;
  waiting.since = pending.since;
  if (pending.wait == Pending::Wait::retry) waiting.until = pending.until;
  waiting.last_error = pending.last_error;
  return waiting;
}

/// The signals that a transition out of `state`, or of a state around it, is for.
std::vector<std::string> signals_awaited(const Definition& definition, StateIndex leaf) {
  std::vector<std::string> names;
  for (std::optional<StateIndex> at = leaf; at; at = definition.at(*at).parent)
    for (const auto& transition : definition.transitions) {
      if (transition.source != *at || transition.trigger != TriggerKind::event) continue;
      const std::string& name = definition.at(transition.event);
      const bool known = std::find(names.begin(), names.end(), name) != names.end();
      if (!known && definition.find_signal(name) != nullptr) names.push_back(name);
    }
  return names;
}

/// What it waits for beside its attempts.
void add_world(const Definition& definition, const Instance& saga, std::vector<Waiting>& waiting) {
  if (!saga.locked)
    waiting.push_back({.on = Waiting::On::locks, .names = saga.locks, .since = saga.created});
  if (saga.parking)
    waiting.push_back({.on = Waiting::On::operator_action,
                       .state = definition.at(saga.parking->source).name,
                       .since = saga.updated,
                       .last_error = saga.parking->reason});
  if (saga.unwind && !saga.unwind->finished) return;
  for (const StateIndex leaf : saga.active)
    if (auto names = signals_awaited(definition, leaf); !names.empty())
      waiting.push_back({.on = Waiting::On::signal,
                         .state = definition.at(leaf).name,
                         .names = std::move(names),
                         .since = saga.updated});
  for (const auto& timer : saga.timers)
    if (!timer.expired && !saga.paused)
      waiting.push_back({.on = Waiting::On::timer,
                         .state = definition.at(timer.state).name,
                         .since = saga.updated,
                         .until = timer.due});
}

std::string list_of(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "'" : ", '") + name + "'";
  return list;
}

std::string subject(const Waiting& waiting) {
  switch (waiting.phase) {
    case Phase::undo:
      return "the undo of '" + waiting.step + "'";
    case Phase::probe:
      return "the question about '" + waiting.step + "'";
    case Phase::forward:
      break;
  }
  return "'" + waiting.step + "'";
}

std::string sentence(const Waiting& waiting) {
  const std::string what = subject(waiting);
  const std::string attempt = "attempt " + std::to_string(waiting.attempt);
  switch (waiting.on) {
    case Waiting::On::participant:
      return "waits for '" + waiting.participant + "' to answer " + attempt + " of " + what;
    case Waiting::On::retry:
      return "waits to repeat " + what + " at " + to_rfc3339(*waiting.until) + ", after " +
             (waiting.last_error.empty() ? "it was still being worked on" : waiting.last_error);
    case Waiting::On::operator_action:
      if (waiting.step.empty())
        return "waits for an operator in '" + waiting.state + "': " + waiting.last_error;
      return "waits for an operator to settle " + what + ": " + waiting.last_error;
    case Waiting::On::signal:
      return "waits in '" + waiting.state + "' for the signal " + list_of(waiting.names);
    case Waiting::On::timer:
      return "leaves '" + waiting.state + "' at " + to_rfc3339(*waiting.until) + " by itself";
    case Waiting::On::locks:
      return "waits for its turn with " + list_of(waiting.names);
    case Waiting::On::resume:
      return "is paused since " + to_rfc3339(waiting.since) +
             (waiting.last_error.empty() ? "" : ", because: " + waiting.last_error) +
             ", and sends nothing until it is resumed";
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
    case Waiting::On::signal:
      return "signal";
    case Waiting::On::timer:
      return "timer";
    case Waiting::On::locks:
      return "locks";
    case Waiting::On::resume:
      return "resume";
  }
  return "";
}

Explanation explain(const Definition& definition, const Instance& instance) {
  Explanation explanation;
  if (instance.paused)
    explanation.waiting.push_back({.on = Waiting::On::resume,
                                   .since = instance.paused->since,
                                   .last_error = instance.paused->reason});
  for (const auto& pending : instance.pending)
    if (!instance.paused || pending.wait != Pending::Wait::retry)
      explanation.waiting.push_back(waiting_of(definition, pending));
  if (!is_end(instance.status)) add_world(definition, instance, explanation.waiting);
  explanation.summary = summary_of(instance, explanation.waiting);
  explanation.allowed_actions = allowed_actions(definition, instance);
  const bool can_unwind = !is_end(instance.status) && !instance.pivot_passed;
  for (auto entry = instance.log.rbegin(); can_unwind && entry != instance.log.rend(); ++entry)
    if (core::needs_undo(definition, *entry))
      explanation.undo_plan.push_back(definition.at(entry->step).id);
  return explanation;
}

}  // namespace skald
