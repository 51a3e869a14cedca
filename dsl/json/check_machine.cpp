#include <algorithm>

#include "dsl/json/checks.hpp"

namespace skald::document {

namespace {

void add(const std::string& where, std::string why, std::string code, Report& report) {
  report.add(Finding{where, std::move(why), std::move(code)});
}

std::string reason_of(const Definition& definition, const Transition& transition) {
  return "from '" + definition.at(transition.source).name + "'";
}

/// Finds circles along the arrows of a graph, in time linear in its size.
class Circles {
 public:
  explicit Circles(const std::vector<std::vector<const Transition*>>& from) : from_(from) {
    order_.assign(from.size(), 0);
    low_.assign(from.size(), 0);
    component_.assign(from.size(), 0);
    for (std::size_t i = 0; i < from.size(); ++i)
      if (order_[i] == 0) visit(i);
  }

  /// Whether the transition can be taken again and again.
  bool on_circle(const Transition& transition) const {
    return component_[number(transition.source)] == component_[number(*transition.target)];
  }

 private:
  struct Visit {
    std::size_t state;
    std::size_t next = 0;
  };

  /// Tarjan's strongly connected components (SIAM J. Comput. 1, 1972), without recursion.
  void visit(std::size_t root) {
    std::vector<Visit> path{{root}};
    begin(root);
    while (!path.empty()) {
      const auto at = path.back().state;
      if (path.back().next < from_[at].size()) {
        const auto to = number(*from_[at][path.back().next++]->target);
        if (order_[to] == 0) {
          begin(to);
          path.push_back({to});
        } else if (component_[to] == 0) {
          low_[at] = std::min(low_[at], order_[to]);
        }
        continue;
      }
      if (low_[at] == order_[at]) close(at);
      path.pop_back();
      if (!path.empty()) low_[path.back().state] = std::min(low_[path.back().state], low_[at]);
    }
  }
  void begin(std::size_t state) {
    order_[state] = low_[state] = ++clock_;
    open_.push_back(state);
  }
  void close(std::size_t state) {
    ++components_;
    std::size_t last = 0;
    do {
      last = open_.back();
      open_.pop_back();
      component_[last] = components_;
    } while (last != state);
  }

  const std::vector<std::vector<const Transition*>>& from_;
  std::vector<std::size_t> order_, low_, component_, open_;
  std::size_t clock_ = 0, components_ = 0;
};

}  // namespace

void check_circles(const Definition& definition, Report& report) {
  std::vector<bool> from_outside(definition.events.size(), false);
  for (const auto& signal : definition.signals) from_outside[number(signal.event)] = true;
  std::vector<std::vector<const Transition*>> from(definition.states.size());
  for (const auto& transition : definition.transitions) {
    const bool by_step =
        transition.trigger == TriggerKind::event && !from_outside[number(transition.event)];
    const bool goes_by_itself = by_step || transition.trigger == TriggerKind::always ||
                                transition.trigger == TriggerKind::joined;
    const bool parks =
        std::any_of(transition.actions.begin(), transition.actions.end(), [](const Action& a) {
          return std::holds_alternative<Park>(a) || std::holds_alternative<UnwindAll>(a);
        });
    if (transition.target && !transition.guard && goes_by_itself && !parks)
      from[number(transition.source)].push_back(&transition);
  }
  const Circles circles(from);
  std::vector<bool> reported(definition.states.size(), false);
  for (const auto& ways : from)
    for (const auto* transition : ways) {
      const bool itself = transition->source == *transition->target;
      if ((!itself && !circles.on_circle(*transition)) || reported[number(transition->source)])
        continue;
      reported[number(transition->source)] = true;
      // The model says so of those that consist of anonymous transitions alone.
      if (report.has(transition->where, "LOOP")) continue;
      add(transition->where,
          "goes round in a circle " + reason_of(definition, *transition) +
              " with no condition on the way and no wait for a signal or for time: it may never "
              "end",
          "LOOP", report);
    }
}

void check_times(const Definition& definition, Report& report) {
  if (!definition.deadline) return;
  const Duration deadline = *definition.deadline;
  const auto check = [&](const std::string& where, const std::string& what, Duration span) {
    if (span > deadline)
      add(where,
          what + " of " + duration_text(span) + " is longer than the deadline of the saga, " +
              duration_text(deadline),
          "TIMEOUT_PAST_DEADLINE", report);
  };
  for (const auto& step : definition.steps) {
    const std::string name = " of step '" + step.id + "'";
    if (step.kind == StepKind::retriable) continue;  // it comes when the deadline does nothing more
    check(step.where, "the first wait for a retry" + name + ",", step.retry.first);
    check(step.where, "maxElapsed" + name + ",", step.retry.max_elapsed);
    for (const auto wait : step.retry.redelivery)
      check(step.where, "a redelivery" + name + ",", wait);
  }
  for (const auto& transition : definition.transitions)
    if (transition.timer)
      check(transition.where, "the wait in '" + definition.at(transition.source).name + "'",
            transition.timer->after);
}

}  // namespace skald::document
