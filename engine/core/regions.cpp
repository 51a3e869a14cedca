#include "engine/core/regions.hpp"

#include <algorithm>

#include "engine/core/actions.hpp"
#include "engine/core/timers.hpp"

namespace skald::core {

namespace {

/// `state` or the one of its ancestors that lies directly inside `parent`; none: it is elsewhere.
std::optional<StateIndex> child_of(const Definition& definition, StateIndex state,
                                   std::optional<StateIndex> parent) {
  for (std::optional<StateIndex> at = state; at; at = definition.at(*at).parent)
    if (definition.at(*at).parent == parent) return at;
  return std::nullopt;
}

/// Where a region is entered: where it was left, if it has a history and had not ended.
StateIndex entry_of_region(const Turn& turn, StateIndex initial) {
  if (!turn.definition.at(initial).history) return initial;
  const auto left = turn.saga.histories.find(initial);
  if (left == turn.saga.histories.end()) return initial;
  return turn.definition.at(left->second).final == Final::no ? left->second : initial;
}

void remember(Turn& turn, StateIndex composite) {
  const auto& initials = turn.definition.at(composite).initials;
  const auto children = active_in(turn, composite);
  for (std::size_t i = 0; i < initials.size() && i < children.size(); ++i)
    if (turn.definition.at(initials[i]).history) turn.saga.histories[initials[i]] = children[i];
}

bool run_exits_inside(Turn& turn, std::optional<StateIndex> parent, StateIndex only,
                      const Raised& event) {
  for (const StateIndex child : active_in(turn, parent)) {
    if (parent != only && child != only) continue;
    const bool inside =
        turn.definition.at(child).initials.empty() || run_exits_inside(turn, child, child, event);
    if (!inside || !run_actions(turn, turn.definition.at(child).on_exit, event)) return false;
  }
  return true;
}

}  // namespace

bool within(const Definition& definition, StateIndex state, StateIndex ancestor) {
  for (std::optional<StateIndex> at = state; at; at = definition.at(*at).parent)
    if (*at == ancestor) return true;
  return false;
}

std::vector<StateIndex> active_in(const Turn& turn, std::optional<StateIndex> parent) {
  std::vector<StateIndex> children;
  for (const StateIndex leaf : turn.saga.active) {
    const auto child = child_of(turn.definition, leaf, parent);
    // The leaves of one composite region stand side by side.
    if (child && (children.empty() || children.back() != *child)) children.push_back(*child);
  }
  return children;
}

bool joined(const Turn& turn, StateIndex composite) {
  const auto children = active_in(turn, composite);
  const auto ended = std::count_if(children.begin(), children.end(), [&](StateIndex child) {
    return turn.definition.at(child).final != Final::no;
  });
  const auto needed = turn.definition.at(composite).join;
  return static_cast<std::size_t>(ended) >= (needed == 0 ? children.size() : needed);
}

void enter(Turn& turn, StateIndex index, std::size_t position) {
  const State& state = turn.definition.at(index);
  auto& active = turn.saga.active;
  turn.note({.kind = HistoryKind::entered, .state = state.name});
  turn.state_changed = true;
  turn.saga.parking.reset();
  if (state.initials.empty())
    active.insert(active.begin() + static_cast<std::ptrdiff_t>(position), index);
  begin_timers(turn, index);
  if (!run_actions(turn, state.on_entry, Raised{})) return;
  for (const StateIndex initial : state.initials) {
    const auto before = active.size();
    enter(turn, entry_of_region(turn, initial), position);
    if (unwinding(turn)) return;
    position += active.size() - before;
  }
}

bool run_exits(Turn& turn, StateIndex source, const Raised& event) {
  return run_exits_inside(turn, turn.definition.at(source).parent, source, event);
}

std::size_t leave(Turn& turn, StateIndex source) {
  for (std::size_t i = 0; i < turn.definition.states.size(); ++i) {
    const auto composite = static_cast<StateIndex>(i);
    if (!turn.definition.at(composite).initials.empty() &&
        within(turn.definition, composite, source))
      remember(turn, composite);
  }
  auto& active = turn.saga.active;
  const auto inside = [&](StateIndex leaf) { return within(turn.definition, leaf, source); };
  std::erase_if(turn.saga.timers, [&](const RunningTimer& timer) { return inside(timer.state); });
  const auto first = std::find_if(active.begin(), active.end(), inside);
  const auto position = static_cast<std::size_t>(first - active.begin());
  active.erase(std::remove_if(first, active.end(), inside), active.end());
  return position;
}

}  // namespace skald::core
