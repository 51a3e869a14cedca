#include <algorithm>
#include <nlohmann/json.hpp>

#include "dsl/sml/builder.hpp"

namespace skald::sml {

void Builder::entry_or_exit(const RowSpec& row, StateIndex source) {
  if (row.target || row.guard)
    return refuse("on_entry and on_exit have actions only; they take no guard and no target",
                  "ROW");
  auto& state = d_.states[number(source)];
  const bool entry = row.trigger.kind == TriggerSpec::Kind::entry;
  if (entry) state.where = where_;
  std::vector<Action> actions;
  add_actions(row, actions, false);
  // The state may have moved while its actions were added.
  auto& all = entry ? d_.states[number(source)].on_entry : d_.states[number(source)].on_exit;
  all.insert(all.end(), actions.begin(), actions.end());
}

void Builder::transition(const RowSpec& row, StateIndex source, Parent parent) {
  Transition made{.source = source, .where = where_};
  if (row.guard) made.guard = guard(*row.guard);
  const bool expected = trigger(row, made);
  if (row.target) made.target = state(*row.target, parent);
  if (machine() && expected) made.actions.push_back(mark_handled());
  add_actions(row, made.actions, made.target.has_value());
  d_.transitions.push_back(std::move(made));
}

/// Sets what takes the transition. True when it makes the event a handled one.
bool Builder::trigger(const RowSpec& row, Transition& made) {
  using Kind = TriggerSpec::Kind;
  switch (row.trigger.kind) {
    case Kind::event:
      made.trigger = TriggerKind::event;
      made.event = event(row.trigger.event);
      return true;
    case Kind::any_event:
      made.trigger = TriggerKind::any_event;
      return true;
    case Kind::unexpected:
      made.trigger = TriggerKind::unexpected;
      made.event = event(row.trigger.event);
      return false;
    case Kind::unexpected_any:
      made.trigger = TriggerKind::unexpected;
      made.any = true;
      return true;
    case Kind::after:
      made.trigger = TriggerKind::after;
      made.timer = row.trigger.timer;
      return false;
    case Kind::joined:
      made.trigger = TriggerKind::joined;
      join(row, made.source);
      return false;
    default:
      // Leaving a composite state by itself means that it has ended.
      made.trigger =
          row.source.sub != nullptr && row.target ? TriggerKind::joined : TriggerKind::always;
      return false;
  }
}

void Builder::join(const RowSpec& row, StateIndex source) {
  auto& state = d_.states[number(source)];
  const bool other =
      std::any_of(d_.transitions.begin(), d_.transitions.end(), [&](const Transition& transition) {
        return transition.source == source && transition.trigger == TriggerKind::joined &&
               state.join != row.trigger.count;
      });
  if (other)
    refuse("state '" + state.name + "' is joined in two ways; all its join rows need the same",
           "JOIN");
  if (row.trigger.count > state.initials.size())
    refuse("state '" + state.name + "' has " + std::to_string(state.initials.size()) +
               " regions, fewer than the row waits for",
           "JOIN");
  state.join = row.trigger.count;
}

void Builder::add_actions(const RowSpec& row, std::vector<Action>& actions, bool leads_on) {
  for (const auto& spec : row.actions) {
    if (const auto* of_step = std::get_if<StepSpec>(&spec))
      actions.push_back(CallStep{step(*of_step)});
    if (const auto* run = std::get_if<RunSpec>(&spec)) actions.push_back(action(*run));
    if (const auto* process = std::get_if<ProcessSpec>(&spec)) actions.push_back(action(*process));
    if (const auto* parking = std::get_if<Park>(&spec)) actions.push_back(*parking);
    if (std::holds_alternative<DeferSpec>(spec)) {
      const bool keeps = row.trigger.kind == TriggerSpec::Kind::event ||
                         row.trigger.kind == TriggerSpec::Kind::any_event;
      if (!keeps) refuse("'defer' keeps an event; the row needs one: + event<T> / defer", "ROW");
      actions.push_back(DeferEvent{});
    }
    if (const auto* unwinding = std::get_if<UnwindSpec>(&spec)) {
      if (!leads_on) refuse("'unwind' needs a target to go to when it is done", "ROW");
      actions.push_back(UnwindAll{unwinding->reason});
    }
    if (std::holds_alternative<FailSpec>(spec))
      refuse("'fail' belongs to a last row: \"State\"_s / fail = X", "ROW");
  }
}

namespace {

/// Runs a guard or action of a machine run by itself; what it throws is for the caller of
/// process_event(), past the engine.
template <class F>
auto remembering(const std::shared_ptr<Surroundings>& around, const F& function,
                 const Context& context) {
  try {
    return function(context);
  } catch (...) {
    around->thrown = std::current_exception();
    throw;
  }
}

}  // namespace

Guard Builder::guard(const GuardSpec& spec) const {
  return {spec.name.empty() ? where_ : spec.name,
          [holds = spec.holds, around = around_](const SagaView& saga, const EventView& event) {
            const Context context{saga, event, nullptr, *around};
            return around->objects ? remembering(around, holds, context) : holds(context);
          },
          false};
}

Action Builder::action(const RunSpec& spec) const {
  return NativeAction{spec.name.empty() ? where_ : spec.name,
                      [run = spec.run, around = around_](
                          const SagaView& saga, const EventView& event, nlohmann::json& data) {
                        const Context context{saga, event, &data, *around};
                        return around->objects ? remembering(around, run, context) : run(context);
                      },
                      Json()};
}

Action Builder::action(const ProcessSpec& spec) {
  const EventIndex raised = event(spec.event);
  event_is_raised_[number(raised)] = true;
  if (!machine()) return RaiseEvent{.event = raised, .payload = spec.payload};
  return RaiseEvent{
      .event = raised,
      .payload = {[object = spec.object, around = around_](const SagaView&, const EventView&) {
                    return around->objects->add(object);
                  },
                  Json()}};
}

Action Builder::mark_handled() const {
  return NativeAction{"handled",
                      [around = around_](const SagaView&, const EventView& event, nlohmann::json&) {
                        around->objects->handled(event.payload);
                      },
                      Json()};
}

/// Rows for any event come after those that name it, as in SML. In a machine run by itself they
/// are rows for each event of the table, and so are those for unexpected ones: an event is
/// unexpected in each state without a row for it, and `_` are the types the table does not name.
void Builder::order_any_events() {
  auto& rows = d_.transitions;
  const auto named = [](const Transition& t) { return t.trigger != TriggerKind::any_event; };
  if (!machine()) {
    std::stable_partition(rows.begin(), rows.end(), named);
    return;
  }
  std::vector<Transition> result, last;
  const auto has_row = [&](const Transition& unexpected) {
    return std::any_of(rows.begin(), rows.end(), [&](const Transition& t) {
      return t.source == unexpected.source &&
             (t.trigger == TriggerKind::any_event ||
              (t.trigger == TriggerKind::event && t.event == unexpected.event));
    });
  };
  for (auto row : rows) {
    const bool any_event = row.trigger == TriggerKind::any_event;
    const bool unexpected = row.trigger == TriggerKind::unexpected;
    if (!any_event && !unexpected) {
      result.push_back(std::move(row));
      continue;
    }
    const bool shadowed = unexpected && !row.any && has_row(row);
    row.trigger = TriggerKind::event;
    if (unexpected && row.any) row.event = *built_.unknown;
    if (unexpected && !shadowed) last.push_back(row);
    for (std::size_t e = 0; any_event && e < d_.events.size(); ++e) {
      row.event = static_cast<EventIndex>(e);
      if (row.event != *built_.unknown) last.push_back(row);
    }
  }
  result.insert(result.end(), last.begin(), last.end());
  rows = std::move(result);
}

/// Events are known by name; a name stands for one type.
EventIndex Builder::event(const EventSpec& spec) {
  for (std::size_t i = 0; i < d_.events.size(); ++i) {
    const bool same_type = event_types_[i] == spec.type;
    const bool open_type = event_types_[i] == nullptr || spec.type == nullptr;
    if (machine() ? !same_type || spec.type == nullptr : d_.events[i] != spec.name) continue;
    if (!same_type && !open_type)
      refuse("two event types are called '" + spec.name + "'; rename one", "EVENT");
    if (event_types_[i] == nullptr) event_types_[i] = spec.type;
    return static_cast<EventIndex>(i);
  }
  const auto index = static_cast<EventIndex>(d_.events.size());
  d_.events.push_back(spec.name);
  event_types_.push_back(spec.type);
  event_is_raised_.push_back(false);
  if (spec.type != nullptr) built_.events.emplace(spec.type, index);
  return index;
}

}  // namespace skald::sml
