#pragma once

#include <string>
#include <vector>

#include "engine/core/check.hpp"

/// The checks of a definition, one file for each matter. Each adds what it finds.
namespace skald::core {

/// Which states lead to which: by transitions, into regions and out of them, and where exhausted
/// steps go on.
class Graph {
 public:
  explicit Graph(const Definition& definition);

  /// Every state that may be active after those in `from`, them included.
  [[nodiscard]] std::vector<bool> forward(const std::vector<StateIndex>& from) const;
  /// Every state from which one of `to` may be reached, them included.
  [[nodiscard]] std::vector<bool> backward(const std::vector<StateIndex>& to) const;

 private:
  using Edges = std::vector<std::vector<StateIndex>>;
  Edges next_;
  Edges previous_;
};

/// What the checks share.
struct Checks {
  explicit Checks(const Definition& definition);

  void add(const std::string& where, std::string why, std::string code);
  void add(StepIndex step, const std::string& why, std::string code);

  const Definition& d;
  Graph graph;
  std::vector<std::vector<const Transition*>> from;  ///< by source
  std::vector<std::vector<StepIndex>> steps;         ///< called on entry to, or out of, each state
  std::vector<std::string> where;  ///< of each step: declared, or the row that calls it
  std::vector<Finding> findings;
};

void check_names(Checks& checks);        ///< names, version, keys, deadline, migrations
void check_steps(Checks& checks);        ///< policies, timeouts, undos, loops over items
void check_answers(Checks& checks);      ///< outcome rules and retried answers nothing comes to
void check_requests(Checks& checks);     ///< methods, paths and headers that cannot be sent
void check_states(Checks& checks);       ///< reachable, with a way out and to an end
void check_transitions(Checks& checks);  ///< rows that contradict each other, loops without a wait
void check_events(Checks& checks);       ///< outcomes nobody handles, events that never come
void check_pivots(Checks& checks);       ///< what may come before, beside and after a pivot
void check_unwinding(Checks& checks);    ///< what may come after an unwinding

/// Whether the event may set the transition off.
[[nodiscard]] bool takes(const Transition& transition, EventIndex event);

}  // namespace skald::core
