#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "dsl/json/builder.hpp"

namespace skald::document {

namespace {

constexpr std::array<std::string_view, 14> step_keys{
    "call",      "undo",        "noUndo",    "kind",    "probe",       "timeout", "retry",
    "undoRetry", "onExhausted", "dependsOn", "forEach", "concurrency", "done",    "failed"};
constexpr std::array<std::string_view, 4> kinds{"compensatable", "pivot", "retriable", "readonly"};
constexpr std::size_t steps_max = 10'000;

/// The steps that a state or a transition calls, as it is written.
void add_calls(const Node* actions, std::vector<const std::string*>& calls) {
  if (actions == nullptr) return;
  const auto add = [&](const Node& action) {
    const Node* call = action.find("call");
    if (call != nullptr && call->text() != nullptr) calls.push_back(call->text());
  };
  add(*actions);
  if (const auto* list = actions->list())
    for (const auto& action : *list) add(action);
}

}  // namespace

void Builder::collect_steps() {
  const Node* steps = document_.find("steps");
  if (steps == nullptr) return;
  if (steps->object() == nullptr) {
    steps_are_read_ = false;
    report_.machine_is_broken();
    return report_.add(*steps->place, "'steps' is an object: a step's id and what it does", "TYPE");
  }
  if (steps->object()->size() > steps_max)
    return report_.add(*steps->place, "a saga has at most " + std::to_string(steps_max) + " steps",
                       "TOO_MANY");
  for (const auto& member : *steps->object()) {
    if (!check_name(member.key, "a step", *member.value.place, report_)) continue;
    raw_step_names_.emplace(member.key, raw_steps_.size());
    raw_steps_.push_back({member.key, &member.value});
  }
}

/// In the order of the states that call them; see order_states().
void Builder::order_steps() {
  std::vector<std::vector<const Node*>> leaving(raw_states_.size());
  if (const Node* list = document_.find("transitions"); list != nullptr && list->list() != nullptr)
    for (const auto& each : *list->list()) {
      const Node* from = each.find("from");
      const auto* name = from == nullptr ? nullptr : from->text();
      const auto known = name == nullptr ? raw_state_names_.end() : raw_state_names_.find(*name);
      if (known != raw_state_names_.end()) leaving[known->second].push_back(each.find("do"));
    }
  std::vector<const std::string*> calls;
  for (const auto raw : raw_of_state_) {
    add_calls(raw_states_[raw].node->find("onEntry"), calls);
    add_calls(raw_states_[raw].node->find("onExit"), calls);
    for (const Node* actions : leaving[raw]) add_calls(actions, calls);
  }
  std::vector<bool> seen(raw_steps_.size(), false);
  const auto visit = [&](std::size_t raw) {
    if (!seen[raw]) raw_of_step_.push_back(raw);
    seen[raw] = true;
  };
  bool misspelled = false;
  for (const auto* name : calls)
    if (const auto known = raw_step_names_.find(*name); known != raw_step_names_.end())
      visit(known->second);
    else
      misspelled = true;
  const auto called = raw_of_step_.size();
  for (std::size_t raw = 0; raw < raw_steps_.size(); ++raw) visit(raw);
  for (auto at = called; !misspelled && at < raw_of_step_.size(); ++at)
    report_.add_at_key(*raw_steps_[raw_of_step_[at]].node->place,
                       "step '" + raw_steps_[raw_of_step_[at]].name + "' is never called",
                       "STEP_NOT_CALLED");
  step_of_raw_.resize(raw_steps_.size());
  for (std::size_t i = 0; i < raw_of_step_.size(); ++i)
    step_of_raw_[raw_of_step_[i]] = static_cast<StepIndex>(i);
}

std::optional<StepIndex> Builder::step_named(const Node& node) {
  const auto* id = text_of(node, "the id of a step", report_);
  if (id == nullptr) {
    report_.machine_is_broken();
    return std::nullopt;
  }
  const auto known = raw_step_names_.find(*id);
  if (known != raw_step_names_.end()) return step_of_raw_[known->second];
  report_.machine_is_broken();
  if (!steps_are_read_) return std::nullopt;
  std::vector<std::string_view> names;
  if (!report_.full())
    for (const auto& raw : raw_steps_) names.push_back(raw.name);
  report_.add(*node.place, "no step has the id '" + shown(*id) + "'" + suggestion(*id, names),
              "UNKNOWN_STEP");
  return std::nullopt;
}

void Builder::steps() {
  d_.steps.resize(raw_steps_.size());
  for (const auto raw : raw_of_step_) step(raw);
}

void Builder::step(std::size_t raw) {
  const Node& node = *raw_steps_[raw].node;
  const StepIndex index = step_of_raw_[raw];
  Step& made = d_.steps[number(index)];
  std::vector<std::string_view> keys(step_keys.begin(), step_keys.end());
  keys.push_back("events");
  Fields fields(node, "a step", keys, report_);
  made.id = raw_steps_[raw].name;
  made.where = where(*node.place, node.place->value);
  step_events(fields, made);
  if (node.object() == nullptr) return report_.machine_is_broken();
  if (const auto word = fields.word("kind", kinds)) made.kind = static_cast<StepKind>(*word);
  if (const auto limit = fields.duration("timeout", Duration{1})) made.timeout = *limit;
  made.retry = policy_of(fields, "retry", made.retry);
  made.undo_retry = policy_of(fields, "undoRetry", default_undo_retry);
  if (const Node* node_for = fields.find("onExhausted")) exhausted(*node_for, made);
  if (const Node* others = fields.find("dependsOn")) depends_on(*others, index);
  for_each(fields, index);
  if (const Node* call = fields.require("call", "what it does"))
    made.call = operation(*call, made.id, index, Phase::forward);
  if (const Node* probe = fields.find("probe"))
    made.probe = operation(*probe, made.id + ".probe", index, Phase::probe);
  step_undo(fields, index);
}

void Builder::step_events(Fields& fields, Step& step) {
  const auto name = [&](std::string_view key) {
    const Node* node = fields.find(key);
    auto text = fields.text(key);
    if (text) (void)check_name(*text, "an event", *node->place, report_);
    return event(text.value_or(step.id + "." + std::string(key)));
  };
  step.done_event = name("done");
  step.failed_event = name("failed");
  raised_.insert(step.done_event);
  raised_.insert(step.failed_event);
  const Node* events = fields.object("events");
  if (events == nullptr) return;
  for (const auto& each : *events->object()) {
    const auto* text = text_of(each.value, "an event", report_);
    if (text == nullptr || !check_name(*text, "an event", *each.value.place, report_)) continue;
    (void)check_name(each.key, "an outcome", *each.value.place, report_);
    const EventIndex index = event(*text);
    step.outcome_events.emplace(each.key, index);
    raised_.insert(index);
    offered_.emplace(index, &each.value);
  }
}

void Builder::step_undo(Fields& fields, StepIndex index) {
  Step& made = d_.steps[number(index)];
  made.no_undo_reason = fields.text("noUndo").value_or("");
  const Node* undo = fields.find("undo");
  if (undo != nullptr) {
    made.undo = operation(*undo, made.id + ".undo", index, Phase::undo);
    if (const Node* none = fields.find("noUndo"))
      report_.add_at_key(*none->place, "a step has 'undo' or 'noUndo', not both", "UNDO");
    if (made.kind == StepKind::retriable || made.kind == StepKind::readonly)
      report_.add_at_key(*undo->place,
                         "a " + std::string(name_of(made.kind)) + " step is never undone", "UNDO");
    return;
  }
  // A child is undone by unwinding it: there is nothing more to say.
  const bool child = std::holds_alternative<ChildTarget>(made.call.target);
  if (child && made.kind == StepKind::compensatable && made.no_undo_reason.empty())
    made.undo = Operation{.name = made.id + ".undo", .target = made.call.target};
}

void Builder::exhausted(const Node& node, Step& step) {
  constexpr std::array<std::string_view, 2> words{"unwind", "park"};
  constexpr std::array<std::string_view, 1> keys{"goto"};
  if (const auto* word = node.text()) {
    if (*word != "unwind" && *word != "park")
      report_.add(*node.place,
                  "'onExhausted' is " + one_of(words) + " or {\"goto\": state}, not '" +
                      shown(*word) + "'" + suggestion(*word, words),
                  "UNKNOWN_WORD");
    if (*word == "park") step.on_exhausted.then = OnExhausted::Then::park;
    return;
  }
  Fields fields(node, "'onExhausted'", keys, report_);
  const Node* target = fields.require("goto", "the state in which the saga goes on");
  if (target == nullptr) return;
  step.on_exhausted = {OnExhausted::Then::go_to, state_named(*target)};
}

void Builder::depends_on(const Node& node, StepIndex index) {
  std::vector<StepIndex> others;
  const auto add = [&](const Node& each) {
    const auto other = step_named(each);
    if (other == index)
      report_.add(*each.place, "a step cannot depend on itself", "DEPENDS_ON");
    else if (other)
      others.push_back(*other);
  };
  if (const auto* list = node.list())
    for (const auto& each : *list) add(each);
  else
    add(node);
  std::sort(others.begin(), others.end());
  d_.steps[number(index)].depends_on = std::move(others);
}

void Builder::for_each(Fields& fields, StepIndex index) {
  const Node* items = fields.find("forEach");
  const auto concurrency = fields.whole("concurrency", 1, 1000);
  if (items == nullptr) {
    if (const Node* extra = fields.find("concurrency"))
      report_.add_at_key(*extra->place, "'concurrency' stands beside 'forEach'", "FOR_EACH");
    return;
  }
  d_.steps[number(index)].for_each = ForEach{{}, concurrency.value_or(1)};
  if (items->list() != nullptr && items->list()->size() > for_each_items_max)
    report_.add(*items->place,
                "a step runs for at most " + std::to_string(for_each_items_max) + " items",
                "FOR_EACH");
  later([this, items, index] {
    const Done done = facts_->at_call(index);
    d_.steps[number(index)].for_each->items =
        expressions_->value(*items, {.done = &done, .result = expr::Kind::list});
  });
}

/// What the operations of a step may read: what is done when it is called. When it is undone,
/// anything may be, and its own outcome may have stayed unknown.
Scope Builder::scope_of_step(StepIndex step, Done& done, Phase phase) const {
  Scope scope{.done = &done};
  done = phase == Phase::undo ? facts_->at_undo(step) : facts_->at_call(step);
  done.surely.erase(step);
  if (d_.at(step).for_each) {
    scope.roots.insert(expr::Root::item);
    scope.roots.insert(expr::Root::index);
  }
  return scope;
}

}  // namespace skald::document
