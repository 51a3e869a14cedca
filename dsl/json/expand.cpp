#include "dsl/json/expand.hpp"

#include <algorithm>
#include <array>

#include "dsl/json/expander.hpp"
#include "dsl/json/make.hpp"

namespace skald::document {

namespace {

struct KindOfItem {
  std::string_view key;
  ItemKind kind;
  std::vector<std::string_view> keys;
  bool needs_id = false;  ///< the saga can be at rest there, so its name must never change
};

/// In the order in which the key decides: `set` stands beside `call` and `wait`, too.
const std::vector<KindOfItem>& kinds() {
  static const std::vector<KindOfItem> table{
      {"call",
       ItemKind::call,
       {"id", "call", "undo", "noUndo", "kind", "probe", "timeout", "retry", "undoRetry",
        "onExhausted", "dependsOn", "forEach", "concurrency", "on", "set"},
       true},
      {"wait", ItemKind::wait, {"id", "wait", "set"}, true},
      {"choice", ItemKind::choice, {"id", "choice"}},
      {"parallel", ItemKind::parallel, {"id", "parallel", "join"}, true},
      {"goto", ItemKind::go_to, {"goto"}},
      {"fail", ItemKind::fail, {"fail"}},
      {"unwind", ItemKind::unwind, {"unwind", "then"}},
      {"park", ItemKind::park, {"id", "park"}, true},
      {"set", ItemKind::set, {"id", "set"}},
  };
  return table;
}

const KindOfItem* entry_of(ItemKind kind) {
  for (const auto& entry : kinds())
    if (entry.kind == kind) return &entry;
  return nullptr;
}

constexpr std::array<std::string_view, 3> full_form_keys{"initial", "states", "transitions"};

bool is_of_full_form(std::string_view key) {
  return std::find(full_form_keys.begin(), full_form_keys.end(), key) != full_form_keys.end();
}

constexpr std::array<std::string_view, 2> ends_names{"completed", "failed"};

}  // namespace

bool is_short(const Node& document) {
  const Node* steps = document.find("steps");
  return steps != nullptr && steps->list() != nullptr;
}

Node expand(const Node& document, Report& report) { return Expander(document, report).run(); }

Node Expander::run() {
  const Place* root = document_.place;
  for (const auto key : full_form_keys)
    if (const Node* extra = document_.find(key))
      report_.add_at_key(*extra->place,
                         "'" + std::string(key) +
                             "' belongs to the full form, where 'steps' is an object; here it is a "
                             "list, the short form",
                         "FORM_MIXED");
  if (const Node* signals = document_.find("signals"))
    if (const auto* members = signals->object())
      for (const auto& signal : *members) taken_.emplace(signal.key, nullptr);
  const Node& steps = *document_.find("steps");
  const Items items = items_of(steps);
  if (items.empty()) broken(steps, "a saga has at least one step", "EMPTY");
  take_ids(items, 0);
  name_the_rest();

  const Region top{&states_};
  const std::string initial = first_of(items, {"completed"}, top);
  emit(items, {"completed"}, top);
  ends();
  Node full = object(root, {});
  auto& members = std::get<Node::Object>(full.value);
  for (const auto& member : *document_.object())
    if (member.key != "steps" && !is_of_full_form(member.key)) members.push_back(member);
  members.push_back({"initial", text(steps.place, initial)});
  members.push_back({"states", object(steps.place, std::move(states_))});
  members.push_back({"steps", object(steps.place, std::move(steps_))});
  members.push_back({"transitions", list(steps.place, std::move(transitions_))});
  return full;
}

/// What leaves no list of steps that a machine can be made of.
void Expander::broken(const Node& node, std::string why, std::string code) {
  report_.add(*node.place, std::move(why), std::move(code));
  report_.steps_are_broken();
}

/// The two ends, where something leads to them.
void Expander::ends() {
  const Place* place = document_.find("steps")->place;
  for (const auto name : ends_names)
    if (targets_.contains(std::string(name)))
      states_.push_back(
          {std::string(name),
           object(place, {{"final", text(place, name == "failed" ? "failure" : "success")}})});
}

Items Expander::items_of(const Node& branch) {
  Items items;
  if (const auto* elements = branch.list()) {
    for (const auto& element : *elements) items.push_back(&element);
  } else if (branch.text() == nullptr || *branch.text() == "unwind" || *branch.text() == "park") {
    items.push_back(&branch);
  } else if (*branch.text() != "continue") {
    constexpr std::array<std::string_view, 3> words{"continue", "unwind", "park"};
    broken(branch,
           "a branch is a list of steps, one step, or " + one_of(words) + ", not '" +
               shown(*branch.text()) + "'" + suggestion(*branch.text(), words),
           "UNKNOWN_WORD");
  }
  return items;
}

ItemKind Expander::kind_of(const Node& node) {
  if (const auto* word = node.text())
    return *word == "unwind" ? ItemKind::unwind : *word == "park" ? ItemKind::park : ItemKind::none;
  for (const auto& entry : kinds())
    if (node.find(entry.key) != nullptr) return entry.kind;
  return ItemKind::none;
}

bool Expander::is_key(ItemKind kind, std::string_view key) {
  const auto& keys = entry_of(kind)->keys;
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

void Expander::check_keys(const Node& node, ItemKind kind) {
  if (node.text() != nullptr && kind != ItemKind::none) return;
  const auto* entry = entry_of(kind);
  if (entry != nullptr) {
    const Fields fields(node, "a step with '" + std::string(entry->key) + "'", entry->keys,
                        report_);
    return;
  }
  report_.steps_are_broken();
  if (node.object() == nullptr)
    return report_.add(*node.place, "a step is an object, not " + std::string(node.kind()), "TYPE");
  std::vector<std::string_view> keys;
  for (const auto& each : kinds()) keys.push_back(each.key);
  std::string hint;
  for (const auto& member : *node.object())
    if (hint.empty()) hint = suggestion(member.key, keys);
  report_.add(*node.place, "a step has one of " + one_of(keys) + hint, "STEP_KIND");
}

void Expander::take_ids(const Items& items, int region) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Node& node = *items[i];
    const ItemKind kind = kind_of(node);
    check_keys(node, kind);
    take_id(node, kind, region);
    take_ids_inside(node, kind, region);
    const bool leaves =
        kind == ItemKind::go_to || kind == ItemKind::fail || kind == ItemKind::unwind;
    if (leaves && i + 1 < items.size())
      broken(*items[i + 1], "nothing leads here: the step before goes elsewhere",
             "UNREACHABLE_STEP");
  }
}

