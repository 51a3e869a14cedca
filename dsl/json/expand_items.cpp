#include <algorithm>
#include <array>

#include "dsl/json/expander.hpp"
#include "dsl/json/make.hpp"

namespace skald::document {

namespace {

/// {"unwind": …} as an action, with the reason that `fail` or `unwind` gives.
Node unwind_action(const Node& node) {
  const Node* reason = node.find("fail") != nullptr ? node.find("fail") : node.find("unwind");
  const bool given = reason != nullptr && reason->text() != nullptr;
  if (!given) return text(node.place, "unwind");
  return object(node.place, {{"unwind", *reason}});
}

Node park_action(const Node& node) {
  const Node* reason = node.find("park");
  if (reason == nullptr)
    return object(node.place, {{"park", text(node.place, "as its steps say")}});
  return object(node.place, {{"park", *reason}});
}

/// By key: the order of an object's keys means nothing.
std::vector<const Member*> sorted(const Node& object) {
  std::vector<const Member*> members;
  for (const auto& member : *object.object()) members.push_back(&member);
  std::sort(members.begin(), members.end(),
            [](const Member* a, const Member* b) { return a->key < b->key; });
  return members;
}

Node::List set_action(const Node& node) {
  const Node* set = node.find("set");
  if (set == nullptr) return {};
  return {object(node.place, {{"set", *set}})};
}

}  // namespace

void Expander::state(const Place* place, const std::string& name, const Region& region,
                     Node::Object members) {
  region.states->push_back({name, object(place, std::move(members))});
}

void Expander::transition(const Place* place, const std::string& from, Member trigger, Arrow arrow,
                          const Node* when) {
  targets_.insert(arrow.to);
  if (arrow.place != nullptr) place = arrow.place;
  Node::Object members{{"from", text(place, from)}, std::move(trigger)};
  if (when != nullptr) members.push_back({"when", *when});
  if (!arrow.actions.empty()) members.push_back({"do", list(place, std::move(arrow.actions))});
  members.push_back({"to", text(place, std::move(arrow.to))});
  transitions_.push_back(object(place, std::move(members)));
}

const std::string& Expander::go_to(const Node& node, const Region& region) {
  static const std::string nowhere = "completed";
  const Node& target = *node.find("goto");
  const auto* name = text_of(target, "'goto'", report_);
  if (name == nullptr) return nowhere;
  const auto known = taken_.find(*name);
  const Node* item = known == taken_.end() ? nullptr : known->second;
  if (item == nullptr || item->find("id") == nullptr) {
    std::vector<std::string_view> ids;
    for (const auto& [id, step] : taken_)
      if (step != nullptr && step->find("id") != nullptr) ids.push_back(id);
    report_.add(*target.place, "no step has the id '" + shown(*name) + "'" + suggestion(*name, ids),
                "UNKNOWN_STEP");
    report_.steps_are_broken();
    return nowhere;
  }
  if (items_.at(item).region == region.number) return *name;
  report_.add(*target.place,
              "step '" + *name + "' is in another branch of a parallel step, or outside of it",
              "GOTO_REGION");
  report_.steps_are_broken();
  return nowhere;
}

Arrow Expander::arrow(const Items& items, std::size_t index, const Arrow& next,
                      const Region& region) {
  if (index >= items.size()) return next;
  const Node& node = *items[index];
  const Item& item = items_.at(&node);
  if (item.kind == ItemKind::go_to) return {go_to(node, region)};
  if (item.kind == ItemKind::park) return {item.name, {park_action(node)}};
  const bool unwinds = item.kind == ItemKind::fail || item.kind == ItemKind::unwind;
  if (!unwinds || region.number != 0) return {item.name};
  const Node* then = node.find("then");
  Arrow after{"failed"};
  if (then != nullptr) after = arrow(items_of(*then), 0, after, region);
  after.actions.insert(after.actions.begin(), unwind_action(node));
  after.place = node.place;
  return after;
}

/// Where a saga or a branch begins: that must be a state.
std::string Expander::first_of(const Items& items, const Arrow& next, const Region& region) {
  if (items.empty()) return next.to;
  const ItemKind kind = items_.at(items.front()).kind;
  const bool unwinds = kind == ItemKind::fail || kind == ItemKind::unwind;
  if (kind == ItemKind::go_to || kind == ItemKind::park || (unwinds && region.number == 0)) {
    report_.add(*items.front()->place,
                "a list of steps cannot begin with 'goto', 'fail', 'unwind' or 'park' here: "
                "nothing has happened yet",
                "FIRST_STEP");
    report_.steps_are_broken();
  }
  return items_.at(items.front()).name;
}

void Expander::emit(const Items& items, const Arrow& next, const Region& region) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Node& node = *items[i];
    const Item& item = items_.at(&node);
    const Arrow after = arrow(items, i + 1, next, region);
    const Member always{"always", {node.place, true}};
    switch (item.kind) {
      case ItemKind::call:
        emit_call(node, after, region);
        break;
      case ItemKind::wait:
        emit_wait(node, after, region);
        break;
      case ItemKind::choice:
        emit_choice(node, after, region);
        break;
      case ItemKind::parallel:
        emit_parallel(node, after, region);
        break;
      case ItemKind::fail:
      case ItemKind::unwind:
        emit_unwind(node, region);
        break;
      case ItemKind::set:
        state(node.place, item.name, region, {{"onEntry", list(node.place, set_action(node))}});
        transition(node.place, item.name, always, after);
        break;
      case ItemKind::park:
        state(node.place, item.name, region);
        transition(node.place, item.name, always, after);
        break;
      case ItemKind::none:
        state(node.place, item.name, region);
        break;
      case ItemKind::go_to:
        break;
    }
  }
}

