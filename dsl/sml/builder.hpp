#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/sml/table.hpp"

/// From a table to a Definition, and what a machine that is run by itself must know beside it. For
/// build.cpp and sm.cpp only.
namespace skald::sml {

/// What a state was called in its table, by StateIndex.
struct StateKey {
  std::string_view name;
  TypeTag type = nullptr;
  bool terminal = false;
  Table (*sub)(Surroundings&) = nullptr;
  std::size_t region = 0;  ///< of the table it stands in
};

struct Built {
  Definition definition;
  std::vector<StateKey> keys;            ///< by StateIndex
  std::map<TypeTag, EventIndex> events;  ///< by type
  std::optional<EventIndex> unknown;     ///< stands for every type the table does not name
  std::vector<Finding> findings;         ///< of the rows; check() comes after them
};

/// A saga keeps what its table says as an operator must see it: `"Done"_s = X` makes Done final,
/// names are stable. A machine run by itself takes exactly the transitions that SML takes.
enum class Purpose { saga, machine };

/// Turns the rows into states, transitions and steps, remembering the row of each for messages.
class Builder {
 public:
  Builder(const Heading& heading, Purpose purpose, std::shared_ptr<Surroundings> around);
  Built run(const Table& table);

 private:
  using Parent = std::optional<StateIndex>;

  void refuse(std::string why, std::string code);
  void add_table(const Table& table, Parent parent, const std::string& prefix);
  void add_row(const RowSpec& row, Parent parent);

  // States (build_states.cpp).
  StateIndex state(const StateSpec& spec, Parent parent);
  void mark_initial(const StateSpec& spec, StateIndex state, Parent parent);
  void inside(const StateSpec& spec, StateIndex index);
  void final(const RowSpec& row, StateIndex source);
  void separate_regions();
  void separate_regions_of(const std::vector<StateIndex>& initials);
  void claim(StateIndex first, std::size_t region, std::vector<std::optional<std::size_t>>& owner);
  StateIndex copy_of(StateIndex state, std::size_t region);
  void name_states();

  // Transitions (build_rows.cpp).
  void entry_or_exit(const RowSpec& row, StateIndex source);
  void transition(const RowSpec& row, StateIndex source, Parent parent);
  bool trigger(const RowSpec& row, Transition& made);
  void join(const RowSpec& row, StateIndex source);
  void add_actions(const RowSpec& row, std::vector<Action>& actions, bool leads_on);
  [[nodiscard]] Guard guard(const GuardSpec& spec) const;
  [[nodiscard]] Action action(const RunSpec& spec) const;
  [[nodiscard]] Action action(const ProcessSpec& spec);
  [[nodiscard]] Action mark_handled() const;
  void order_any_events();
  EventIndex event(const EventSpec& spec);

  // Steps and signals (build_steps.cpp).
  StepIndex step(const StepSpec& spec);
  void check_targets(const Operation& operation);
  void finish_steps();
  void signals(const std::optional<std::vector<SignalSpec>>& declared);

  [[nodiscard]] bool machine() const { return purpose_ == Purpose::machine; }

  const Heading& heading_;
  Purpose purpose_;
  std::shared_ptr<Surroundings> around_;
  Built built_;
  Definition& d_ = built_.definition;
  std::vector<TypeTag> event_types_;    ///< by EventIndex
  std::vector<bool> event_is_raised_;   ///< by EventIndex: by a step or an action of the table
  std::vector<StepSpec> step_specs_;    ///< by StepIndex
  std::vector<std::string> step_rows_;  ///< by StepIndex
  std::vector<Parent> step_parents_;    ///< by StepIndex: the composite state whose row calls it
  std::string where_;
  Parent parent_;  ///< of the row under way
};

}  // namespace skald::sml
