#pragma once

#include <string>
#include <vector>

#include "engine/model/definition.hpp"

namespace skald::test {

/// An action as it reads in a table: the step's id, "unwind", or the name of a native one.
inline std::string printed(const Definition& definition, const Action& action) {
  if (const auto* call = std::get_if<CallStep>(&action)) return definition.at(call->step).id;
  if (const auto* native = std::get_if<NativeAction>(&action)) return native->name;
  return "unwind";
}

inline std::string printed(const Definition& definition, const std::vector<Action>& actions) {
  std::string text;
  for (const auto& action : actions)
    text.append(text.empty() ? "" : ", ").append(printed(definition, action));
  return text;
}

/// The transitions in the order of the table, e.g. "A + paid [rich] / note = B".
inline std::vector<std::string> printed(const Definition& definition) {
  std::vector<std::string> rows;
  for (const auto& transition : definition.transitions) {
    std::string row = definition.at(transition.source).name;
    if (transition.trigger == TriggerKind::event) row += " + " + definition.at(transition.event);
    if (transition.trigger == TriggerKind::joined) row += " + join";
    if (transition.guard) row += " [" + transition.guard->name + "]";
    if (!transition.actions.empty()) row += " / " + printed(definition, transition.actions);
    if (transition.target) row += " = " + definition.at(*transition.target).name;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace skald::test