void Expander::emit_branch(const std::string& from, Member trigger, const Node& branch,
                           const Arrow& next, const Region& region) {
  const Items items = items_of(branch);
  transition(branch.place, from, std::move(trigger), arrow(items, 0, next, region));
  emit(items, next, region);
}

/// False when it says to go where the saga cannot go.
bool Expander::check_exhausted(const Node& node, const Region& region) {
  const Node* exhausted = node.find("onExhausted");
  const Node* target = exhausted == nullptr ? nullptr : exhausted->find("goto");
  if (target == nullptr || target->text() == nullptr) return true;
  return go_to(*exhausted, region) == *target->text();
}

void Expander::emit_call(const Node& node, const Arrow& next, const Region& region) {
  const std::string& id = items_.at(&node).name;
  state(node.place, id, region,
        {{"onEntry", list(node.place, {object(node.place, {{"call", text(node.place, id)}})})}});
  Arrow done = next;
  if (auto set = set_action(node); !set.empty())
    done.actions.insert(done.actions.begin(), std::move(set.front()));
  transition(node.place, id, {"on", text(node.place, id + ".done")}, std::move(done));

  const bool exhausted = check_exhausted(node, region);
  Node::Object step;
  for (const auto& member : *node.object())
    if (is_key(ItemKind::call, member.key) && member.key != "id" && member.key != "on" &&
        member.key != "set" && (exhausted || member.key != "onExhausted"))
      step.push_back(member);
  const Node* on = node.find("on");
  if (on != nullptr && on->object() == nullptr) {
    report_.add(*on->place, "'on' of a step is an object: an outcome's name and what follows",
                "TYPE");
  } else if (on != nullptr) {
    Node::Object events;
    for (const Member* branch : sorted(*on)) {
      const Place* place = branch->value.place;
      if (branch->key == "done") {
        report_.add_at_key(*place, "what follows when a step is done is the next step",
                           "UNKNOWN_KEY");
        continue;
      }
      const std::string event = id + "." + branch->key;
      if (check_name(branch->key, "an outcome", *place, report_) && branch->key != "failed")
        events.push_back({branch->key, text(place, event)});
      emit_branch(id, {"on", text(place, event)}, branch->value, next, region);
    }
    if (!events.empty()) step.push_back({"events", object(on->place, std::move(events))});
  }
  steps_.push_back({id, object(node.place, std::move(step))});
}

void Expander::emit_wait(const Node& node, const Arrow& next, const Region& region) {
  constexpr std::array<std::string_view, 7> keys{"signal",    "on",  "when", "timeout",
                                                 "onTimeout", "for", "until"};
  const std::string& id = items_.at(&node).name;
  const Node& wait = *node.find("wait");
  const Fields fields(wait, "'wait'", keys, report_);
  state(node.place, id, region);
  Arrow done = next;
  if (auto set = set_action(node); !set.empty())
    done.actions.insert(done.actions.begin(), std::move(set.front()));
  const Node *signal = wait.find("signal"), *on = wait.find("on"), *span = wait.find("for"),
             *until = wait.find("until"), *timeout = wait.find("timeout"),
             *late = wait.find("onTimeout");
  const int ways = (signal != nullptr) + (on != nullptr) + (span != nullptr) + (until != nullptr);
  if (ways != 1 && wait.object() != nullptr)
    report_.add(*wait.place, "'wait' has one of 'signal', 'on', 'for' and 'until'", "WAIT");
  if (ways != 1) report_.machine_is_broken();
  if (signal != nullptr)
    transition(signal->place, id, {"on", *signal}, done, wait.find("when"));
  else if (wait.find("when") != nullptr)
    report_.add_at_key(*wait.find("when")->place, "'when' stands beside 'signal'", "WAIT");
  if (span != nullptr) transition(span->place, id, {"after", *span}, done);
  if (until != nullptr) transition(until->place, id, {"at", *until}, done);
  if (on != nullptr && on->object() != nullptr)
    for (const Member* branch : sorted(*on))
      emit_branch(id, {"on", text(branch->value.place, branch->key)}, branch->value, next, region);
  else if (on != nullptr)
    report_.add(*on->place, "'on' of 'wait' is an object: signals and what follows", "TYPE");
  if (timeout == nullptr && late != nullptr)
    report_.add_at_key(*late->place, "'onTimeout' stands beside 'timeout'", "WAIT");
  if (timeout == nullptr) return;
  if (late == nullptr)
    report_.add(*wait.place, "'timeout' needs 'onTimeout': what is done then", "MISSING_KEY");
  if (signal == nullptr && on == nullptr)
    return report_.add_at_key(*timeout->place,
                              "'timeout' is for signals; 'for' is a timeout itself", "WAIT");
  if (late != nullptr) emit_branch(id, {"after", *timeout}, *late, next, region);
}

