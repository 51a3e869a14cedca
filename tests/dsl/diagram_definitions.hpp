#pragma once

#include <string>
#include <vector>

#include "engine/model/definition.hpp"

namespace skald::test {

/// Writes a definition down by hand, without the checks of the languages.
class Draft {
 public:
  explicit Draft(std::string name) { made.ref.name = std::move(name); }

  StateIndex state(const std::string& name, Final final = Final::no,
                   std::optional<StateIndex> parent = {});
  EventIndex event(const std::string& name);
  StepIndex step(const std::string& id, StepKind kind = StepKind::compensatable,
                 const std::string& undo = "");
  /// Calls the step on entry to `state`.
  void calls(StateIndex state, StepIndex step);
  /// A transition on `event`; empty: an anonymous one.
  Transition& row(StateIndex from, const std::string& event, std::optional<StateIndex> to,
                  std::vector<Action> actions = {});

  Definition made;
};

/// A guard that a diagram shows as `text`.
[[nodiscard]] Guard guard(const std::string& text);

/// Two states and one transition between them, all named so.
[[nodiscard]] Definition named(const std::string& name);

/// Names made to break out of their place in one format or another.
[[nodiscard]] std::vector<std::string> hostile_names();

/// Everything a diagram can show: a dozen states, two regions in a composite state, timers, a
/// signal, guards, loops, a way back, unwinding, parking and a step that stays unknown.
[[nodiscard]] Definition journey_with_everything();

}  // namespace skald::test
