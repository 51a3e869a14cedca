#include "dsl/json/facts.hpp"

#include <algorithm>

#include "engine/core/actions.hpp"

namespace skald::document {

bool StepSet::unite(const StepSet& other) {
  bool changed = false;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    const auto before = words_[i];
    words_[i] |= other.words_[i];
    changed = changed || words_[i] != before;
  }
  return changed;
}

bool StepSet::intersect(const StepSet& other) {
  bool changed = false;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    const auto before = words_[i];
    words_[i] &= other.words_[i];
    changed = changed || words_[i] != before;
  }
  return changed;
}

Facts::Facts(const Definition& definition)
    : d_(definition), left_over_(definition.steps.size()), ever_(definition.steps.size()) {
  const auto states = d_.states.size(), steps = d_.steps.size();
  at_.assign(states, {StepSet(steps, true), StepSet(steps), true});
  reached_.assign(states, false);
  is_open_.assign(states, false);
  from_.resize(states);
  finals_.resize(states);
  own_calls_.assign(states, StepSet(steps));
  beside_.assign(states, StepSet(steps));
  callers_.resize(steps);
  for (const auto& transition : d_.transitions)
    from_[number(transition.source)].push_back(&transition);
  index_calls();
  index_events();
  index_failures();
  index_left_over();
  index_regions();
  solve();
}

void Facts::index_call(const Action& action, StateIndex runs_in, Caller caller) {
  const auto* call = std::get_if<CallStep>(&action);
  if (call == nullptr) return;
  own_calls_[number(runs_in)].insert(call->step);
  callers_[number(call->step)].push_back(caller);
  ever_.insert(call->step);
}

void Facts::index_calls() {
  for (std::size_t i = 0; i < d_.states.size(); ++i) {
    const auto state = static_cast<StateIndex>(i);
    for (const auto& action : d_.states[i].on_entry) index_call(action, state, {state});
    for (const auto& action : d_.states[i].on_exit) index_call(action, state, {state});
  }
  for (const auto& transition : d_.transitions)
    for (const auto& action : transition.actions)
      index_call(action, transition.target.value_or(transition.source), {{}, &transition});
  calls_ = own_calls_;
  for (std::size_t i = 0; i < d_.states.size(); ++i)
    for (auto at = d_.states[i].parent; at; at = d_.at(*at).parent)
      calls_[number(*at)].unite(own_calls_[i]);
}

void Facts::index_events() {
  done_by_.resize(d_.events.size());
  named_by_.resize(d_.events.size());
  ambiguous_.assign(d_.events.size(), false);
  for (std::size_t i = 0; i < d_.steps.size(); ++i) {
    const Step& step = d_.steps[i];
    done_by_[number(step.done_event)].push_back(static_cast<StepIndex>(i));
    ambiguous_[number(step.failed_event)] = true;
    if (step.on_exhausted.target) exhausted_.push_back(static_cast<StepIndex>(i));
    for (const auto& [name, event] : step.outcome_events)
      named_by_[number(event)].push_back(static_cast<StepIndex>(i));
  }
  for (const auto& signal : d_.signals) ambiguous_[number(signal.event)] = true;
  const auto raised = [&](const std::vector<Action>& actions) {
    for (const auto& action : actions)
      if (const auto* raise = std::get_if<RaiseEvent>(&action)) {
        ambiguous_[number(raise->event)] = true;
        raised_.push_back(raise->event);
      }
  };
  for (const auto& state : d_.states) raised(state.on_entry), raised(state.on_exit);
  for (const auto& transition : d_.transitions) raised(transition.actions);
}

/// Whether the outcome of this name is always a refusal: no rule calls an answer done by it.
bool always_refused(const Operation& operation, const std::string& name) {
  if (std::holds_alternative<FunctionTarget>(operation.target)) return false;
  return std::none_of(operation.outcomes.begin(), operation.outcomes.end(),
                      [&](const OutcomeRule& rule) {
                        return rule.as == OutcomeRule::As::done && rule.name == name;
                      });
}

