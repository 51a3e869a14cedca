#include "engine/core/check.hpp"

#include <algorithm>

#include "engine/core/checks.hpp"
#include "engine/core/reach.hpp"
#include "engine/model/registry.hpp"

namespace skald {

namespace core {

namespace {

auto each_of(const std::vector<std::vector<StateIndex>>& edges) {
  return [&edges](StateIndex at, auto visit) {
    for (const StateIndex next : edges[number(at)]) visit(next);
  };
}

}  // namespace

Graph::Graph(const Definition& definition)
    : next_(definition.states.size()), previous_(definition.states.size()) {
  const auto edge = [&](StateIndex from, StateIndex to) {
    next_[number(from)].push_back(to);
    previous_[number(to)].push_back(from);
  };
  const auto exhausted = [&](StateIndex state, const std::vector<Action>& actions) {
    for (const auto& action : actions)
      if (const auto* call = std::get_if<CallStep>(&action))
        if (const auto target = definition.at(call->step).on_exhausted.target) edge(state, *target);
  };
  for (std::size_t i = 0; i < definition.states.size(); ++i) {
    const auto index = static_cast<StateIndex>(i);
    for (const StateIndex initial : definition.states[i].initials) edge(index, initial);
    if (const auto parent = definition.states[i].parent) edge(index, *parent);
    exhausted(index, definition.states[i].on_entry);
  }
  for (const auto& transition : definition.transitions) {
    if (transition.target) edge(transition.source, *transition.target);
    exhausted(transition.target.value_or(transition.source), transition.actions);
  }
}

std::vector<bool> Graph::forward(const std::vector<StateIndex>& from) const {
  return spread(next_.size(), from, each_of(next_));
}

std::vector<bool> Graph::backward(const std::vector<StateIndex>& to) const {
  return spread(previous_.size(), to, each_of(previous_));
}

Checks::Checks(const Definition& definition)
    : d(definition),
      graph(definition),
      from(definition.states.size()),
      steps(definition.states.size()),
      where(definition.steps.size()) {
  for (std::size_t i = 0; i < d.steps.size(); ++i) where[i] = d.steps[i].where;
  const auto note = [&](StateIndex state, const std::vector<Action>& actions,
                        const std::string& row) {
    for (const auto& action : actions)
      if (const auto* call = std::get_if<CallStep>(&action)) {
        steps[number(state)].push_back(call->step);
        if (where[number(call->step)].empty()) where[number(call->step)] = row;
      }
  };
  for (std::size_t i = 0; i < d.states.size(); ++i)
    note(static_cast<StateIndex>(i), d.states[i].on_entry, d.states[i].where);
  for (const auto& transition : d.transitions) {
    from[number(transition.source)].push_back(&transition);
    note(transition.source, transition.actions, transition.where);
  }
}

void Checks::add(const std::string& row, std::string why, std::string code) {
  findings.push_back({row.empty() ? d.ref.name : row, std::move(why), std::move(code)});
}

void Checks::add(StepIndex step, const std::string& why, std::string code) {
  add(where[number(step)], "step '" + d.at(step).id + "' " + why, std::move(code));
}

bool takes(const Transition& transition, EventIndex event) {
  switch (transition.trigger) {
    case TriggerKind::event:
      return transition.event == event;
    case TriggerKind::unexpected:
      return transition.any || transition.event == event;
    case TriggerKind::any_event:
      return true;
    default:
      return false;
  }
}

}  // namespace core

std::vector<Finding> check(const Definition& definition) {
  core::Checks checks(definition);
  if (definition.initials.empty()) {
    checks.add("", "has no initial state; mark one with *", "NO_INITIAL_STATE");
    return std::move(checks.findings);
  }
  core::check_names(checks);
  core::check_steps(checks);
  core::check_answers(checks);
  core::check_requests(checks);
  core::check_states(checks);
  core::check_transitions(checks);
  core::check_events(checks);
  core::check_pivots(checks);
  core::check_unwinding(checks);
  for (auto& finding : check_children(definition, Registry()))
    checks.findings.push_back(std::move(finding));
  return std::move(checks.findings);
}

}  // namespace skald
