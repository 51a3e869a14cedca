#include "engine/core/machine.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/core/ending.hpp"
#include "engine/core/steps.hpp"
#include "engine/core/unwinding.hpp"

namespace skald::core {

namespace {

/// More moves than this in one turn mean a loop of anonymous transitions that waits for nothing.
constexpr int moves_max = 1000;

/// Whether `state` is `ancestor` or lies inside it.
bool within(const Definition& definition, StateIndex state, StateIndex ancestor) {
  for (std::optional<StateIndex> at = state; at; at = definition.at(*at).parent)
    if (*at == ancestor) return true;
  return false;
}

/// A composite state is joined when each of its regions has reached a final state.
bool joined(const Turn& turn, StateIndex composite) {
  return std::all_of(turn.saga.active.begin(), turn.saga.active.end(), [&](StateIndex leaf) {
    return !within(turn.definition, leaf, composite) || turn.definition.at(leaf).final != Final::no;
  });
}

/// Guards are the user's. One that throws decides nothing: no other row is tried in its place, and
/// the saga is stuck with the reason, unless a failure unwinds it anyway.
bool guard_holds(const Turn& turn, const Transition& transition, const Raised& event) {
  if (!transition.guard) return true;
  const bool by_event = transition.trigger == TriggerKind::event;
  const std::string_view name = by_event ? turn.definition.at(event.event) : std::string_view{};
  try {
    return transition.guard->holds(turn.view(), {name, event.code, event.payload.value()});
  } catch (const std::exception& e) {
    turn.saga.stuck_reason = "guard '" + transition.guard->name + "' failed: " + e.what();
    return false;
  }
}

/// Why the action failed, or empty. One that throws has changed nothing.
std::string run_native(Turn& turn, const NativeAction& action, const Raised& event) {
  try {
    auto data = turn.saga.data.is_null() ? nlohmann::json::object() : turn.saga.data.value();
    action.run(turn.view(), {"", event.code, event.payload.value()}, data);
    turn.saga.data = Json(data);
    return {};
  } catch (const std::exception& e) {
    return "action '" + action.name + "' failed: " + e.what();
  }
}

/// The saga cannot go on as the table says: it unwinds, or an operator must look.
void break_off(Turn& turn, std::string reason, const Raised& event) {
  if (!why_no_unwind(turn.definition, turn.saga))
    return begin_unwind(turn, UnwindCause::step_failed, std::move(reason),
                        unwind_target(turn.definition, turn.saga));
  if (event.failed) return park(turn, *event.failed, reason);
  turn.saga.stuck_reason = std::move(reason);
}

/// False when an action failed and the saga was broken off.
bool run_actions(Turn& turn, const std::vector<Action>& actions, const Raised& event) {
  for (const auto& action : actions) {
    if (const auto* call = std::get_if<CallStep>(&action)) begin_step(turn, call->step);
    const auto* native = std::get_if<NativeAction>(&action);
    if (native == nullptr) continue;
    std::string why = run_native(turn, *native, event);
    if (why.empty()) continue;
    break_off(turn, std::move(why), event);
    return false;
  }
  return true;
}

bool has_unwind(const Transition& transition) {
  return std::any_of(transition.actions.begin(), transition.actions.end(),
                     [](const Action& a) { return std::holds_alternative<UnwindAll>(a); });
}

/// A transition that unwinds is not enabled while that is impossible: a pivot under way decides
/// first, and after it a saga only goes forward. Once unwound there is nothing left to undo, and
/// the transition just goes on.
bool possible(const Turn& turn, const Transition& transition) {
  return !has_unwind(transition) || turn.saga.unwind || !why_no_unwind(turn.definition, turn.saga);
}

/// Leaves `source` with everything inside it. Returns the position the next state takes.
std::size_t leave(Turn& turn, StateIndex source) {
  auto& active = turn.saga.active;
  const auto inside = [&](StateIndex leaf) { return within(turn.definition, leaf, source); };
  const auto first = std::find_if(active.begin(), active.end(), inside);
  const auto position = static_cast<std::size_t>(first - active.begin());
  active.erase(std::remove_if(first, active.end(), inside), active.end());
  return position;
}

void take(Turn& turn, const Transition& transition, const Raised& event) {
  if (!run_actions(turn, transition.actions, event)) return;
  if (has_unwind(transition) && !turn.saga.unwind)
    return begin_unwind(turn, UnwindCause::transition, event.reason, transition.target);
  if (!transition.target) return;
  const auto position = leave(turn, transition.source);
  enter(turn, *transition.target, position);
}

/// The innermost state decides first, as in UML; then the composite states around it.
template <class Matches>
const Transition* first_enabled(const Turn& turn, Matches matches) {
  for (const StateIndex leaf : turn.saga.active)
    for (std::optional<StateIndex> at = leaf; at; at = turn.definition.at(*at).parent)
      for (const auto& transition : turn.definition.transitions) {
        if (transition.source != *at || !possible(turn, transition)) continue;
        if (matches(transition)) return &transition;
        if (!turn.saga.stuck_reason.empty()) return nullptr;  // its guard failed
      }
  return nullptr;
}

const Transition* completion(const Turn& turn) {
  static const Raised nothing{};
  return first_enabled(turn, [&](const Transition& transition) {
    if (transition.trigger == TriggerKind::event) return false;
    if (transition.trigger == TriggerKind::joined && !joined(turn, transition.source)) return false;
    return guard_holds(turn, transition, nothing);
  });
}

/// A failure no state handles unwinds the saga; where that is not possible an operator must look.
void unhandled(Turn& turn, const Raised& event) {
  if (!event.failed) return;
  const auto& step = turn.definition.at(event.failed->step);
  const std::string reason = "step '" + step.id + "' failed: " + event.reason;
  if (step.kind == StepKind::retriable || why_no_unwind(turn.definition, turn.saga))
    return park(turn, *event.failed, event.reason);
  begin_unwind(turn, UnwindCause::step_failed, reason, std::nullopt);
}

void dispatch(Turn& turn, const Raised& event) {
  if (const Transition* transition = enabled(turn, event)) return take(turn, *transition, event);
  unhandled(turn, event);
}

void move(Turn& turn) {
  for (int moves = 0; moves < moves_max && !unwinding(turn); ++moves) {
    if (!turn.raised.empty()) {
      const Raised event = std::move(turn.raised.front());
      turn.raised.pop_front();
      dispatch(turn, event);
    } else if (const Transition* transition = completion(turn)) {
      take(turn, *transition, Raised{});
    } else {
      return;
    }
  }
  // While unwinding, what happened is in the log; it raises nothing any more.
  if (unwinding(turn)) return turn.raised.clear();
  turn.saga.stuck_reason = "anonymous transitions go round in a loop that waits for nothing";
}

}  // namespace

void enter(Turn& turn, StateIndex index, std::size_t position) {
  const State& state = turn.definition.at(index);
  auto& active = turn.saga.active;
  turn.note({.kind = HistoryKind::entered, .state = state.name});
  if (state.initials.empty())
    active.insert(active.begin() + static_cast<std::ptrdiff_t>(position), index);
  if (!run_actions(turn, state.on_entry, Raised{})) return;
  for (const StateIndex initial : state.initials) {
    const auto before = active.size();
    enter(turn, initial, position);
    if (unwinding(turn)) return;
    position += active.size() - before;
  }
}

void settle(Turn& turn) {
  bool more = true;
  while (more) {
    move(turn);
    more = unwinding(turn) ? advance_unwind(turn) : conclude(turn);
  }
}

const Transition* enabled(const Turn& turn, const Raised& event) {
  return first_enabled(turn, [&](const Transition& transition) {
    return transition.trigger == TriggerKind::event && transition.event == event.event &&
           guard_holds(turn, transition, event);
  });
}

}  // namespace skald::core
