#include "engine/core/machine.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/core/abandon.hpp"
#include "engine/core/actions.hpp"
#include "engine/core/ending.hpp"
#include "engine/core/reach.hpp"
#include "engine/core/regions.hpp"
#include "engine/core/steps.hpp"
#include "engine/core/timers.hpp"
#include "engine/core/unwinding.hpp"
#include "engine/core/values.hpp"

namespace skald::core {

namespace {

/// More moves than this in one turn mean a loop of anonymous transitions that waits for nothing.
constexpr int moves_max = 1000;

/// Guards are the user's. One that throws decides nothing: no other row is tried in its place, and
/// the saga is stuck with the reason, unless a failure unwinds it anyway.
bool guard_holds(const Turn& turn, const Transition& transition, const Raised& event) {
  if (!transition.guard) return true;
  try {
    return transition.guard->holds(turn.view(), view_of(turn, event));
  } catch (const std::exception& e) {
    turn.saga.stuck_reason = "guard '" + transition.guard->name + "' failed: " + e.what();
    return false;
  }
}

/// A transition that unwinds is not enabled while that is impossible: a pivot under way decides
/// first, and after it a saga only goes forward. Once unwound there is nothing left to undo, and
/// the transition just goes on.
bool possible(const Turn& turn, const Transition& transition) {
  return !has<UnwindAll>(transition.actions) || turn.saga.unwind ||
         !why_no_unwind(turn.definition, turn.saga);
}

/// The first transition out of `state` that matches and whose guard holds.
template <class Matches>
const Transition* first_from(const Turn& turn, StateIndex state, const Raised& event,
                             Matches matches) {
  for (const auto& transition : turn.definition.transitions) {
    if (transition.source != state || !matches(transition) || !possible(turn, transition)) continue;
    if (guard_holds(turn, transition, event)) return &transition;
    if (!turn.saga.stuck_reason.empty()) return nullptr;
  }
  return nullptr;
}

auto expects(const Raised& event) {
  return [&event](const Transition& transition) {
    if (transition.trigger == TriggerKind::any_event) return true;
    return transition.trigger == TriggerKind::event && transition.event == event.event;
  };
}

auto takes_unexpected(const Raised& event) {
  return [&event](const Transition& transition) {
    return transition.trigger == TriggerKind::unexpected &&
           (transition.any || transition.event == event.event);
  };
}

/// The innermost state decides first, as in UML; then the composite states around it.
template <class Matches>
const Transition* first_anywhere(const Turn& turn, const Raised& event, Matches matches) {
  for (const StateIndex leaf : turn.saga.active)
    for (std::optional<StateIndex> at = leaf; at; at = turn.definition.at(*at).parent) {
      if (const auto* transition = first_from(turn, *at, event, matches)) return transition;
      if (!turn.saga.stuck_reason.empty()) return nullptr;
    }
  return nullptr;
}

const Transition* completion(const Turn& turn) {
  static const Raised nothing{};
  if (turn.saga.parking) return nullptr;
  return first_anywhere(turn, nothing, [&](const Transition& transition) {
    switch (transition.trigger) {
      case TriggerKind::always:
        return true;
      case TriggerKind::joined:
        return joined(turn, transition.source);
      case TriggerKind::after:
        return expired(turn, transition);
      default:
        return false;
    }
  });
}

/// Why a transition unwinds: what its table says, else what set it off.
const std::string& reason_of(const Transition& transition, const Raised& event) {
  for (const auto& action : transition.actions)
    if (const auto* unwind = std::get_if<UnwindAll>(&action);
        unwind != nullptr && !unwind->reason.empty())
      return unwind->reason;
  return event.reason;
}

void go(Turn& turn, const Transition& transition, const Raised& event) {
  const StateIndex target = *transition.target;
  if (!run_exits(turn, transition.source, event)) return;
  if (!run_actions(turn, transition.actions, event)) return;
  if (transition.trigger == TriggerKind::joined) abandon_rest(turn, transition.source);
  enter(turn, target, leave(turn, transition.source));
}

/// The state is not left before an operator lets the saga go on.
void park_in(Turn& turn, const Transition& transition, const Raised& event) {
  if (!run_actions(turn, transition.actions, event)) return;
  for (const auto& action : transition.actions)
    if (const auto* parking = std::get_if<Park>(&action)) {
      turn.saga.parking = Parking{parking->reason, transition.source, transition.target};
      turn.note({.kind = HistoryKind::parked, .message = parking->reason});
    }
}

/// Whether a transition is not the consequence of a failure that came before, near or far.
bool comes_by_itself(const Transition& transition, const Raised& event) {
  if (transition.trigger == TriggerKind::after) return true;
  const bool failure = event.failed || !event.code.empty();
  return event.event && !failure && event.from != Raised::From::table;
}

void take(Turn& turn, const Transition& transition, const Raised& event) {
  if (has<DeferEvent>(transition.actions)) {
    if (run_actions(turn, transition.actions, event)) keep(turn, event);
    return;
  }
  if (transition.trigger == TriggerKind::after) forget_timer(turn, transition);
  if (has<UnwindAll>(transition.actions) && !turn.saga.unwind) {
    if (!run_actions(turn, transition.actions, event)) return;
    // What a signal, a step that is done or time sets off is the failure, whatever failed before.
    if (comes_by_itself(transition, event)) turn.saga.error = {};
    return begin_unwind(turn, UnwindCause::transition, reason_of(transition, event),
                        transition.target);
  }
  if (has<Park>(transition.actions)) return park_in(turn, transition, event);
  if (transition.target) return go(turn, transition, event);
  static_cast<void>(run_actions(turn, transition.actions, event));
}

/// Every region gets the event; in each the innermost state that handles it decides. False when
/// none did.
template <class Matches>
bool deliver(Turn& turn, std::optional<StateIndex> parent, const Raised& event, Matches matches) {
  bool handled = false;
  for (const StateIndex child : active_in(turn, parent)) {
    const auto now = active_in(turn, parent);
    if (std::find(now.begin(), now.end(), child) == now.end()) continue;  // left meanwhile
    const bool composite = !turn.definition.at(child).initials.empty();
    if (composite && deliver(turn, child, event, matches)) {
      handled = true;
    } else if (const auto* transition = first_from(turn, child, event, matches)) {
      take(turn, *transition, event);
      handled = true;
    }
    if (unwinding(turn) || !turn.saga.stuck_reason.empty()) return handled;
  }
  return handled;
}

/// A failure no state handles unwinds the saga; where that is not possible an operator must look.
void failure_unhandled(Turn& turn, const Raised& event) {
  const auto& step = turn.definition.at(event.failed->step);
  if (step.kind == StepKind::retriable || why_no_unwind(turn.definition, turn.saga))
    return park(turn, *event.failed, event.reason);
  begin_unwind(turn, UnwindCause::step_failed, "step '" + step.id + "' failed: " + event.reason,
               std::nullopt);
}

void unhandled(Turn& turn, const Raised& event) {
  if (event.failed) return failure_unhandled(turn, event);
  const Signal* signal = turn.definition.find_signal(turn.definition.at(*event.event));
  if (event.from == Raised::From::signal && signal != nullptr &&
      signal->unexpected == WhenUnexpected::keep)
    keep(turn, event);
}

/// Leaves the state that called the step, for where the step says to go on.
void go_to(Turn& turn, const Raised& event) {
  const StateIndex target = *event.go_to;
  for (const StateIndex child : active_in(turn, turn.definition.at(target).parent)) {
    if (!calls_within(turn.definition, child, event.step)) continue;
    if (!run_exits(turn, child, event)) return;
    return enter(turn, target, leave(turn, child));
  }
}

void dispatch(Turn& turn, const Raised& event) {
  if (event.go_to) return go_to(turn, event);
  if (deliver(turn, std::nullopt, event, expects(event))) return;
  if (turn.saga.stuck_reason.empty() && deliver(turn, std::nullopt, event, takes_unexpected(event)))
    return;
  unhandled(turn, event);
}

/// After a change of state, what was kept may be handled: the oldest first, and from the oldest on
/// again whenever one of them changes the state.
bool redeliver(Turn& turn) {
  if (std::exchange(turn.state_changed, false)) turn.next_kept = 0;
  auto& all = turn.saga.kept;
  if (turn.next_kept >= all.size()) {
    turn.next_kept = SIZE_MAX;
    return false;
  }
  const auto at = all.begin() + static_cast<std::ptrdiff_t>(turn.next_kept);
  const KeptEvent kept = std::move(*at);
  all.erase(at);
  dispatch(turn, {.event = kept.event,
                  .code = kept.code,
                  .payload = kept.payload,
                  .from = kept.deferred ? Raised::From::deferred : Raised::From::signal,
                  .kept_since = kept.at});
  return true;
}

/// One move; false when there is none. As in UML, what a state does by itself comes before the next
/// event, and what was kept before what was raised after it.
bool move_once(Turn& turn) {
  if (const Transition* transition = completion(turn)) {
    take(turn, *transition, Raised{});
    return true;
  }
  if (turn.saga.stuck_reason.empty() && redeliver(turn)) return true;
  if (turn.raised.empty()) return false;
  const Raised event = std::move(turn.raised.front());
  turn.raised.pop_front();
  dispatch(turn, event);
  return true;
}

void move(Turn& turn) {
  for (int moves = 0; moves < moves_max && !unwinding(turn); ++moves)
    if (!move_once(turn)) return;
  // While unwinding, what happened is in the log; it raises nothing any more. Signals are kept.
  if (unwinding(turn)) {
    for (const auto& event : turn.raised)
      if (event.from == Raised::From::signal) unhandled(turn, event);
    return turn.raised.clear();
  }
  turn.saga.stuck_reason = "anonymous transitions go round in a loop that waits for nothing";
}

}  // namespace

void go_on(Turn& turn) {
  const Parking parking = *std::exchange(turn.saga.parking, std::nullopt);
  if (!parking.target || !run_exits(turn, parking.source, Raised{})) return;
  enter(turn, *parking.target, leave(turn, parking.source));
}

void enter_initials(Turn& turn) {
  for (const StateIndex initial : turn.definition.initials)
    if (!unwinding(turn)) enter(turn, initial, turn.saga.active.size());
}

void settle(Turn& turn) {
  bool more = true;
  while (more) {
    move(turn);
    if (unwinding(turn)) {
      more = advance_unwind(turn);
    } else {
      undo_abandoned(turn);
      more = conclude(turn);
    }
  }
}

const Transition* enabled(const Turn& turn, const Raised& event) {
  return first_anywhere(turn, event, expects(event));
}

bool handles(const Turn& turn, const Raised& event) {
  return enabled(turn, event) != nullptr ||
         first_anywhere(turn, event, takes_unexpected(event)) != nullptr;
}

void keep(Turn& turn, const Raised& event) {
  const bool again = event.kept_since.has_value();
  auto& all = turn.saga.kept;
  // What is kept again keeps its place.
  const auto place = again ? std::min(turn.next_kept++, all.size()) : all.size();
  all.insert(all.begin() + static_cast<std::ptrdiff_t>(place),
             {.event = *event.event,
              .code = event.code,
              .payload = event.payload,
              .at = event.kept_since.value_or(turn.now),
              .deferred = event.from != Raised::From::signal});
  if (!again) turn.note({.kind = HistoryKind::kept, .state = turn.definition.at(*event.event)});
}

}  // namespace skald::core
