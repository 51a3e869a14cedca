#include <algorithm>
#include <array>
#include <deque>

#include "dsl/json/builder.hpp"

namespace skald::document {

namespace {

constexpr std::array<std::string_view, 8> state_keys{"final",   "onEntry", "onExit",  "defer",
                                                     "initial", "states",  "history", "join"};
constexpr std::size_t states_max = 10'000;
constexpr std::size_t regions_max = 100;

}  // namespace

void Builder::collect_states(const Node& states, std::optional<std::size_t> parent) {
  if (states.object() == nullptr) {
    states_are_read_ = false;
    report_.machine_is_broken();
    return report_.add(*states.place, "'states' is an object: a state's name and what it is",
                       "TYPE");
  }
  for (const auto& member : *states.object()) {
    if (!check_name(member.key, "a state", *member.value.place, report_)) continue;
    if (raw_states_.size() == states_max)
      return report_.add(*states.place,
                         "a saga has at most " + std::to_string(states_max) + " states",
                         "TOO_MANY");
    const auto index = raw_states_.size();
    if (!raw_state_names_.emplace(member.key, index).second) {
      report_.add_at_key(*member.value.place,
                         "another state is called '" + member.key +
                             "', inside a composite state or outside of it; rename one",
                         "DUPLICATE_STATE");
      continue;
    }
    raw_states_.push_back({member.key, &member.value, parent});
    if (const Node* inner = member.value.find("states")) collect_states(*inner, index);
  }
}

/// In the order a saga may come to them, so that both forms and every layout give the same one.
void Builder::order_states() {
  std::vector<std::vector<std::size_t>> next(raw_states_.size());
  const auto raw = [&](const Node* node) -> std::optional<std::size_t> {
    if (node == nullptr || node->text() == nullptr) return std::nullopt;
    const auto known = raw_state_names_.find(*node->text());
    return known == raw_state_names_.end() ? std::nullopt : std::optional(known->second);
  };
  if (const Node* list = document_.find("transitions"); list != nullptr && list->list() != nullptr)
    for (const auto& each : *list->list())
      if (const auto from = raw(each.find("from")))
        if (const auto to = raw(each.find("to"))) next[*from].push_back(*to);
  std::vector<bool> seen(raw_states_.size(), false);
  std::deque<std::size_t> open;
  const auto visit = [&](std::optional<std::size_t> state) {
    if (!state || seen[*state]) return;
    seen[*state] = true;
    open.push_back(*state);
  };
  const auto visit_initials = [&](const Node* initial) {
    if (initial == nullptr) return;
    visit(raw(initial));
    if (const auto* several = initial->list())
      for (const auto& each : *several) visit(raw(&each));
  };
  const auto drain = [&] {
    for (; !open.empty(); open.pop_front()) {
      const auto at = open.front();
      raw_of_state_.push_back(at);
      visit_initials(raw_states_[at].node->find("initial"));
      for (const auto to : next[at]) visit(to);
    }
  };
  visit_initials(document_.find("initial"));
  drain();
  std::vector<std::size_t> rest;
  for (std::size_t i = 0; i < raw_states_.size(); ++i) rest.push_back(i);
  std::sort(rest.begin(), rest.end(), [&](std::size_t a, std::size_t b) {
    return raw_states_[a].name < raw_states_[b].name;
  });
  for (const auto state : rest) visit(state), drain();
  state_of_raw_.resize(raw_states_.size());
  for (std::size_t i = 0; i < raw_of_state_.size(); ++i)
    state_of_raw_[raw_of_state_[i]] = static_cast<StateIndex>(i);
}

std::optional<StateIndex> Builder::state_named(const Node& node) {
  const auto* name = text_of(node, "the name of a state", report_);
  if (name == nullptr) {
    report_.machine_is_broken();
    return std::nullopt;
  }
  const auto known = raw_state_names_.find(*name);
  if (known != raw_state_names_.end()) return state_of_raw_[known->second];
  report_.machine_is_broken();
  if (!states_are_read_) return std::nullopt;
  std::vector<std::string_view> names;
  if (!report_.full())
    for (const auto& raw : raw_states_) names.push_back(raw.name);
  report_.add(*node.place, "no state is called '" + shown(*name) + "'" + suggestion(*name, names),
              "UNKNOWN_STATE");
  return std::nullopt;
}

void Builder::states() {
  d_.states.resize(raw_states_.size());
  for (const auto raw : raw_of_state_) {
    State& made = d_.states[number(state_of_raw_[raw])];
    made.name = raw_states_[raw].name;
    made.where = where(*raw_states_[raw].node->place, raw_states_[raw].node->place->key);
    if (const auto parent = raw_states_[raw].parent) made.parent = state_of_raw_[*parent];
  }
  for (const auto raw : raw_of_state_) state(raw);
  initials(*document_.find("initial"), std::nullopt, d_.initials);
}

void Builder::initials(const Node& node, std::optional<std::size_t> parent,
                       std::vector<StateIndex>& initials) {
  const auto add = [&](const Node& each) {
    const auto state = state_named(each);
    if (!state) return;
    const auto& raw = raw_states_[raw_of_state_[number(*state)]];
    if (raw.parent != parent) {
      report_.add(*each.place,
                  "state '" + raw.name + "' is not one of the states beside this 'initial'",
                  "STATE_LEVEL");
      report_.machine_is_broken();
    } else if (std::find(initials.begin(), initials.end(), *state) != initials.end()) {
      report_.add(*each.place, "state '" + raw.name + "' is named twice", "DUPLICATE_STATE");
    } else {
      initials.push_back(*state);
    }
  };
  if (const auto* several = node.list()) {
    for (const auto& each : *several) add(each);
    if (several->empty()) {
      report_.add(*node.place, "'initial' names no state", "EMPTY");
      report_.machine_is_broken();
    }
    if (several->size() > regions_max)
      report_.add(*node.place,
                  "at most " + std::to_string(regions_max) + " regions run side by side",
                  "TOO_MANY");
  } else {
    add(node);
  }
}

void Builder::state(std::size_t raw) {
  const Node& node = *raw_states_[raw].node;
  const StateIndex index = state_of_raw_[raw];
  State& made = d_.states[number(index)];
  Fields fields(node, "a state", state_keys, report_);
  if (node.object() == nullptr) return report_.machine_is_broken();
  constexpr std::array<std::string_view, 2> ends{"success", "failure"};
  if (const auto word = fields.word("final", ends))
    made.final = *word == 0 ? Final::success : Final::failure;
  else if (fields.has("final"))
    made.final = Final::success;  // misspelled, but an end all the same
  made.history = fields.flag("history").value_or(false);
  if (const Node* entry = fields.find("onEntry")) {
    made.on_entry = actions(*entry, false);
    later([this, entry, index] {
      complete_actions(*entry, d_.states[number(index)].on_entry, {.done = &facts_->at(index)});
    });
  }
  if (const Node* exit = fields.find("onExit")) {
    made.on_exit = actions(*exit, false);
    later([this, exit, index] {
      const Done done = facts_->inside(index);
      complete_actions(*exit, d_.states[number(index)].on_exit, {.done = &done});
    });
  }
  const Node *inner = fields.find("states"), *initial = fields.find("initial");
  if ((inner == nullptr) != (initial == nullptr)) {
    report_.add(*node.place, "a composite state has 'states' and 'initial'", "MISSING_KEY");
    report_.machine_is_broken();
  } else if (inner != nullptr) {
    initials(*initial, raw, made.initials);
  }
  join(fields, made);
}

void Builder::join(Fields& fields, State& made) {
  const Node* join = fields.find("join");
  if (join == nullptr) return;
  const auto regions = static_cast<std::uint32_t>(made.initials.size());
  if (regions == 0) {
    report_.add_at_key(*join->place, "only a composite state is joined", "JOIN");
  } else if (join->text() != nullptr) {
    constexpr std::array<std::string_view, 2> words{"all", "any"};
    made.join = static_cast<std::uint32_t>(fields.word("join", words).value_or(0));
  } else if (const auto count = fields.whole("join", 1, regions)) {
    made.join = *count;
  }
  // All of them is written in one way.
  if (made.join == regions) made.join = 0;
}

/// {"defer": ["paid"]} is short for transitions that defer, after all others of the state.
void Builder::deferred(const Node& node, StateIndex source) {
  if (node.list() == nullptr)
    return report_.add(*node.place, "'defer' is a list of events", "TYPE");
  for (const auto& each : *node.list()) {
    d_.transitions.push_back({.source = source,
                              .trigger = TriggerKind::event,
                              .event = heard(each),
                              .actions = {DeferEvent{}},
                              .where = where(*each.place, each.place->value)});
  }
}

}  // namespace skald::document
