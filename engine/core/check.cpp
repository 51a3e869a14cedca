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
    after_unwinding();
    anonymous_loops();
    return std::move(findings_);
  }

 private:
  void add(const std::string& where, std::string why, std::string code) {
    findings_.push_back({where.empty() ? d_.ref.name : where, std::move(why), std::move(code)});
  }

  void names() {
    if (d_.ref.name.empty()) add("", "has no name", "NO_NAME");
    if (d_.ref.version < 1) add("", "has no version; versions begin at 1", "NO_VERSION");
    for (std::size_t i = 0; i < d_.steps.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (d_.steps[i].id == d_.steps[j].id)
          add("step '" + d_.steps[i].id + "'", "is declared twice; step ids are unique",
              "DUPLICATE_STEP");
    const auto& key = d_.business_key_field;
    const bool known = std::any_of(d_.input.begin(), d_.input.end(), [&](const Field& field) {
      return field.name == key && field.type == Field::Type::text;
    });
    if (!key.empty() && !known)
      add("", "business key '" + key + "' is not a text field of the input", "BUSINESS_KEY");
  }

  void policy(const Step& step, const RetryPolicy& policy, const std::string& which) {
    const bool sane = policy.attempts >= 1 && policy.first.count() >= 1 && policy.factor >= 1.0 &&
                      policy.max >= policy.first && policy.jitter >= 0.0 && policy.jitter <= 1.0;
    if (!sane)
      add("step '" + step.id + "'",
          which +
              " policy is out of range: attempts >= 1, first >= 1 ms, factor >= 1, "
              "max >= first, jitter 0 to 1",
          "RETRY_POLICY");
  }

  void steps() {
    for (const auto& step : d_.steps) {
      policy(step, step.retry, "its retry");
      policy(step, step.undo_retry, "its undo retry");
      if (step.timeout.count() < 1) add("step '" + step.id + "'", "needs a timeout", "TIMEOUT");
      const bool undoable = step.undo || !step.no_undo_reason.empty();
      if (step.kind == StepKind::compensatable && !undoable)
        add("step '" + step.id + "'",
            "is compensatable and has no undo; add .undo(…), or .no_undo(\"reason\")", "NO_UNDO");
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
  void outcomes() {
    for (std::size_t i = 0; i < d_.states.size(); ++i) {
      const State& state = d_.states[i];
      for (const auto& action : state.on_entry) {
        const auto* call = std::get_if<CallStep>(&action);
        if (call == nullptr) continue;
        const Step& step = d_.at(call->step);
        if (!handled(static_cast<StateIndex>(i), step.done_event))
          add(state.where,
              "state '" + state.name + "' calls '" + step.id + "' but no transition handles '" +
                  d_.at(step.done_event) + "'",
              "OUTCOME_NOT_HANDLED");
      }
    }
  }

  /// The states a saga may be in after a pivot was done.
  std::vector<bool> after_pivot() const {
    std::vector<StateIndex> from;
    for (const auto& transition : d_.transitions)
      for (const auto& step : d_.steps)
        if (step.kind == StepKind::pivot && transition.trigger == TriggerKind::event &&
            transition.event == step.done_event)
          from.push_back(transition.target.value_or(transition.source));
    return reachable_from(d_, from);
  }

  void pivots() {
    const auto after = after_pivot();
    for (std::size_t i = 0; i < d_.states.size(); ++i) {
      for (const StepIndex index : steps_of(d_, static_cast<StateIndex>(i))) {
        const Step& step = d_.at(index);
        const State& state = d_.states[i];
        if (step.kind == StepKind::pivot && state.parent)
          add(state.where, "the pivot '" + step.id + "' is inside a parallel region",
              "PIVOT_IN_REGION");
        if (!after[i] || step.kind == StepKind::retriable || step.kind == StepKind::readonly)
          continue;
        add(state.where,
            "step '" + step.id + "' is " + std::string(name_of(step.kind)) +
                " and may come after the pivot; only retriable and readonly steps may",
            "EFFECT_AFTER_PIVOT");
      }
    }
    for (const auto& transition : d_.transitions)
      if (after[number(transition.source)] && unwinds(transition))
        add(transition.where, "unwinds after the pivot; from there a saga only goes forward",
            "UNWIND_AFTER_PIVOT");
  }

  static bool unwinds(const Transition& transition) {
    return std::any_of(transition.actions.begin(), transition.actions.end(),
                       [](const Action& a) { return std::holds_alternative<UnwindAll>(a); });
  }

  void after_unwinding() {
    for (const auto& transition : d_.transitions)
      if (unwinds(transition) && transition.target &&
          !core::needs_no_undo_from(d_, *transition.target))
        add(transition.where,
            "leads to a compensatable or pivot step after unwinding; only retriable and readonly "
            "steps may follow",
            "EFFECT_AFTER_UNWIND");
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
