#include "dsl/diagram/chart.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "dsl/diagram/text.hpp"

namespace skald::diagram {

namespace {

using nlohmann::json;

std::string listed(const std::vector<ActionLabel>& actions) {
  std::string text;
  for (const auto& action : actions) text.append(text.empty() ? "" : ", ").append(text_of(action));
  return text;
}

std::string with_actions(const std::string& label, const std::vector<ActionLabel>& actions) {
  if (actions.empty()) return label;
  return label + (label.empty() ? "/ " : " / ") + listed(actions);
}

/// What a step does beside calling a service once.
std::string more_about(const Step& step) {
  std::vector<std::string> parts;
  if (const auto* child = std::get_if<ChildTarget>(&step.call.target))
    parts.push_back("saga " + child->definition);
  if (const auto* topic = std::get_if<PublishTarget>(&step.call.target))
    parts.push_back("publishes " + topic->topic);
  if (step.for_each) {
    const auto at_once = step.for_each->concurrency;
    parts.push_back(at_once > 1 ? "for each, " + std::to_string(at_once) + " at once" : "for each");
  }
  if (!step.no_undo_reason.empty()) parts.push_back("no undo: " + step.no_undo_reason);
  std::string text;
  for (const auto& part : parts) text.append(text.empty() ? "" : ", ").append(one_line(part));
  return text;
}

std::string undo_name(const Step& step) {
  if (!step.undo) return {};
  return step.undo->name.empty() ? "undo" : one_line(step.undo->name);
}

/// {"set": {"total": …, "note": …}} as "set total, note"; of a C++ function its name.
std::string words_of(const NativeAction& action) {
  const json& source = action.source.value();
  if (!source.is_object() || !source.contains("set") || !source["set"].is_object())
    return action.name;
  std::string names;
  for (const auto& [name, value] : source["set"].items())
    names.append(names.empty() ? "" : ", ").append(name);
  return "set " + names;
}

class Maker {
 public:
  explicit Maker(const Definition& definition) : d_(definition) {}

  Chart run() {
    chart_.title = one_line(d_.ref.name) + " v" + std::to_string(d_.ref.version);
    notes();
    for (const auto& state : d_.states) chart_.nodes.push_back(node(state));
    for (const auto& transition : d_.transitions) add(transition);
    for (std::size_t i = 0; i < d_.steps.size(); ++i) exhausted(static_cast<StepIndex>(i));
    next_.resize(d_.states.size());
    for (const auto& arrow : chart_.arrows) next_[number(arrow.from)].push_back(arrow.to);
    chart_.regions = regions(d_.initials, std::nullopt);
    for (std::size_t i = 0; i < d_.states.size(); ++i)
      chart_.nodes[i].regions = regions(d_.states[i].initials, static_cast<StateIndex>(i));
    return std::move(chart_);
  }

 private:
  void notes() {
    if (d_.deadline)
      chart_.notes.push_back("deadline " + duration_text(*d_.deadline) + ": " +
                             (d_.on_deadline == OnDeadline::unwind ? "unwind" : "alert"));
    if (d_.unwind_order == UnwindOrder::parallel)
      chart_.notes.emplace_back("undos run side by side");
    if (d_.unwind_order == UnwindOrder::dependency)
      chart_.notes.emplace_back("undos run in order of dependency");
  }

  ActionLabel label(const Action& action) const {
    if (const auto* call = std::get_if<CallStep>(&action)) {
      const Step& step = d_.at(call->step);
      return {StepLabel{one_line(step.id), step.kind, undo_name(step), more_about(step)}, {}};
    }
    if (const auto* native = std::get_if<NativeAction>(&action))
      return {{}, one_line(words_of(*native))};
    if (const auto* raise = std::get_if<RaiseEvent>(&action))
      return {{}, "raise " + one_line(d_.at(raise->event))};
    if (const auto* park = std::get_if<Park>(&action))
      return {{}, park->reason.empty() ? "park" : "park: " + one_line(park->reason)};
    return {{}, std::holds_alternative<DeferEvent>(action) ? "defer" : "⤺ unwind"};
  }

  std::vector<ActionLabel> labels(const std::vector<Action>& actions) const {
    std::vector<ActionLabel> made;
    for (const auto& action : actions) made.push_back(label(action));
    return made;
  }

  Node node(const State& state) const {
    Node made{.name = one_line(state.name), .final = state.final, .parent = state.parent};
    if (!state.on_entry.empty())
      made.rows.push_back({Row::When::entry, "entry", labels(state.on_entry)});
    if (!state.on_exit.empty())
      made.rows.push_back({Row::When::exit, "exit", labels(state.on_exit)});
    made.calls_pivot = calls_pivot(state.on_entry);
    return made;
  }

  bool calls_pivot(const std::vector<Action>& actions) const {
    return std::any_of(actions.begin(), actions.end(), [&](const Action& action) {
      const auto* call = std::get_if<CallStep>(&action);
      return call != nullptr && d_.at(call->step).kind == StepKind::pivot;
    });
  }

  std::string event_name(EventIndex event) const {
    const auto& name = d_.at(event);
    const bool signal = std::any_of(d_.signals.begin(), d_.signals.end(),
                                    [&](const Signal& s) { return s.event == event; });
    return (signal ? "signal " : "") + one_line(name);
  }

