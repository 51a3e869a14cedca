#include <algorithm>

#include "dsl/sml/table.hpp"
#include "engine/core/check.hpp"

namespace skald::sml {

namespace {

/// Turns the rows into states, transitions and steps, remembering the row of each for messages.
class Builder {
 public:
  explicit Builder(const Heading& heading) {
    d_.ref = heading.ref;
    d_.input = heading.input;
    d_.business_key_field = heading.business_key_field;
    d_.deadline = heading.deadline;
    d_.on_deadline = heading.on_deadline;
  }

  Result<Definition> run(const Table& table) {
    add_table(table, std::nullopt, "");
    if (findings_.empty()) findings_ = check(d_);
    if (findings_.empty()) return std::move(d_);
    return Error{ErrorCode::invalid_argument,
                 "The definition '" + d_.ref.name + "' is not acceptable.",
                 "Every finding names the table row it is about.", std::move(findings_)};
  }

 private:
  void refuse(const std::string& where, std::string why, std::string code) {
    findings_.push_back({where, std::move(why), std::move(code)});
  }

  void add_table(const Table& table, std::optional<StateIndex> parent, const std::string& prefix) {
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      where_ = prefix + "row " + std::to_string(i + 1);
      add_row(table.rows[i], parent);
    }
  }

  void add_row(const RowSpec& row, std::optional<StateIndex> parent) {
    if (row.source.terminal) return refuse(where_, "X is the end; nothing leads on from it", "ROW");
    const StateIndex source = state(row.source, parent);
    if (row.source.initial) initial(source, parent);
    const bool anonymous = row.trigger.kind == TriggerSpec::Kind::always;
    if (anonymous && row.target && row.target->terminal && !row.guard) return final(row, source);
    if (row.trigger.kind == TriggerSpec::Kind::entry) return entry(row, source);
    if (anonymous && !row.target && !row.guard)
      return refuse(where_, "has neither event nor guard nor target; it would run for ever", "ROW");
    if (!row.target && row.actions.empty())
      return refuse(where_, "does nothing; add an action or '= \"Target\"_s'", "ROW");
    transition(row, source, parent);
  }

  void initial(StateIndex source, std::optional<StateIndex> parent) {
    auto& initials = parent ? d_.states[number(*parent)].initials : d_.initials;
    if (std::find(initials.begin(), initials.end(), source) == initials.end())
      initials.push_back(source);
  }

  /// `"Done"_s = X` and `"Refused"_s / fail = X`.
  void final(const RowSpec& row, StateIndex source) {
    const auto fails = [](const ActionSpec& a) { return std::holds_alternative<FailSpec>(a); };
    if (!std::all_of(row.actions.begin(), row.actions.end(), fails))
      return refuse(where_, "a row that ends in X may carry 'fail' and no other action", "ROW");
    d_.states[number(source)].final = row.actions.empty() ? Final::success : Final::failure;
  }

  void entry(const RowSpec& row, StateIndex source) {
    if (row.target || row.guard)
      return refuse(where_, "on_entry has actions only; it takes no guard and no target", "ROW");
    d_.states[number(source)].where = where_;
    for (const auto& action : row.actions)
      add_action(action, d_.states[number(source)].on_entry, false);
  }

  void transition(const RowSpec& row, StateIndex source, std::optional<StateIndex> parent) {
    Transition made{.source = source, .guard = row.guard, .where = where_};
    switch (row.trigger.kind) {
      case TriggerSpec::Kind::event:
        made.trigger = TriggerKind::event;
        made.event = event(row.trigger.event);
        break;
      case TriggerSpec::Kind::joined:
        made.trigger = TriggerKind::joined;
        if (row.source.sub == nullptr)
          refuse(where_, "join<_> needs a composite state: state<T>", "ROW");
        break;
      default:
        made.trigger = TriggerKind::always;
    }
    if (row.target) made.target = state(*row.target, parent);
    for (const auto& action : row.actions)
      add_action(action, made.actions, made.target.has_value());
    d_.transitions.push_back(std::move(made));
  }

  void add_action(const ActionSpec& spec, std::vector<Action>& actions, bool leads_on) {
    if (const auto* step = std::get_if<StepSpec>(&spec)) actions.push_back(CallStep{add(*step)});
    if (const auto* native = std::get_if<NativeAction>(&spec)) actions.push_back(*native);
    if (std::holds_alternative<UnwindSpec>(spec)) {
      if (!leads_on) refuse(where_, "'unwind' needs a target to go to when it is done", "ROW");
      actions.push_back(UnwindAll{});
    }
    if (std::holds_alternative<FailSpec>(spec))
      refuse(where_, "'fail' belongs to a last row: \"State\"_s / fail = X", "ROW");
  }

  StepIndex add(const StepSpec& spec) {
    Step step = spec.step;
    step.call = spec.call.operation;
    step.done_event = event(spec.call.done_event);
    step.failed_event = event(spec.call.failed_event);
    if (spec.undo) step.undo = spec.undo->operation;
    reached(step.call);
    if (step.undo) reached(*step.undo);
    d_.steps.push_back(std::move(step));
    return static_cast<StepIndex>(d_.steps.size() - 1);
  }

  void reached(const Operation& operation) {
    const auto* http = std::get_if<HttpTarget>(&operation.target);
    const auto* function = std::get_if<FunctionTarget>(&operation.target);
    const bool nowhere =
        (http != nullptr && http->path.empty()) || (function != nullptr && !function->function);
    if (nowhere)
      refuse(where_,
             "operation '" + operation.name +
                 "' leads nowhere; add .post(participant, path) or "
                 ".run(function)",
             "OPERATION");
  }

  StateIndex state(const StateSpec& spec, std::optional<StateIndex> parent) {
    const std::string name(spec.name);
    if (const auto known = d_.find_state(name)) {
      if (d_.at(*known).parent != parent)
        refuse(where_, "state '" + name + "' is used inside and outside of a composite state",
               "STATE");
      else if (made_of_[number(*known)] != spec.sub)
        refuse(where_, "two different states are called '" + name + "'; rename one", "STATE");
      return *known;
    }
    const auto index = static_cast<StateIndex>(d_.states.size());
    d_.states.push_back({.name = name,
                         .final = spec.terminal ? Final::success : Final::no,
                         .parent = parent,
                         .where = where_});
    made_of_.push_back(spec.sub);
    if (spec.sub != nullptr) inside(spec, index);
    return index;
  }

  void inside(const StateSpec& spec, StateIndex index) {
    const std::string outer = where_;
    add_table(spec.sub(), index, std::string(spec.name) + " ");
    where_ = outer;
    if (d_.at(index).initials.empty())
      refuse(where_,
             "the table of '" + std::string(spec.name) +
                 "' has no initial state; mark "
                 "one with *",
             "NO_INITIAL_STATE");
  }

  EventIndex event(const std::string& name) {
    const auto known = std::find(d_.events.begin(), d_.events.end(), name);
    if (known == d_.events.end()) d_.events.push_back(name);
    const auto index = std::find(d_.events.begin(), d_.events.end(), name) - d_.events.begin();
    return static_cast<EventIndex>(index);
  }

  Definition d_;
  std::vector<Table (*)()> made_of_;  ///< by StateIndex: the table of a composite state, or null
  std::string where_;
  std::vector<Finding> findings_;
};

}  // namespace

Result<Definition> build(const Heading& heading, const Table& table) {
  return Builder(heading).run(table);
}

}  // namespace skald::sml
