#include <algorithm>
#include <set>

#include "engine/core/checks.hpp"
#include "engine/model/registry.hpp"

namespace skald {

namespace {

using Known = std::shared_ptr<const Definition>;

/// A definition and those of the sagas that it leads to, as far as they are known.
class Family {
 public:
  Family(const Definition& first, const Registry& known) : first_(first), known_(known) {
    add({std::shared_ptr<void>{}, &first});
    std::size_t next = 0;
    while (next < all_.size()) {
      const Known one = all_[next++];
      for (const auto& step : one->steps)
        if (const Known child = child_of(step)) add(child);
    }
  }

  /// What the step starts; null: it is no saga, or not known.
  [[nodiscard]] Known child_of(const Step& step) const {
    const auto* target = std::get_if<ChildTarget>(&step.call.target);
    if (target == nullptr) return nullptr;
    const auto other = known_.find(target->definition, target->version);
    const bool itself =
        target->definition == first_.ref.name &&
        (target->version == first_.ref.version ||
         (target->version == 0 && (other == nullptr || other->ref.version <= first_.ref.version)));
    return itself ? all_.front() : other;
  }

  /// Those that can come to an end by way of sagas that can, too.
  [[nodiscard]] std::set<const Definition*> ending() const {
    std::set<const Definition*> ending;
    for (bool more = true; more;) {
      more = false;
      for (const auto& one : all_)
        if (!ending.contains(one.get()) && ends(*one, &ending))
          more = ending.insert(one.get()).second;
    }
    return ending;
  }

  /// Whether an end can be reached: along all ways, or only those on which each child saga that
  /// has to be done is one of `ending`.
  [[nodiscard]] bool ends(const Definition& d, const std::set<const Definition*>* ending) const {
    const auto never =
        ending == nullptr ? std::vector<bool>(d.events.size(), false) : never_raised(d, *ending);
    std::vector<bool> seen(d.states.size(), false);
    std::vector<StateIndex> open;
    const auto visit = [&](StateIndex state) {
      if (!seen[number(state)]) open.push_back(state);
      seen[number(state)] = true;
    };
    std::vector<std::vector<StateIndex>> next(d.states.size());
    for (const auto& transition : d.transitions)
      if (transition.target &&
          (transition.trigger != TriggerKind::event || !never[number(transition.event)]))
        next[number(transition.source)].push_back(*transition.target);
    for (const auto& step : d.steps)
      if (step.on_exhausted.target) visit(*step.on_exhausted.target);
    for (const StateIndex initial : d.initials) visit(initial);
    while (!open.empty()) {
      const StateIndex at = open.back();
      open.pop_back();
      if (d.at(at).final != Final::no && !d.at(at).parent) return true;
      for (const StateIndex initial : d.at(at).initials) visit(initial);
      if (d.at(at).parent) visit(*d.at(at).parent);
      for (const StateIndex to : next[number(at)]) visit(to);
    }
    return false;
  }

 private:
  void add(Known one) {
    const auto same = [&](const Known& other) { return other.get() == one.get(); };
    if (std::none_of(all_.begin(), all_.end(), same)) all_.push_back(std::move(one));
  }

  /// Whether the step can be done. With items, there may be none of them.
  [[nodiscard]] bool may_be_done(const Step& step,
                                 const std::set<const Definition*>& ending) const {
    const Known child = child_of(step);
    return child == nullptr || step.for_each || ending.contains(child.get());
  }

  /// By event: only steps raise it that are never done.
  [[nodiscard]] std::vector<bool> never_raised(const Definition& d,
                                               const std::set<const Definition*>& ending) const {
    std::vector<bool> never(d.events.size(), false), comes(d.events.size(), false);
    for (const auto& step : d.steps) {
      (may_be_done(step, ending) ? comes : never)[number(step.done_event)] = true;
      comes[number(step.failed_event)] = true;
      for (const auto& [name, event] : step.outcome_events) comes[number(event)] = true;
    }
    for (const auto& signal : d.signals) comes[number(signal.event)] = true;
    const auto raised = [&](const std::vector<Action>& actions) {
      for (const auto& action : actions)
        if (const auto* raise = std::get_if<RaiseEvent>(&action))
          comes[number(raise->event)] = true;
    };
    for (const auto& state : d.states) raised(state.on_entry), raised(state.on_exit);
    for (const auto& transition : d.transitions) raised(transition.actions);
    for (std::size_t i = 0; i < never.size(); ++i) never[i] = never[i] && !comes[i];
    return never;
  }

  const Definition& first_;
  const Registry& known_;
  std::vector<Known> all_;
};

std::string text_of(const DefinitionRef& ref) {
  return "the saga '" + ref.name + "' version " + std::to_string(ref.version);
}

/// The pivot of a child that would have to be unwound to undo the step; null: there is none.
const Step* pivot_in_the_way(const Step& step, const Definition& child) {
  const bool unwound = step.kind == StepKind::compensatable && step.undo &&
                       std::holds_alternative<ChildTarget>(step.undo->target);
  if (!unwound) return nullptr;
  const auto pivot = std::find_if(child.steps.begin(), child.steps.end(),
                                  [](const Step& one) { return one.kind == StepKind::pivot; });
  return pivot == child.steps.end() ? nullptr : &*pivot;
}

}  // namespace

std::vector<Finding> check_children(const Definition& definition, const Registry& known) {
  const auto starts_saga = [](const Step& step) {
    return std::holds_alternative<ChildTarget>(step.call.target);
  };
  if (std::none_of(definition.steps.begin(), definition.steps.end(), starts_saga)) return {};
  const Family family(definition, known);
  const auto ending = family.ending();
  // Where there is no end at all, there is another finding.
  const bool loops = !ending.contains(&definition) && family.ends(definition, nullptr);
  core::Checks checks(definition);
  for (std::size_t i = 0; i < definition.steps.size(); ++i) {
    const Step& step = definition.steps[i];
    const auto child = family.child_of(step);
    if (child == nullptr) continue;
    const auto add = [&](const std::string& why, std::string code) {
      checks.add(static_cast<StepIndex>(i), why, std::move(code));
    };
    if (const Step* pivot = pivot_in_the_way(step, *child))
      add("is undone by unwinding " + text_of(child->ref) + ", which cannot be after its pivot '" +
              pivot->id +
              "'; give the step an undo of its own or a reason why it needs none, or "
              "make it a pivot",
          "CHILD_PIVOT");
    if (loops && !step.for_each && !ending.contains(child.get()))
      add("starts " + text_of(child->ref) +
              ", which always leads to the start of another one, so that none ever completes; "
              "give it a way to its end without one",
          "CHILD_LOOP");
  }
  return std::move(checks.findings);
}

}  // namespace skald
