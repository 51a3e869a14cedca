#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "dsl/json/builder.hpp"
#include "engine/core/values.hpp"

namespace skald::document {

namespace {

constexpr std::array<std::string_view, 11> transition_keys{
    "from", "on", "after", "at", "always", "joined", "any", "unexpected", "when", "do", "to"};
constexpr std::array<std::string_view, 7> triggers{"on",     "after", "at",        "always",
                                                   "joined", "any",   "unexpected"};
constexpr std::size_t transitions_max = 50'000;
constexpr std::size_t ways_out_max = 1'000;

template <class Kind>
bool has(const std::vector<Action>& actions) {
  return std::any_of(actions.begin(), actions.end(),
                     [](const Action& action) { return std::holds_alternative<Kind>(action); });
}

/// The composite state that `state` is in, as a message names it.
std::string place_of(const Definition& d, StateIndex state) {
  const auto parent = d.at(state).parent;
  return "'" + d.at(state).name + "' is " +
         (parent ? "inside '" + d.at(*parent).name + "'" : "outside of every composite state");
}

/// Why no transition leads from `source` to `target`, which is not beside it, and what would be
/// right.
std::string wrong_level(const Definition& d, StateIndex source, StateIndex target) {
  const std::string why = "a transition leads to a state beside the one it leaves; " +
                          place_of(d, source) + ", and " + place_of(d, target);
  const auto around = d.at(source).parent;
  for (auto outer = d.at(target).parent; outer; outer = d.at(*outer).parent)
    if (d.at(*outer).parent == around)
      return why + "; lead to '" + d.at(*outer).name + "', which begins with its 'initial'";
  return why + "; to leave '" + d.at(*around).name +
         "', give it a transition of its own: on the same event, on one raised inside of it, or " +
         "'joined' when a final state inside of it is reached";
}

}  // namespace

void Builder::transitions() {
  ways_out_.assign(raw_states_.size(), 0);
  const Node* list = document_.find("transitions");
  if (list != nullptr && list->list() == nullptr)
    report_.add(*list->place, "'transitions' is a list", "TYPE");
  if (list != nullptr && list->list() != nullptr) {
    if (list->list()->size() > transitions_max)
      return report_.add(*list->place,
                         "a saga has at most " + std::to_string(transitions_max) + " transitions",
                         "TOO_MANY");
    for (const auto& each : *list->list()) transition(each);
  }
  for (const auto raw : raw_of_state_)
    if (const Node* defer = raw_states_[raw].node->find("defer"))
      deferred(*defer, state_of_raw_[raw]);
}

void Builder::transition(const Node& node) {
  Fields fields(node, "a transition", transition_keys, report_);
  if (node.object() == nullptr) return report_.machine_is_broken();
  const Node* from = fields.require("from", "the state it leads from");
  const auto source = from == nullptr ? std::nullopt : state_named(*from);
  if (!source) return report_.machine_is_broken();
  Transition made{.source = *source, .where = where(*node.place, node.place->value)};
  trigger(fields, made);
  if (const Node* to = fields.find("to")) made.target = state_named(*to);
  if (made.target && d_.at(*made.target).parent != d_.at(*source).parent) {
    report_.add(*fields.find("to")->place, wrong_level(d_, *source, *made.target), "STATE_LEVEL");
    report_.machine_is_broken();
  }
  if (const Node* actions = fields.find("do")) made.actions = this->actions(*actions, true);
  sense(fields, made);
  const auto ways_out = ++ways_out_[number(*source)];
  if (ways_out == ways_out_max + 1)
    report_.add(*node.place,
                "at most " + std::to_string(ways_out_max) + " transitions lead out of a state",
                "TOO_MANY");
  // What follows them is found in time that grows with their number, so the rest are left out.
  if (ways_out > ways_out_max) return report_.machine_is_broken();
  d_.transitions.push_back(std::move(made));
  complete(node, d_.transitions.size() - 1);
}

/// What can mean nothing, or never end.
void Builder::sense(Fields& fields, const Transition& made) {
  const Node& node = fields.node();
  const bool leads_on = fields.has("to");
  if (!leads_on && made.actions.empty())
    report_.add(*node.place, "does nothing; it needs 'do' or 'to'", "TRANSITION");
  if (made.trigger == TriggerKind::always && !leads_on && !has<UnwindAll>(made.actions))
    report_.add(*node.place, "'always' needs 'to': without it, it would be taken for ever", "LOOP");
  // What else a deferring transition cannot have, the check of the model says.
  const bool eventless = made.trigger == TriggerKind::after || made.trigger == TriggerKind::joined;
  if (has<DeferEvent>(made.actions) && eventless)
    report_.add(*node.place, "there is no event to defer", "DEFER");
  const Node& source = *raw_states_[raw_of_state_[number(made.source)]].node;
  if (made.trigger == TriggerKind::joined && source.find("states") == nullptr)
    report_.add(*node.place, "only a composite state is joined", "JOIN");
}

void Builder::trigger(Fields& fields, Transition& made) {
  std::vector<std::string_view> given;
  for (const auto key : triggers)
    if (fields.has(key)) given.push_back(key);
  if (given.size() != 1) {
    report_.add(*fields.node().place, "a transition has one of " + one_of(triggers), "TRIGGER");
    return report_.machine_is_broken();
  }
  const Node& node = *fields.find(given.front());
  const auto yes = [&] {
    if (!fields.flag(given.front()).value_or(true))
      report_.add(*node.place, "'" + std::string(given.front()) + "' is true, or left out", "TYPE");
  };
  if (given.front() == "on") {
    made.event = heard(node);
  } else if (given.front() == "after") {
    made.trigger = TriggerKind::after;
    made.timer =
        Timer{duration_of(node, "'after'", Duration{1}, report_).value_or(Duration{1}), {}};
  } else if (given.front() == "at") {
    made.trigger = TriggerKind::after;
    made.timer = Timer{};
  } else if (given.front() == "unexpected" && node.text() != nullptr) {
    made.trigger = TriggerKind::unexpected;
    made.event = heard(node);
  } else {
    made.any = given.front() == "unexpected";
    made.trigger = made.any                    ? TriggerKind::unexpected
                   : given.front() == "any"    ? TriggerKind::any_event
                   : given.front() == "joined" ? TriggerKind::joined
                                               : TriggerKind::always;
    yes();
  }
}

/// The expressions of a transition, when all is known.
void Builder::complete(const Node& node, std::size_t index) {
  const Node *when = node.find("when"), *at = node.find("at"), *actions = node.find("do");
  if (when == nullptr && at == nullptr && actions == nullptr) return;
  later([this, when, at, actions, index] {
    Transition& made = d_.transitions[index];
    const Done done = facts_->after(made);
    Scope scope{.done = &done};
    const bool named = made.trigger == TriggerKind::event ||
                       (made.trigger == TriggerKind::unexpected && !made.any);
    if (named || made.trigger == TriggerKind::any_event || made.any)
      scope.roots.insert(expr::Root::event);
    const Signal* signal = named ? d_.find_signal(d_.at(made.event)) : nullptr;
    if (signal != nullptr && signal->payload.source.value().is_object())
      scope.event = &signal->payload.source.value();
    if (when != nullptr) made.guard = expressions_->guard(*when, scope);
    // A condition that cannot be read is a condition all the same.
    if (when != nullptr && !made.guard) made.guard = Guard{made.where, {}, false};
    if (at != nullptr && made.timer) made.timer->at = instant(*at, made.source);
    // An instant that cannot be read is a timer all the same.
    if (at != nullptr && made.timer && !made.timer->at) made.timer->after = Duration{1};
    if (actions != nullptr) complete_actions(*actions, made.actions, scope);
  });
}

/// What tells when a wait in `state` ends; none, and reported, when it never could.
Value Builder::instant(const Node& node, StateIndex state) {
  static constexpr Wanted wanted{is_timelike, "a wait ends at an instant or after a duration",
                                 "EXPR_TYPE"};
  const auto* text = node.text();
  const bool computed = text == nullptr || text->find("${") != text->npos;
  if (computed || core::instant_of(*text, Timestamp{}).ok())
    return expressions_->value(node, {.done = &facts_->at(state)}, wanted);
  report_.add(*node.place,
              "a wait ends at an RFC 3339 instant such as \"2031-01-31T08:00:00Z\", or after a "
              "duration such as \"90s\", not '" +
                  shown(*text) + "'",
              "WAIT");
  return {};
}

EventIndex Builder::event(const std::string& name) {
  const auto [known, added] = events_.emplace(name, static_cast<EventIndex>(d_.events.size()));
  if (added) d_.events.push_back(name);
  return known->second;
}

/// The event that `node` names; an event without a name when it names none.
EventIndex Builder::heard(const Node& node) {
  const auto* name = text_of(node, "the name of an event", report_);
  if (name == nullptr) {
    report_.machine_is_broken();
    return event("");
  }
  const EventIndex index = event(*name);
  heard_.emplace(index, &node);
  return index;
}

/// Every event that is waited for is raised by something, and the other way round.
void Builder::check_events() {
  constexpr std::size_t events_max = 60'000;
  if (d_.events.size() > events_max) {
    report_.add(*document_.place, "a saga has at most " + std::to_string(events_max) + " events",
                "TOO_MANY");
    return report_.machine_is_broken();
  }
  std::vector<std::string_view> names;
  for (const auto index : raised_) names.push_back(d_.at(index));
  for (const auto& [index, node] : heard_) {
    if (raised_.contains(index)) continue;
    report_.add(*node->place,
                "nothing raises the event '" + shown(d_.at(index)) + "'" +
                    (report_.full() ? "" : suggestion(d_.at(index), names)),
                "UNKNOWN_EVENT");
    report_.machine_is_broken();
  }
  const bool hears_all =
      std::any_of(d_.transitions.begin(), d_.transitions.end(),
                  [](const Transition& t) { return t.trigger == TriggerKind::any_event || t.any; });
  for (const auto& [index, node] : offered_)
    if (!hears_all && !heard_.contains(index))
      report_.add(*node->place, "no transition waits for the event '" + shown(d_.at(index)) + "'",
                  "EVENT_NOT_HANDLED");
}

}  // namespace skald::document
