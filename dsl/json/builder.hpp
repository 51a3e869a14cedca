#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "dsl/json/expressions.hpp"
#include "dsl/json/facts.hpp"
#include "dsl/json/fields.hpp"
#include "dsl/json/load.hpp"

/// How build() works; for its own files only.
namespace skald::document {

/// Whether `text` is a status or some: "429", "5xx", "200-204".
[[nodiscard]] bool is_status_range(std::string_view text);

/// Builds the Definition of a full form: first everything but expressions, because what they may
/// read depends on the whole machine, then the expressions.
class Builder {
 public:
  Builder(const Node& document, const LoadOptions& options, Report& report)
      : document_(document), options_(options), report_(report) {}
  Definition run();

 private:
  struct RawState {
    std::string name;
    const Node* node;
    std::optional<std::size_t> parent;
  };
  struct NamedNode {
    std::string name;
    const Node* node;
  };
  using Names = std::unordered_map<std::string, std::size_t>;

  // build_header.cpp
  void header();
  void heading_values(Fields& fields);
  void policies(Fields& fields);
  void signals(Fields& fields);
  void signal(const std::string& name, const Node& node);
  void migrations(Fields& fields);
  void migration(const Node& node);
  void renames(Fields& fields, std::string_view key, bool of_states,
               std::map<std::string, std::string, std::less<>>& renamed);

  // build_policy.cpp
  RetryPolicy policy(const Node& node);
  void answers(Fields& fields, std::string_view key, std::vector<std::string>& answers);
  void only_one_answer(Fields& fields, RetryPolicy& made);
  RetryPolicy policy_of(Fields& fields, std::string_view key, const RetryPolicy& otherwise);

  // build_states.cpp
  void collect_states(const Node& states, std::optional<std::size_t> parent);
  void order_states();
  void states();
  void state(std::size_t raw);
  void initials(const Node& node, std::optional<std::size_t> parent,
                std::vector<StateIndex>& initials);
  void join(Fields& fields, State& made);
  void deferred(const Node& node, StateIndex source);
  std::optional<StateIndex> state_named(const Node& node);

  // build_transitions.cpp
  void transitions();
  void transition(const Node& node);
  void trigger(Fields& fields, Transition& made);
  void sense(Fields& fields, const Transition& made);
  void complete(const Node& node, std::size_t index);
  Value instant(const Node& node, StateIndex state);
  EventIndex event(const std::string& name);
  EventIndex heard(const Node& node);
  void check_events();

  // build_actions.cpp
  std::vector<Action> actions(const Node& node, bool of_transition);
  Action action(const Node& node, bool of_transition);
  void only_of_transitions(const Node& node, std::string_view what);
  Action word_action(const Node& node, const std::string& word, bool of_transition);
  Action raise(const Node& node);
  Action native_action(const Node& node);
  Action set_action(const Node& node);
  void complete_actions(const Node& node, std::vector<Action>& actions, const Scope& scope);
  void complete_set(const Node& set, NativeAction& action, const Scope& scope);

  // build_steps.cpp
  void collect_steps();
  void order_steps();
  void steps();
  void step(std::size_t raw);
  void step_events(Fields& fields, Step& step);
  void step_undo(Fields& fields, StepIndex index);
  void exhausted(const Node& node, Step& step);
  void depends_on(const Node& node, StepIndex index);
  void for_each(Fields& fields, StepIndex index);
  std::optional<StepIndex> step_named(const Node& node);
  Scope scope_of_step(StepIndex step, Done& done, Phase phase) const;

  // build_operations.cpp
  Operation operation(const Node& node, const std::string& name, StepIndex step, Phase phase);
  void target(Fields& fields, std::string_view kind, Operation& made, StepIndex step, Phase phase);
  void function(const Node& node, const std::string& name, Operation& made);
  void http(Fields& fields, const std::string& text, Operation& made, StepIndex step, Phase phase);
  void headers(Fields& fields, HttpTarget& target);
  bool header_value(const Member& header);
  bool status_of(Fields& rule, std::string& status);
  void outcomes(Fields& fields, Operation& made, StepIndex step, Phase phase);
  void value_of_step(const Node* node, StepIndex step, Phase phase, Value Operation::*field);
  Operation& operation_at(StepIndex step, Phase phase);

  /// Does it when all of the machine is known.
  void later(std::function<void()> compile) { later_.push_back(std::move(compile)); }

  const Node& document_;
  const LoadOptions& options_;
  Report& report_;
  Definition d_;
  std::unordered_map<std::string, RetryPolicy> policies_;
  bool states_are_read_ = true;  ///< else no name of one can be told from a misspelled one
  bool steps_are_read_ = true;   ///< the same
  std::vector<RawState> raw_states_;
  Names raw_state_names_;
  std::vector<StateIndex> state_of_raw_;
  std::vector<std::size_t> raw_of_state_;
  std::vector<NamedNode> raw_steps_;
  Names raw_step_names_;
  std::vector<StepIndex> step_of_raw_;
  std::vector<std::size_t> raw_of_step_;
  std::unordered_map<std::string, EventIndex> events_;
  std::set<EventIndex> raised_;                     ///< by a step, a signal or an action
  std::multimap<EventIndex, const Node*> heard_;    ///< where a transition waits for it
  std::multimap<EventIndex, const Node*> offered_;  ///< where a document makes one of its own
  std::vector<std::size_t> ways_out_;               ///< by StateIndex: how many transitions
  std::vector<std::function<void()>> later_;
  std::unique_ptr<Facts> facts_;
  std::unique_ptr<Expressions> expressions_;
};

}  // namespace skald::document
