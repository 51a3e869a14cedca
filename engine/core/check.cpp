#include "engine/core/check.hpp"

#include <algorithm>

#include "engine/core/reach.hpp"

namespace skald {

namespace {

using core::reachable_from;
using core::steps_of;

class Checker {
 public:
  explicit Checker(const Definition& definition) : d_(definition) {}

  std::vector<Finding> run() {
    if (d_.initials.empty()) {
      add("", "has no initial state; mark one with *", "NO_INITIAL_STATE");
      return std::move(findings_);
    }
    names();
    steps();
    states();
    outcomes();
    pivots();
    after_pivot();
    retriables();
    unwindings();
    anonymous_loops();
    shared_events(d_.initials);
    for (const auto& state : d_.states) shared_events(state.initials);
    return std::move(findings_);
  }

 private:
  void add(const std::string& where, std::string why, std::string code) {
    findings_.push_back({where.empty() ? d_.ref.name : where, std::move(why), std::move(code)});
  }

  /// The row that calls the step.
  std::string where_of(StepIndex step) const {
    const auto calls = [&](const std::vector<Action>& actions) {
      return std::any_of(actions.begin(), actions.end(), [&](const Action& action) {
        const auto* call = std::get_if<CallStep>(&action);
        return call != nullptr && call->step == step;
      });
    };
    for (const auto& state : d_.states)
      if (calls(state.on_entry)) return state.where;
    for (const auto& transition : d_.transitions)
      if (calls(transition.actions)) return transition.where;
    return "";
  }
  void add(StepIndex step, const std::string& why, std::string code) {
    add(where_of(step), "step '" + d_.at(step).id + "' " + why, std::move(code));
  }

