#include <algorithm>

#include "dsl/sml/builder.hpp"

namespace skald::sml {

/// States of one name in one table must be of one type; in a machine run by itself, where names
/// are no ids, they are just different states.
StateIndex Builder::state(const StateSpec& spec, Parent parent) {
  auto& keys = built_.keys;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto index = static_cast<StateIndex>(i);
    if (keys[i].name != spec.name || d_.at(index).parent != parent) continue;
    if (keys[i].type == spec.type && keys[i].terminal == spec.terminal) return index;
    if (machine()) continue;
    refuse("two different states are called '" + std::string(spec.name) + "'; rename one", "STATE");
    return index;
  }
  const auto index = static_cast<StateIndex>(d_.states.size());
  d_.states.push_back({.name = std::string(spec.name),
                       .final = spec.terminal ? Final::success : Final::no,
                       .parent = parent,
                       .where = where_});
  keys.push_back({spec.name, spec.type, spec.terminal, spec.sub, 0});
  if (spec.sub != nullptr) inside(spec, index);
  return index;
}

void Builder::inside(const StateSpec& spec, StateIndex index) {
  const std::string outer = where_;
  const Parent outer_parent = parent_;
  add_table(spec.sub(*around_), index, std::string(spec.name) + " ");
  where_ = outer;
  parent_ = outer_parent;
  if (d_.at(index).initials.empty())
    refuse("the table of '" + std::string(spec.name) + "' has no initial state; mark one with *",
           "NO_INITIAL_STATE");
}

void Builder::mark_initial(const StateSpec& spec, StateIndex state, Parent parent) {
  auto& initials = parent ? d_.states[number(*parent)].initials : d_.initials;
  if (std::find(initials.begin(), initials.end(), state) == initials.end())
    initials.push_back(state);
  if (spec.history) d_.states[number(state)].history = true;
}

/// `"Done"_s = X` and `"Refused"_s / fail = X`.
void Builder::final(const RowSpec& row, StateIndex source) {
  const auto fails = [](const ActionSpec& a) { return std::holds_alternative<FailSpec>(a); };
  if (!std::all_of(row.actions.begin(), row.actions.end(), fails))
    return refuse("a row that ends in X may carry 'fail' and no other action", "ROW");
  d_.states[number(source)].final = row.actions.empty() ? Final::success : Final::failure;
}

/// A state that two regions lead to (most often X) becomes one for each, so that what is active in
/// a region is always a state of its own.
void Builder::separate_regions() {
  separate_regions_of(d_.initials);
  std::size_t next = 0;
  while (next < d_.states.size()) {  // states are added meanwhile
    const auto initials = d_.states[next++].initials;
    separate_regions_of(initials);
  }
}

void Builder::separate_regions_of(const std::vector<StateIndex>& initials) {
  std::vector<std::optional<std::size_t>> owner(d_.states.size());
  for (std::size_t region = 0; region < initials.size(); ++region)
    claim(initials[region], region, owner);
}

void Builder::claim(StateIndex first, std::size_t region,
                    std::vector<std::optional<std::size_t>>& owner) {
  std::vector<StateIndex> open{first};
  std::map<StateIndex, StateIndex> copies;
  while (!open.empty()) {
    const StateIndex at = open.back();
    open.pop_back();
    if (owner[number(at)]) continue;
    owner[number(at)] = region;
    built_.keys[number(at)].region = region;
    std::size_t next = 0;
    while (next < d_.transitions.size()) {  // transitions are added meanwhile
      const std::size_t i = next++;
      if (d_.transitions[i].source != at || !d_.transitions[i].target) continue;
      StateIndex target = *d_.transitions[i].target;
      if (copies.contains(target)) target = copies[target];
      const bool foreign = owner[number(target)] && owner[number(target)] != region;
      if (foreign && d_.at(target).initials.empty()) {
        const StateIndex copy = copy_of(target, region);
        owner.resize(d_.states.size());
        copies[target] = copy;
        target = copy;
      }
      d_.transitions[i].target = target;
      open.push_back(target);
    }
  }
}

StateIndex Builder::copy_of(StateIndex state, std::size_t region) {
  const auto copy = static_cast<StateIndex>(d_.states.size());
  State made = d_.at(state);
  made.name += ":" + std::to_string(region + 1);
  d_.states.push_back(std::move(made));
  built_.keys.push_back(built_.keys[number(state)]);
  for (std::size_t i = 0, rows = d_.transitions.size(); i < rows; ++i)
    if (d_.transitions[i].source == state) {
      Transition of_copy = d_.transitions[i];
      of_copy.source = copy;
      if (of_copy.target == state) of_copy.target = copy;
      d_.transitions.push_back(std::move(of_copy));
    }
  return copy;
}

/// Names are ids, so each must be unique: a state inside a composite one whose name is also used
/// elsewhere gets the composite state's name before its own.
void Builder::name_states() {
  const auto taken = [&](const std::string& name) {
    return std::count_if(d_.states.begin(), d_.states.end(),
                         [&](const State& state) { return state.name == name; }) > 1;
  };
  std::vector<std::string> names;
  for (const auto& state : d_.states) {
    const bool qualify = state.parent && taken(state.name);
    names.push_back(qualify ? names[number(*state.parent)] + "." + state.name : state.name);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto same =
        std::count(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]);
    d_.states[i].name = same == 0 ? names[i] : names[i] + "~" + std::to_string(same + 1);
  }
}

}  // namespace skald::sml