void Facts::index_failures() {
  std::vector<bool> otherwise(d_.events.size(), false);
  failure_.assign(d_.events.size(), false);
  for (const auto& step : d_.steps) {
    failure_[number(step.failed_event)] = true;
    otherwise[number(step.done_event)] = true;
    for (const auto& [name, event] : step.outcome_events) {
      failure_[number(event)] = true;
      if (!always_refused(step.call, name) || (step.probe && !always_refused(*step.probe, name)))
        otherwise[number(event)] = true;
    }
  }
  for (const auto& signal : d_.signals) otherwise[number(signal.event)] = true;
  for (const auto event : raised_) otherwise[number(event)] = true;
  for (std::size_t i = 0; i < failure_.size(); ++i) failure_[i] = failure_[i] && !otherwise[i];
}

void Facts::index_left_over() {
  for (std::size_t i = 0; i < d_.states.size(); ++i) {
    const State& state = d_.states[i];
    if (state.join != 0 && state.join < state.initials.size()) left_over_.unite(calls_[i]);
  }
}

void Facts::index_regions() {
  index_regions_of(d_.initials);
  // A state comes after its parent in `order`, so that what is beside the parent is known.
  std::vector<StateIndex> order;
  std::vector<std::vector<StateIndex>> children(d_.states.size());
  for (std::size_t i = 0; i < d_.states.size(); ++i)
    if (const auto parent = d_.states[i].parent)
      children[number(*parent)].push_back(static_cast<StateIndex>(i));
    else
      order.push_back(static_cast<StateIndex>(i));
  for (std::size_t i = 0; i < order.size(); ++i) {
    const StateIndex state = order[i];
    if (!d_.at(state).initials.empty()) index_regions_of(d_.at(state).initials);
    for (const StateIndex child : children[number(state)]) {
      beside_[number(child)].unite(beside_[number(state)]);
      order.push_back(child);
    }
  }
}

void Facts::index_regions_of(const std::vector<StateIndex>& initials) {
  std::vector<std::vector<StateIndex>> regions;
  std::vector<StepSet> begun;
  for (const StateIndex initial : initials) {
    std::vector<StateIndex> region{initial};
    std::vector<bool> seen(d_.states.size(), false);
    seen[number(initial)] = true;
    begun.emplace_back(d_.steps.size());
    for (std::size_t i = 0; i < region.size(); ++i) {
      if (d_.at(region[i]).final != Final::no) finals_[number(initial)].push_back(region[i]);
      begun.back().unite(calls_[number(region[i])]);
      const auto visit = [&](StateIndex next) {
        if (d_.at(next).parent != d_.at(initial).parent || seen[number(next)]) return;
        seen[number(next)] = true;
        region.push_back(next);
      };
      for (const auto* transition : from_[number(region[i])])
        if (transition->target) visit(*transition->target);
      for (const StepIndex step : exhausted_)
        if (calls_[number(region[i])].contains(step)) visit(*d_.at(step).on_exhausted.target);
    }
    regions.push_back(std::move(region));
  }
  for (std::size_t one = 0; one < regions.size(); ++one)
    for (std::size_t other = 0; other < regions.size(); ++other)
      if (one != other)
        for (const StateIndex state : regions[one]) beside_[number(state)].unite(begun[other]);
}

void Facts::enter(StateIndex state, const Done& done) {
  Done& known = at_[number(state)];
  bool changed = !reached_[number(state)];
  reached_[number(state)] = true;
  changed = known.surely.intersect(done.surely) || changed;
  changed = (known.failed && !done.failed) || changed;
  known.failed = known.failed && done.failed;
  changed = known.maybe.unite(done.maybe) || changed;
  changed = known.maybe.unite(beside_[number(state)]) || changed;
  const auto reopen = [&](StateIndex at) {
    if (is_open_[number(at)]) return;
    is_open_[number(at)] = true;
    open_.push_back(at);
  };
  if (!changed) return;
  reopen(state);
  // How its region ends decides what is known when the composite state is joined.
  if (const auto parent = d_.at(state).parent; parent && d_.at(state).final != Final::no)
    reopen(*parent);
}

void Facts::solve() {
  const auto steps = d_.steps.size();
  for (const StateIndex initial : d_.initials)
    enter(initial, {StepSet(steps), StepSet(steps), false});
  // What may be done spreads against every way back, one state at a time. Where that takes long, it
  // is enough to know that anything may be.
  const std::size_t patience = 20 * d_.states.size();
  for (std::size_t i = 0; i < open_.size(); ++i) {
    if (i == patience)
      for (auto& done : at_) done.maybe = ever_;
    const StateIndex state = open_[i];
    is_open_[number(state)] = false;
    follow(state);
  }
  open_.clear();
}

