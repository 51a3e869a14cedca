#include "engine/core/timers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/core/values.hpp"

namespace skald::core {

namespace {

/// Which of the timed transitions out of its state `transition` is, from 0.
std::uint32_t ordinal(const Definition& definition, const Transition& transition) {
  std::uint32_t count = 0;
  for (const auto& other : definition.transitions) {
    if (&other == &transition) break;
    if (other.source == transition.source && other.trigger == TriggerKind::after) ++count;
  }
  return count;
}

auto find_timer(Instance& saga, StateIndex state, std::uint32_t which) {
  return std::find_if(saga.timers.begin(), saga.timers.end(), [&](const RunningTimer& timer) {
    return timer.state == state && timer.ordinal == which;
  });
}

/// Empty when the instant cannot be told; the saga is stuck then, with the reason.
std::optional<Timestamp> due_at(Turn& turn, const Transition& transition) {
  const Timer& timer = *transition.timer;
  // For a paused saga it is still the time when it was paused; see shift_timers().
  if (!timer.at) return (turn.saga.paused ? turn.saga.paused->since : turn.now) + timer.after;
  const auto made = evaluate(timer.at, turn.view());
  auto due = made ? instant_of(made->value(), turn.now) : Result<Timestamp>(made.error());
  if (due) return *due;
  turn.saga.stuck_reason = "the timer of state '" + turn.definition.at(transition.source).name +
                           "' cannot be set: " + due.error().message;
  return std::nullopt;
}

}  // namespace

void begin_timers(Turn& turn, StateIndex state) {
  std::uint32_t which = 0;
  for (const auto& transition : turn.definition.transitions) {
    if (transition.source != state || transition.trigger != TriggerKind::after) continue;
    if (const auto due = due_at(turn, transition))
      turn.saga.timers.push_back({state, which, *due, false});
    ++which;
  }
}

void expire_timers(Turn& turn) {
  for (auto& timer : turn.saga.timers) {
    if (timer.expired || timer.due > turn.now) continue;
    timer.expired = true;
    turn.note({.kind = HistoryKind::timer_due, .state = turn.definition.at(timer.state).name});
  }
}

void shift_timers(Turn& turn, Duration by) {
  for (const auto& transition : turn.definition.transitions) {
    if (transition.trigger != TriggerKind::after || transition.timer->at) continue;
    const auto timer =
        find_timer(turn.saga, transition.source, ordinal(turn.definition, transition));
    if (timer != turn.saga.timers.end() && !timer->expired) timer->due += by;
  }
}

bool expired(const Turn& turn, const Transition& transition) {
  const auto timer = find_timer(turn.saga, transition.source, ordinal(turn.definition, transition));
  return timer != turn.saga.timers.end() && timer->expired;
}

void forget_timer(Turn& turn, const Transition& transition) {
  const auto timer = find_timer(turn.saga, transition.source, ordinal(turn.definition, transition));
  if (timer != turn.saga.timers.end()) turn.saga.timers.erase(timer);
}

}  // namespace skald::core