void Expander::emit_choice(const Node& node, const Arrow& next, const Region& region) {
  constexpr std::array<std::string_view, 2> keys{"when", "steps"};
  const std::string& id = items_.at(&node).name;
  const Node& choice = *node.find("choice");
  state(node.place, id, region);
  const auto* options = choice.list();
  if (options == nullptr || options->empty()) {
    report_.add(*choice.place, "'choice' is a list of {\"when\": …, \"steps\": […]}", "TYPE");
    return report_.steps_are_broken();
  }
  bool otherwise = false;
  for (const auto& option : *options) {
    Fields fields(option, "an option of a choice", keys, report_);
    const Node* steps = fields.require("steps", "what is done then");
    const Node* when = option.find("when");
    if (otherwise)
      broken(option, "no option may follow the one without 'when', which is taken",
             "UNREACHABLE_STEP");
    if (steps == nullptr || otherwise) continue;
    otherwise = when == nullptr;
    const Items items = items_of(*steps);
    transition(option.place, id, {"always", {option.place, true}}, arrow(items, 0, next, region),
               when);
    emit(items, next, region);
  }
  if (!otherwise) transition(node.place, id, {"always", {node.place, true}}, next);
}

void Expander::emit_parallel(const Node& node, const Arrow& next, const Region& region) {
  const std::string& id = items_.at(&node).name;
  const Node& parallel = *node.find("parallel");
  const auto* branches = parallel.list();
  if (branches == nullptr || branches->size() < 2) {
    report_.add(*parallel.place, "'parallel' is a list of at least two lists of steps", "TYPE");
    return report_.steps_are_broken();
  }
  Node::Object states;
  std::vector<std::string> initials;
  for (std::size_t i = 0; i < branches->size(); ++i) {
    const Node& branch = (*branches)[i];
    const Region inner{&states, region.composite.empty() ? id : region.composite,
                       region_of_branch_.at(&branch)};
    const Items items = items_of(branch);
    if (items.empty()) broken(branch, "a branch of a parallel step has at least one step", "EMPTY");
    const Arrow end{id + "." + std::to_string(i + 1) + ".end"};
    initials.push_back(first_of(items, end, inner));
    emit(items, end, inner);
    if (targets_.contains(end.to))
      state(branch.place, end.to, inner, {{"final", text(branch.place, "success")}});
  }
  Node::Object composite{{"initial", texts(node.place, initials)},
                         {"states", object(node.place, std::move(states))}};
  if (const Node* join = node.find("join")) composite.push_back({"join", *join});
  state(node.place, id, region, std::move(composite));
  transition(node.place, id, {"joined", {node.place, true}}, next);
}

/// At the top the transition that leads here unwinds. Inside a branch the outermost parallel step
/// must be left for it, so an event is raised for that.
void Expander::emit_unwind(const Node& node, const Region& region) {
  const Region top{&states_};
  const std::string& name = items_.at(&node).name;
  const Node *fail = node.find("fail"), *then = node.find("then"), *unwind = node.find("unwind");
  if (fail != nullptr) (void)text_of(*fail, "'fail' is the reason and", report_);
  const bool yes = unwind == nullptr || std::holds_alternative<bool>(unwind->value);
  if (!yes) (void)text_of(*unwind, "'unwind' is the reason, or true, and", report_);
  const Items items = then == nullptr ? Items{} : items_of(*then);
  if (region.number != 0) {
    state(
        node.place, name, region,
        {{"onEntry", list(node.place, {object(node.place, {{"raise", text(node.place, name)}})})}});
    Arrow after = arrow(items, 0, {"failed"}, top);
    after.actions.insert(after.actions.begin(), unwind_action(node));
    transition(node.place, region.composite, {"on", text(node.place, name)}, std::move(after));
  }
  emit(items, {"failed"}, top);
}

}  // namespace skald::document