void Facts::follow(StateIndex state) {
  Done inside = at(state);
  inside.maybe.unite(own_calls_[number(state)]);
  for (const StateIndex initial : d_.at(state).initials) enter(initial, inside);
  for (const auto* transition : from_[number(state)]) {
    if (!transition->target) continue;
    auto done = transition->trigger == TriggerKind::joined ? joined(state) : leaving(state);
    if (!done) continue;
    learn(*transition, *done);
    // The target is entered when all is undone, and what sets an unwinding off is a failure.
    done->failed = done->failed || core::has<UnwindAll>(transition->actions);
    enter(*transition->target, *done);
  }
  for (const StepIndex step : exhausted_) {
    if (!calls_[number(state)].contains(step)) continue;
    Done done = leaving(state);
    done.failed = true;
    enter(*d_.at(step).on_exhausted.target, done);
  }
}

Done Facts::leaving(StateIndex source) const {
  Done done = at(source);
  done.maybe.unite(calls_[number(source)]);
  return done;
}

bool Facts::all_ended(const std::vector<StateIndex>& initials, Done& done) const {
  for (const StateIndex initial : initials) {
    StepSet region(d_.steps.size(), true);
    bool ends = false, failed = true;
    for (const StateIndex final : finals_[number(initial)]) {
      if (!reached_[number(final)]) continue;
      region.intersect(at(final).surely);
      failed = failed && at(final).failed;
      ends = true;
    }
    if (!ends) return false;
    done.surely.unite(region);
    done.failed = done.failed || failed;
  }
  return true;
}

std::optional<Done> Facts::joined(StateIndex composite) const {
  Done done = leaving(composite);
  const State& state = d_.at(composite);
  if (state.join != 0 && state.join < state.initials.size()) return done;
  if (!all_ended(state.initials, done)) return std::nullopt;
  return done;
}

bool Facts::tells_failure(const Transition& transition) const {
  const bool named = transition.trigger == TriggerKind::event ||
                     (transition.trigger == TriggerKind::unexpected && !transition.any);
  return named && failure_[number(transition.event)];
}

void Facts::learn(const Transition& transition, Done& done) const {
  done.failed = done.failed || tells_failure(transition);
  if (transition.trigger != TriggerKind::event) return;
  const auto event = number(transition.event);
  std::vector<StepIndex> here;
  for (const StepIndex step : done_by_[event])
    if (calls_[number(transition.source)].contains(step)) here.push_back(step);
  const auto& candidates = here.empty() ? done_by_[event] : here;
  for (const StepIndex step : candidates) done.maybe.insert(step);
  for (const StepIndex step : named_by_[event]) done.maybe.insert(step);
  if (candidates.size() == 1 && !ambiguous_[event] && named_by_[event].empty())
    done.surely.insert(candidates.front());
}

Done Facts::after(const Transition& transition) const {
  const bool joins = transition.trigger == TriggerKind::joined;
  auto done = joins ? joined(transition.source) : leaving(transition.source);
  if (!done) done = leaving(transition.source);
  learn(transition, *done);
  return *done;
}

Done Facts::at_call(StepIndex step) const {
  Done done{StepSet(d_.steps.size(), true), StepSet(d_.steps.size()), true};
  for (const auto& caller : callers_[number(step)]) {
    const Done here = caller.state ? at(*caller.state) : after(*caller.transition);
    done.surely.intersect(here.surely);
    done.maybe.unite(here.maybe);
    done.failed = done.failed && here.failed;
  }
  return done;
}

Done Facts::at_undo(StepIndex step) const {
  Done done = at_call(step);
  done.maybe = ever_;
  done.failed = done.failed || !left_over_.contains(step);
  return done;
}

Done Facts::at_end() const {
  Done done{StepSet(d_.steps.size(), true), ever_, true};
  if (d_.initials.size() > 1) {
    done.surely = StepSet(d_.steps.size());
    done.failed = false;
    (void)all_ended(d_.initials, done);
    return done;
  }
  for (std::size_t i = 0; i < d_.states.size(); ++i)
    if (reached_[i] && !d_.states[i].parent && d_.states[i].final == Final::success) {
      done.surely.intersect(at_[i].surely);
      done.failed = done.failed && at_[i].failed;
    }
  return done;
}

}  // namespace skald::document