  std::string trigger(const Transition& transition) const {
    switch (transition.trigger) {
      case TriggerKind::event:
        return event_name(transition.event);
      case TriggerKind::always:
        return {};
      case TriggerKind::joined: {
        const State& state = d_.at(transition.source);
        if (state.join == 0) return "join";
        return "join " + std::to_string(state.join) + " of " +
               std::to_string(state.initials.size());
      }
      case TriggerKind::after:
        return "after " + (transition.timer ? time_of(*transition.timer) : std::string("?"));
      case TriggerKind::any_event:
        return "any event";
      case TriggerKind::unexpected:
        return transition.any ? "unexpected" : "unexpected " + event_name(transition.event);
    }
    return {};
  }

  static std::string time_of(const Timer& timer) {
    if (!timer.at) return duration_text(timer.after);
    const json& source = timer.at.source.value();
    return source.is_string() ? one_line(source.get_ref<const std::string&>()) : "a computed time";
  }

  static Course course_of(const std::vector<Action>& actions) {
    Course course = Course::forward;
    for (const auto& action : actions) {
      if (std::holds_alternative<UnwindAll>(action)) return Course::unwind;
      if (std::holds_alternative<Park>(action)) course = Course::park;
    }
    return course;
  }

  void add(const Transition& transition) {
    std::string text = trigger(transition);
    if (transition.guard)
      text += (text.empty() ? "[" : " [") + one_line(transition.guard->name) + "]";
    auto actions = labels(transition.actions);
    if (transition.target) {
      chart_.arrows.push_back({transition.source, *transition.target, course_of(transition.actions),
                               std::move(text), std::move(actions)});
      return;
    }
    auto& node = chart_.nodes[number(transition.source)];
    node.calls_pivot = node.calls_pivot || calls_pivot(transition.actions);
    node.rows.push_back({Row::When::event, std::move(text), std::move(actions)});
  }

  /// Where the saga goes on when a step's outcome stays unknown.
  void exhausted(StepIndex index) {
    const Step& step = d_.at(index);
    if (step.on_exhausted.then != OnExhausted::Then::go_to || !step.on_exhausted.target) return;
    std::vector<StateIndex> from;
    const auto note = [&](StateIndex state, const std::vector<Action>& actions) {
      for (const auto& action : actions) {
        const auto* call = std::get_if<CallStep>(&action);
        const bool known = std::find(from.begin(), from.end(), state) != from.end();
        if (call != nullptr && call->step == index && !known) from.push_back(state);
      }
    };
    for (std::size_t i = 0; i < d_.states.size(); ++i)
      note(static_cast<StateIndex>(i), d_.states[i].on_entry);
    for (const auto& transition : d_.transitions)
      note(transition.target.value_or(transition.source), transition.actions);
    for (const StateIndex state : from)
      chart_.arrows.push_back({state,
                               *step.on_exhausted.target,
                               Course::exhausted,
                               one_line(step.id) + " stays unknown",
                               {}});
  }

  /// Follows the arrows from each first state; what none leads to belongs to the first region.
  std::vector<Region> regions(const std::vector<StateIndex>& initials,
                              std::optional<StateIndex> parent) const {
    std::vector<Region> made;
    std::vector<bool> taken(d_.states.size(), false);
    for (const StateIndex initial : initials) taken[number(initial)] = true;
    for (const StateIndex initial : initials) {
      Region region{initial, d_.at(initial).history, {initial}};
      for (std::size_t i = 0; i < region.states.size(); ++i)
        for (const StateIndex to : next_[number(region.states[i])])
          if (d_.at(to).parent == parent && !taken[number(to)]) {
            taken[number(to)] = true;
            region.states.push_back(to);
          }
      made.push_back(std::move(region));
    }
    for (std::size_t i = 0; !made.empty() && i < d_.states.size(); ++i)
      if (d_.states[i].parent == parent && !taken[i])
        made.front().states.push_back(static_cast<StateIndex>(i));
    for (auto& region : made) std::sort(region.states.begin(), region.states.end());
    return made;
  }

  const Definition& d_;
  Chart chart_;
  std::vector<std::vector<StateIndex>> next_;  ///< by StateIndex: where its arrows lead
};

}  // namespace

std::string text_of(const StepLabel& step) {
  std::string text = step.id;
  if (!step.undo.empty()) text += " ⤺ " + step.undo;
  if (step.kind == StepKind::pivot) text += " ◆ pivot";
  if (step.kind == StepKind::retriable) text += " ↻ retriable";
  if (step.kind == StepKind::readonly) text += " ○ readonly";
  return step.more.empty() ? text : text + " (" + step.more + ")";
}

std::string text_of(const ActionLabel& action) {
  return action.step ? text_of(*action.step) : action.words;
}

std::string text_of(const Row& row) { return with_actions(row.label, row.actions); }

std::string text_of(const Arrow& arrow) { return with_actions(arrow.label, arrow.actions); }

Chart chart_of(const Definition& definition) { return Maker(definition).run(); }

const Region& region_of(const Chart& chart, StateIndex state) {
  const auto parent = chart.at(state).parent;
  const auto& regions = parent ? chart.at(*parent).regions : chart.regions;
  for (const auto& region : regions)
    if (std::binary_search(region.states.begin(), region.states.end(), state)) return region;
  return regions.front();
}

}  // namespace skald::diagram
