#include <algorithm>

#include "engine/core/actions.hpp"
#include "engine/core/checks.hpp"

namespace skald::core {

namespace {

bool same_trigger(const Transition& a, const Transition& b) {
  if (a.trigger != b.trigger) return false;
  switch (a.trigger) {
    case TriggerKind::event:
      return a.event == b.event;
    case TriggerKind::unexpected:
      return a.any == b.any && (a.any || a.event == b.event);
    case TriggerKind::after:
      return !a.timer->at && !b.timer->at && a.timer->after == b.timer->after;
    default:
      return true;
  }
}

/// Whether `later` can never be taken, because `earlier` is enabled whenever it is. A row that
/// unwinds may be impossible when another is not.
bool shadows(const Transition& earlier, const Transition& later) {
  if (!same_trigger(earlier, later)) return false;
  if (has<UnwindAll>(earlier.actions) && !has<UnwindAll>(later.actions)) return false;
  if (!earlier.guard) return true;
  return later.guard && earlier.guard->name == later.guard->name;
}

void ambiguous(Checks& checks) {
  for (const auto& rows : checks.from)
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto before = rows.begin() + static_cast<std::ptrdiff_t>(i);
      const auto earlier = std::find_if(
          rows.begin(), before, [&](const Transition* one) { return shadows(*one, *rows[i]); });
      if (earlier != before)
        checks.add(rows[i]->where,
                   "is never taken: " + (*earlier)->where + " leaves '" +
                       checks.d.at(rows[i]->source).name +
                       "' on the same trigger; give the first a guard, or drop one",
                   "AMBIGUOUS");
    }
}

/// The anonymous transition without a guard that leads on from the state; null: it waits there.
const Transition* leads_on(const Checks& checks, StateIndex state) {
  const auto& rows = checks.from[number(state)];
  const auto next = std::find_if(rows.begin(), rows.end(), [](const Transition* transition) {
    return transition->trigger == TriggerKind::always && !transition->guard && transition->target;
  });
  return next == rows.end() || has<Park>((*next)->actions) ? nullptr : *next;
}

/// Follows anonymous transitions without a guard; coming back to where one walk has been means
/// that they never wait. Every state is walked through once.
void anonymous_loops(Checks& checks) {
  std::vector<std::size_t> walk(checks.d.states.size(), 0);
  for (std::size_t i = 0; i < walk.size(); ++i) {
    auto at = static_cast<StateIndex>(i);
    const Transition* next = nullptr;
    while (walk[number(at)] == 0) {
      walk[number(at)] = i + 1;
      next = leads_on(checks, at);
      if (next == nullptr) break;
      at = *next->target;
    }
    if (next == nullptr || walk[number(at)] != i + 1) continue;
    return checks.add(leads_on(checks, at)->where, "goes round in a loop of anonymous transitions",
                      "LOOP");
  }
}

void timers(Checks& checks) {
  for (const auto& transition : checks.d.transitions)
    if (transition.trigger == TriggerKind::after &&
        (!transition.timer || (!transition.timer->at && transition.timer->after.count() < 1)))
      checks.add(transition.where, "waits for no time; give at least 1 ms", "TIMER");
}

void contradictions(Checks& checks) {
  for (const auto& transition : checks.d.transitions) {
    const auto& actions = transition.actions;
    const bool defers = has<DeferEvent>(actions);
    if (defers &&
        (transition.target || actions.size() > 1 || transition.trigger == TriggerKind::always))
      checks.add(transition.where, "defers its event, and can do nothing else with it", "DEFER");
    if (has<Park>(actions) && has<UnwindAll>(actions))
      checks.add(transition.where, "parks and unwinds; an operator decides which", "PARK");
  }
}

/// In a final state the saga, or the region, has ended: nothing is awaited there any more.
void after_the_end(Checks& checks) {
  for (const auto& transition : checks.d.transitions) {
    const State& source = checks.d.at(transition.source);
    if (source.final != Final::no)
      checks.add(transition.where,
                 "leads out of '" + source.name + "', where the " +
                     (source.parent ? "region" : "saga") +
                     " has ended, and is never taken; drop it, or let the state not be final",
                 "FINAL_LEFT");
  }
}

}  // namespace

void check_transitions(Checks& checks) {
  ambiguous(checks);
  anonymous_loops(checks);
  timers(checks);
  contradictions(checks);
  after_the_end(checks);
}

}  // namespace skald::core