void Expander::take_id(const Node& node, ItemKind kind, int region) {
  Item item{kind, {}, region};
  const auto* entry = entry_of(kind);
  const Node* id = node.find("id");
  if (id != nullptr && kind != ItemKind::none) {
    if (const auto* name = text_of(*id, "'id' of a step", report_);
        name != nullptr && check_name(*name, "a step", *id->place, report_)) {
      item.name = *name;
      const bool reserved =
          std::find(ends_names.begin(), ends_names.end(), *name) != ends_names.end();
      const auto [other, added] = taken_.emplace(*name, &node);
      if (reserved)
        broken(*id, "'" + *name + "' names the end of a saga; choose another id", "RESERVED_ID");
      else if (!added)
        broken(*id,
               other->second == nullptr
                   ? "'" + *name + "' is a signal; a step needs an id of its own"
                   : "'" + *name + "' is the id of another step, too; ids are unique",
               "DUPLICATE_ID");
    }
  } else if (entry != nullptr && entry->needs_id && node.object() != nullptr) {
    report_.add(*node.place,
                "a step with '" + std::string(entry->key) +
                    "' needs an 'id' that never changes: stored sagas are found by it",
                "MISSING_KEY");
  }
  if (item.name.empty()) unnamed_.push_back(&node);
  items_[&node] = std::move(item);
}

void Expander::take_ids_inside(const Node& node, ItemKind kind, int region) {
  const auto inside = [&](const Node* branch, int where) {
    if (branch != nullptr) take_ids(items_of(*branch), where);
  };
  const auto each_of = [&](const Node* branches) {
    if (branches != nullptr && branches->object() != nullptr)
      for (const auto& branch : *branches->object()) inside(&branch.value, region);
  };
  if (kind == ItemKind::call) each_of(node.find("on"));
  if (const Node* wait = node.find("wait"); kind == ItemKind::wait) {
    each_of(wait->find("on"));
    inside(wait->find("onTimeout"), region);
  }
  if (kind == ItemKind::unwind && node.object() != nullptr) inside(node.find("then"), 0);
  if (kind == ItemKind::choice && node.find("choice")->list() != nullptr)
    for (const auto& option : *node.find("choice")->list()) inside(option.find("steps"), region);
  if (kind == ItemKind::parallel && node.find("parallel")->list() != nullptr)
    for (const auto& branch : *node.find("parallel")->list()) {
      region_of_branch_[&branch] = ++regions_;
      inside(&branch, regions_);
    }
}

/// Items in which no saga is ever at rest are numbered, each kind by itself.
void Expander::name_the_rest() {
  std::map<std::string_view, int> numbers;
  for (const Node* node : unnamed_) {
    Item& item = items_.at(node);
    const auto* entry = entry_of(item.kind);
    const std::string_view kind = entry == nullptr ? "step" : entry->key;
    do item.name = std::string(kind) + "-" + std::to_string(++numbers[kind]);
    while (!taken_.emplace(item.name, node).second);
  }
}

}  // namespace skald::document