  void names() {
    if (d_.ref.name.empty()) add("", "has no name", "NO_NAME");
    if (d_.ref.version < 1) add("", "has no version; versions begin at 1", "NO_VERSION");
    for (std::size_t i = 0; i < d_.steps.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (d_.steps[i].id == d_.steps[j].id)
          add(static_cast<StepIndex>(i), "is declared twice; step ids are unique",
              "DUPLICATE_STEP");
    const auto& key = d_.business_key_field;
    const bool known = std::any_of(d_.input.begin(), d_.input.end(), [&](const Field& field) {
      return field.name == key && field.type == Field::Type::text;
    });
    if (!key.empty() && !known)
      add("", "business key '" + key + "' is not a text field of the input", "BUSINESS_KEY");
    constexpr Duration longest = std::chrono::hours{24 * 3660};
    if (d_.deadline && (d_.deadline->count() < 1 || *d_.deadline > longest))
      add("", "its deadline is out of range: 1 ms to ten years", "DEADLINE");
  }

  void policy(StepIndex step, const RetryPolicy& policy, const std::string& which) {
    const bool sane = policy.attempts >= 1 && policy.first.count() >= 1 && policy.factor >= 1.0 &&
                      policy.max >= policy.first && policy.jitter >= 0.0 && policy.jitter <= 1.0;
    if (!sane)
      add(step,
          "has " + which +
              " policy that is out of range: attempts >= 1, first >= 1 ms, factor >= 1, "
              "max >= first, jitter 0 to 1",
          "RETRY_POLICY");
  }

  void steps() {
    for (std::size_t i = 0; i < d_.steps.size(); ++i) {
      const Step& step = d_.steps[i];
      const auto index = static_cast<StepIndex>(i);
      policy(index, step.retry, "a retry");
      policy(index, step.undo_retry, "an undo retry");
      if (step.timeout.count() < 1) add(index, "needs a timeout", "TIMEOUT");
      const bool undoable = step.undo || !step.no_undo_reason.empty();
      if (step.kind == StepKind::compensatable && !undoable)
        add(index, "is compensatable and has no undo; add .undo(…), or .no_undo(\"reason\")",
            "NO_UNDO");
    }
  }

  bool leads_on(StateIndex state) const {
    for (std::optional<StateIndex> at = state; at; at = d_.at(*at).parent)
      for (const auto& transition : d_.transitions)
        if (transition.source == *at && transition.target) return true;
    return false;
  }

  bool reaches_end(StateIndex from) const {
    const auto seen = reachable_from(d_, {from});
    for (std::size_t i = 0; i < seen.size(); ++i)
      if (seen[i] && d_.states[i].final != Final::no && !d_.states[i].parent) return true;
    return false;
  }

  void states() {
    const auto seen = reachable_from(d_, d_.initials);
    for (std::size_t i = 0; i < d_.states.size(); ++i) {
      const State& state = d_.states[i];
      const auto index = static_cast<StateIndex>(i);
      const std::string name = "state '" + state.name + "'";
      if (!seen[i]) {
        add(state.where, name + " cannot be reached", "UNREACHABLE_STATE");
      } else if (state.final == Final::no && !leads_on(index)) {
        add(state.where,
            name + " has no way out and is not final; add a transition, or \"" + state.name +
                "\"_s = X",
            "DEAD_END");
      } else if (!reaches_end(index)) {
        add(state.where, "no end can be reached from " + name, "NO_END");
      }
    }
  }

  bool handled(StateIndex state, EventIndex event) const {
    for (std::optional<StateIndex> at = state; at; at = d_.at(*at).parent)
      for (const auto& transition : d_.transitions)
        if (transition.source == *at && transition.trigger == TriggerKind::event &&
            transition.event == event)
          return true;
    return false;
  }

  /// A step that ends while nothing listens would leave its saga waiting for ever.
  void listens(StateIndex state, const std::vector<Action>& actions, const std::string& where) {
    for (const auto& action : actions) {
      const auto* call = std::get_if<CallStep>(&action);
      if (call == nullptr) continue;
      const Step& step = d_.at(call->step);
      if (!handled(state, step.done_event))
        add(where,
            "state '" + d_.at(state).name + "' waits for '" + step.id +
                "' but no transition handles '" + d_.at(step.done_event) + "'",
            "OUTCOME_NOT_HANDLED");
    }
  }

  void outcomes() {
    for (std::size_t i = 0; i < d_.states.size(); ++i)
      listens(static_cast<StateIndex>(i), d_.states[i].on_entry, d_.states[i].where);
    for (const auto& transition : d_.transitions)
      listens(transition.target.value_or(transition.source), transition.actions, transition.where);
  }

  /// The states a saga may be in after a pivot was done.
  std::vector<bool> states_after_pivot() const {
    std::vector<StateIndex> from;
    for (const auto& transition : d_.transitions)
      for (const auto& step : d_.steps)
        if (step.kind == StepKind::pivot && transition.trigger == TriggerKind::event &&
            transition.event == step.done_event)
          from.push_back(transition.target.value_or(transition.source));
    return reachable_from(d_, from);
  }

  bool only_goes_forward(StepIndex step) const {
    const StepKind kind = d_.at(step).kind;
    return kind == StepKind::retriable || kind == StepKind::readonly;
  }

  /// While the pivot's outcome is open nothing beside it may fail: it could no longer be undone.
  void pivot_alone(const std::vector<Action>& actions, const std::string& where) {
    std::optional<StepIndex> pivot;
    bool others = false;
    for (const auto& action : actions) {
      const auto* call = std::get_if<CallStep>(&action);
      if (call == nullptr || d_.at(call->step).kind == StepKind::readonly) continue;
      if (d_.at(call->step).kind == StepKind::pivot && !pivot)
        pivot = call->step;
      else
        others = true;
    }
    if (pivot && others)
      add(where, "calls the pivot '" + d_.at(*pivot).id + "' together with other steps",
          "PIVOT_NOT_ALONE");
  }

  void pivots() {
    for (std::size_t i = 0; i < d_.states.size(); ++i) {
      const State& state = d_.states[i];
      for (const StepIndex index : steps_of(d_, static_cast<StateIndex>(i)))
        if (d_.at(index).kind == StepKind::pivot && (state.parent || d_.initials.size() > 1))
          add(state.where, "the pivot '" + d_.at(index).id + "' is inside a parallel region",
              "PIVOT_IN_REGION");
      pivot_alone(state.on_entry, state.where);
    }
    for (const auto& transition : d_.transitions) pivot_alone(transition.actions, transition.where);
  }

  /// The states of the region that begins with `initial`, without what lies inside them.
  std::vector<StateIndex> region(StateIndex initial) const {
    std::vector<StateIndex> states{initial};
    for (std::size_t i = 0; i < states.size(); ++i)
      for (const auto& transition : d_.transitions) {
        if (transition.source != states[i] || !transition.target) continue;
        const StateIndex next = *transition.target;
        const bool sibling = d_.at(next).parent == d_.at(initial).parent;
        if (sibling && std::find(states.begin(), states.end(), next) == states.end())
          states.push_back(next);
      }
    return states;
  }

  bool handled_in(const std::vector<StateIndex>& states, EventIndex event) const {
    return std::any_of(d_.transitions.begin(), d_.transitions.end(), [&](const Transition& t) {
      return t.trigger == TriggerKind::event && t.event == event &&
             std::find(states.begin(), states.end(), t.source) != states.end();
    });
  }

  bool raised_in(const std::vector<StateIndex>& states, EventIndex event) const {
    for (const StateIndex state : states)
      for (const StepIndex step : steps_of(d_, state))
        if (d_.at(step).done_event == event || d_.at(step).failed_event == event) return true;
    return false;
  }

  /// An outcome must move the region whose step it is of: side by side, that needs an event of its
  /// own.
  void shared_events(const std::vector<StateIndex>& initials) {
    for (std::size_t i = 0; i < initials.size(); ++i)
      for (std::size_t j = 0; j < initials.size(); ++j) {
        const auto one = region(initials[i]), other = region(initials[j]);
        for (std::size_t e = 0; i != j && e < d_.events.size(); ++e) {
          const auto event = static_cast<EventIndex>(e);
          if (handled_in(one, event) && raised_in(other, event))
            add(d_.at(initials[i]).where,
                "handles '" + d_.at(event) + "', which a step of the parallel region of '" +
                    d_.at(initials[j]).name + "' raises; give that step an event of its own",
                "SHARED_EVENT");
        }
      }
  }

  void after_pivot() {
    const auto after = states_after_pivot();
    for (std::size_t i = 0; i < d_.states.size(); ++i) {
      if (!after[i]) continue;
      const State& state = d_.states[i];
      for (const StepIndex index : steps_of(d_, static_cast<StateIndex>(i)))
        if (!only_goes_forward(index))
          add(state.where,
              "step '" + d_.at(index).id + "' is " + std::string(name_of(d_.at(index).kind)) +
                  " and may come after the pivot; only retriable and readonly steps may",
              "EFFECT_AFTER_PIVOT");
      if (state.final == Final::failure)
        add(state.where,
            "state '" + state.name +
                "' ends the saga as a failure and may come after the pivot, when nothing is undone",
            "FAILURE_AFTER_PIVOT");
    }
    for (const auto& transition : d_.transitions)
      if (after[number(transition.source)] && unwinds(transition))
        add(transition.where, "unwinds after the pivot; from there a saga only goes forward",
            "UNWIND_AFTER_PIVOT");
  }

  /// A retriable step has no undo, so nothing that may still fail and unwind comes after it.
  void retriables() {
    for (std::size_t i = 0; i < d_.states.size(); ++i)
      for (const StepIndex index : steps_of(d_, static_cast<StateIndex>(i)))
        if (d_.at(index).kind == StepKind::retriable &&
            !core::needs_no_undo_from(d_, static_cast<StateIndex>(i)))
          add(d_.states[i].where,
              "step '" + d_.at(index).id +
                  "' is retriable and may come before a compensatable or pivot step; it could not "
                  "be undone",
              "RETRIABLE_TOO_EARLY");
  }

  static bool unwinds(const Transition& transition) {
    return std::any_of(transition.actions.begin(), transition.actions.end(),
                       [](const Action& a) { return std::holds_alternative<UnwindAll>(a); });
  }

  void unwindings() {
    for (const auto& transition : d_.transitions) {
      if (!unwinds(transition)) continue;
      if (transition.target && !core::needs_no_undo_from(d_, *transition.target))
        add(transition.where,
            "leads to a compensatable or pivot step after unwinding; only retriable and readonly "
            "steps may follow",
            "EFFECT_AFTER_UNWIND");
      if (std::any_of(transition.actions.begin(), transition.actions.end(),
                      [](const Action& a) { return std::holds_alternative<CallStep>(a); }))
        add(transition.where, "calls a step and unwinds; call it on entry to the target",
            "CALL_AND_UNWIND");
    }
  }

  /// Follows anonymous transitions without a guard; coming back to the start means they never wait.
  void anonymous_loops() {
    for (const auto& start : d_.transitions) {
      if (!always(start)) continue;
      StateIndex at = *start.target;
      for (std::size_t moves = 0; moves <= d_.states.size(); ++moves) {
        if (at == start.source)
          return add(start.where, "goes round in a loop of anonymous transitions", "LOOP");
        const auto next =
            std::find_if(d_.transitions.begin(), d_.transitions.end(),
                         [&](const Transition& t) { return t.source == at && always(t); });
        if (next == d_.transitions.end()) break;
        at = *next->target;
      }
    }
  }

  static bool always(const Transition& transition) {
    return transition.trigger == TriggerKind::always && !transition.guard && transition.target;
  }

  const Definition& d_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check(const Definition& definition) { return Checker(definition).run(); }

}  // namespace skald
