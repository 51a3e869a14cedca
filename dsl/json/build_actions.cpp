#include <array>
#include <nlohmann/json.hpp>

#include "dsl/json/builder.hpp"

namespace skald::document {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 6> action_keys{"call", "set",    "raise",
                                                      "park", "unwind", "$native"};
constexpr std::array<std::string_view, 2> raise_keys{"raise", "payload"};
constexpr std::array<std::string_view, 2> words{"unwind", "defer"};

/// The key that says what an action is; empty: none, or several.
std::string_view kind_of(const Node& node) {
  std::string_view kind;
  for (const auto key : action_keys) {
    if (node.find(key) == nullptr) continue;
    if (!kind.empty()) return {};
    kind = key;
  }
  return kind;
}

std::vector<const Node*> each_of(const Node& node) {
  std::vector<const Node*> nodes;
  if (const auto* list = node.list())
    for (const auto& element : *list) nodes.push_back(&element);
  else
    nodes.push_back(&node);
  return nodes;
}

}  // namespace

/// As many actions as `node` has, so that complete_actions() can go through both.
std::vector<Action> Builder::actions(const Node& node, bool of_transition) {
  std::vector<Action> made;
  for (const Node* each : each_of(node)) made.push_back(action(*each, of_transition));
  return made;
}

Action Builder::action(const Node& node, bool of_transition) {
  if (const auto* word = node.text()) return word_action(node, *word, of_transition);
  const auto kind = kind_of(node);
  if (node.object() == nullptr || kind.empty()) {
    report_.add(*node.place,
                "an action is an object with one of " + one_of(action_keys) +
                    ", or one of the "
                    "words " +
                    one_of(words),
                node.object() == nullptr ? "TYPE" : "ACTION");
    report_.machine_is_broken();
    return NativeAction{};
  }
  const Fields fields(node, "the action '" + std::string(kind) + "'",
                      kind == "raise" ? Words(raise_keys) : Words(&kind, 1), report_);
  const Node& what = *node.find(kind);
  if ((kind == "park" || kind == "unwind") && !of_transition) only_of_transitions(node, kind);
  if (kind == "call") {
    if (const auto step = step_named(what)) return CallStep{*step};
  } else if (kind == "raise") {
    return raise(what);
  } else if (kind == "park" || kind == "unwind") {
    const auto* reason = text_of(what, "the reason", report_);
    const std::string text = reason == nullptr ? "" : *reason;
    if (kind == "park") return Park{text};
    return UnwindAll{text};
  } else if (kind == "set") {
    return set_action(node);
  } else {
    return native_action(node);
  }
  return NativeAction{};
}

void Builder::only_of_transitions(const Node& node, std::string_view what) {
  report_.add(*node.place,
              "'" + std::string(what) + "' is an action of transitions, not of entry or exit",
              "ACTION");
}

Action Builder::word_action(const Node& node, const std::string& word, bool of_transition) {
  if (!of_transition) only_of_transitions(node, shown(word));
  if (word == "defer") return DeferEvent{};
  if (word != "unwind")
    report_.add(*node.place,
                "'" + shown(word) + "' is no action; the words are " + one_of(words) +
                    suggestion(word, words),
                "UNKNOWN_WORD");
  return UnwindAll{};
}

Action Builder::raise(const Node& node) {
  const auto* name = text_of(node, "the name of an event", report_);
  if (name == nullptr || !check_name(*name, "an event", *node.place, report_)) {
    report_.machine_is_broken();
    return NativeAction{};
  }
  const EventIndex index = event(*name);
  raised_.insert(index);
  offered_.emplace(index, &node);
  return RaiseEvent{index, {}};
}

Action Builder::native_action(const Node& node) {
  const auto* name = text_of(*node.find("$native"), "the name of a C++ action", report_);
  NativeAction made;
  if (name == nullptr) return made;
  made.name = *name;
  const auto known = options_.natives.actions.find(*name);
  std::vector<std::string_view> names;
  for (const auto& [each, function] : options_.natives.actions) names.push_back(each);
  if (known == options_.natives.actions.end())
    report_.add(*node.place,
                "no C++ action is called '" + shown(*name) + "'" + suggestion(*name, names),
                "UNKNOWN_FUNCTION");
  else
    made.run = known->second;
  return made;
}

Action Builder::set_action(const Node& node) {
  const Node& set = *node.find("set");
  NativeAction made{.name = "set", .run = {}, .source = Json(to_json(node))};
  if (set.object() == nullptr || set.object()->empty())
    report_.add(*set.place, "'set' is an object: names in the saga's data and their new values",
                "TYPE");
  return made;
}

void Builder::complete_actions(const Node& node, std::vector<Action>& actions, const Scope& scope) {
  const auto nodes = each_of(node);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node *payload = nodes[i]->find("payload"), *set = nodes[i]->find("set");
    if (auto* raise = std::get_if<RaiseEvent>(&actions[i]); raise != nullptr && payload != nullptr)
      raise->payload = expressions_->value(*payload, scope);
    if (auto* native = std::get_if<NativeAction>(&actions[i]); native != nullptr && set != nullptr)
      complete_set(*set, *native, scope);
  }
}

/// All values are made from the data as it was before, so that their order means nothing.
void Builder::complete_set(const Node& set, NativeAction& action, const Scope& scope) {
  if (set.object() == nullptr) return;
  std::vector<std::pair<std::string, Value>> values;
  for (const auto& member : *set.object())
    values.emplace_back(member.key, expressions_->value(member.value, scope));
  action.run = [values = std::move(values)](const SagaView& saga, const EventView& event,
                                            json& data) {
    json made = json::object();
    for (const auto& [key, value] : values) made[key] = value.make(saga, event);
    data.update(made);
  };
}

}  // namespace skald::document
