#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "dsl/json/canonical.hpp"
#include "dsl/json/show.hpp"

namespace skald::document {

namespace {

using nlohmann::json;

/// Why there is no short form.
struct Cannot {
  std::string why;
};

/// The way to a state, as in expander.hpp.
struct Arrow {
  std::string to;
  json actions = json::array();
};

Arrow arrow_of(const json& transition) {
  if (!transition.contains("to")) throw Cannot{"a transition does not leave its state"};
  return {transition.at("to"), transition.value("do", json::array())};
}

bool is_plain(const Arrow& arrow, const std::string& to) {
  return arrow.to == to && arrow.actions.empty();
}

/// Guesses the list of steps that a full form was, or could have been, made from. Whether it
/// guessed right is for the caller to find out by expanding it again.
class Shortener {
 public:
  explicit Shortener(const json& full) : full_(full) {
    collect(full.at("states"));
    for (const auto& transition : full.at("transitions"))
      from_[transition.at("from")].push_back(&transition);
  }

  json run() {
    if (!full_.at("initial").is_string()) throw Cannot{"it begins in several regions"};
    json out = full_;
    for (const auto* key : {"initial", "states", "transitions"}) out.erase(key);
    out["steps"] = list({full_.at("initial")}, "completed");
    return out;
  }

 private:
  using Transitions = std::vector<const json*>;

  void collect(const json& states) {
    for (const auto& [name, state] : states.items()) {
      states_[name] = &state;
      if (state.contains("states")) collect(state.at("states"));
    }
  }

  const Transitions& from(const std::string& state) const {
    static const Transitions none;
    const auto found = from_.find(state);
    return found == from_.end() ? none : found->second;
  }

  json list(Arrow at, const std::string& exit) {
    json items = json::array();
    for (;;) {
      take_set(at, items);
      if (is_plain(at, exit)) return items;
      if (auto end = unwinding(at)) {
        items.push_back(*end);
        return items;
      }
      if (at.to == "completed" || at.to == "failed")
        throw Cannot{"something leads to '" + at.to + "' from the middle of a list"};
      if (!seen_.insert(at.to).second) {
        items.push_back({{"goto", at.to}});
        return items;
      }
      at = at.actions.empty() ? item(at.to, exit, items) : parked(at, items);
      if (at.to.empty()) return items;
    }
  }

  /// {"set": …} on the way out of a step stands beside it.
  static void take_set(Arrow& at, json& items) {
    if (at.actions.empty() || !at.actions.front().contains("set")) return;
    if (items.empty()) throw Cannot{"data is set before a first step"};
    items.back()["set"] = at.actions.front().at("set");
    at.actions.erase(at.actions.begin());
  }

  std::optional<json> unwinding(const Arrow& at) {
    if (at.actions.size() != 1) return std::nullopt;
    const json& action = at.actions.front();
    const bool plain = action == "unwind";
    if (!plain && !action.contains("unwind")) return std::nullopt;
    if (at.to == "failed" && !plain) return json{{"fail", action.at("unwind")}};
    json item{{"unwind", plain ? json(true) : action.at("unwind")}};
    if (at.to != "failed") item["then"] = list({at.to}, "failed");
    return item;
  }

  Arrow parked(const Arrow& at, json& items) {
    const auto& ways = from(at.to);
    if (at.actions.size() != 1 || !at.actions.front().contains("park") || ways.size() != 1 ||
        !ways.front()->contains("always"))
      throw Cannot{"a transition to '" + at.to + "' has actions that no step has"};
    items.push_back({{"id", at.to}, {"park", at.actions.front().at("park")}});
    return arrow_of(*ways.front());
  }

  Arrow item(const std::string& name, const std::string& exit, json& items) {
    const json& state = *states_.at(name);
    const json entry = state.value("onEntry", json::array());
    if (state.contains("states")) return parallel(name, state, items);
    if (entry.size() == 1 && entry.front() == json{{"call", name}}) return call(name, items);
    if (entry.size() == 1 && entry.front() == json{{"raise", name}}) return raised(name, items);
    if (entry.size() == 1 && entry.front().contains("set") && from(name).size() == 1) {
      items.push_back({{"id", name}, {"set", entry.front().at("set")}});
      return arrow_of(*from(name).front());
    }
    if (!entry.empty()) throw Cannot{"state '" + name + "' is not named after the step it calls"};
    if (from(name).empty()) throw Cannot{"state '" + name + "' is no end that a list of steps has"};
    return from(name).front()->contains("always") ? choice(name, exit, items)
                                                  : wait(name, exit, items);
  }

  json branch(const Arrow& way, const std::string& next) {
    json items = list(way, next);
    return items.empty() ? json("continue") : items;
  }

  Arrow call(const std::string& name, json& items) {
    json made = full_.at("steps").at(name);
    for (const auto* key : {"done", "failed"})
      if (made.contains(key)) throw Cannot{"step '" + name + "' names its own events"};
    made.erase("events");
    made["id"] = name;
    std::optional<Arrow> next;
    for (const json* way : from(name))
      if (way->value("on", "") == name + ".done") next = arrow_of(*way);
    if (!next) throw Cannot{"nothing follows step '" + name + "'"};
    for (const json* way : from(name)) {
      const auto event = way->value("on", std::string());
      if (event == name + ".done") continue;
      if (!event.starts_with(name + ".") || way->contains("when"))
        throw Cannot{"state '" + name + "' waits for more than the outcomes of its step"};
      made["on"][event.substr(name.size() + 1)] = branch(arrow_of(*way), next->to);
    }
    items.push_back(std::move(made));
    return *next;
  }

  /// In a branch, `fail` raises an event that the outermost parallel step handles.
  Arrow raised(const std::string& name, json& items) {
    for (const auto& [state, ways] : from_)
      for (const json* way : ways)
        if (way->value("on", "") == name) {
          const auto end = unwinding(arrow_of(*way));
          if (end) items.push_back(*end);
          return {};
        }
    throw Cannot{"nothing handles the event '" + name + "'"};
  }

  Arrow parallel(const std::string& name, const json& state, json& items) {
    json branches = json::array();
    json initials = state.at("initial");
    if (initials.is_string()) initials = json::array({initials});
    for (std::size_t i = 0; i < initials.size(); ++i)
      branches.push_back(list({initials[i]}, name + "." + std::to_string(i + 1) + ".end"));
    json made{{"id", name}, {"parallel", std::move(branches)}};
    if (state.contains("join")) made["join"] = state.at("join");
    items.push_back(std::move(made));
    for (const json* way : from(name))
      if (way->contains("joined")) return arrow_of(*way);
    throw Cannot{"nothing follows when '" + name + "' is joined"};
  }

  Arrow choice(const std::string& name, const std::string& exit, json& items) {
    const auto& ways = from(name);
    const std::string next = meeting(ways, exit);
    json options = json::array();
    for (const json* way : ways) {
      const Arrow arrow = arrow_of(*way);
      const bool last = way == ways.back() && !way->contains("when");
      if (last && is_plain(arrow, next)) break;
      json option{{"steps", branch(arrow, next)}};
      if (way->contains("when")) option["when"] = way->at("when");
      options.push_back(std::move(option));
    }
    items.push_back({{"id", name}, {"choice", std::move(options)}});
    return {next};
  }

  Arrow wait(const std::string& name, const std::string& exit, json& items) {
    const auto& ways = from(name);
    json made = json::object();
    Transitions signals;
    for (const json* way : ways)
      if (way->contains("on")) signals.push_back(way);
    const Arrow first = arrow_of(*ways.front());
    if (signals.empty()) {
      const bool span = ways.front()->contains("after");
      if (ways.size() != 1 || (!span && !ways.front()->contains("at")))
        throw Cannot{"state '" + name + "' has transitions that no list of steps has"};
      made[span ? "for" : "until"] = ways.front()->at(span ? "after" : "at");
      items.push_back({{"id", name}, {"wait", std::move(made)}});
      return first;
    }
    const bool single = signals.size() == 1;
    const Arrow next = single ? arrow_of(*signals.front()) : Arrow{meeting(signals, exit)};
    for (const json* way : signals) {
      if (single) {
        made["signal"] = way->at("on");
        if (way->contains("when")) made["when"] = way->at("when");
      } else {
        made["on"][way->at("on").get<std::string>()] = branch(arrow_of(*way), next.to);
      }
    }
    for (const json* way : ways)
      if (way->contains("after")) {
        made["timeout"] = way->at("after");
        made["onTimeout"] = branch(arrow_of(*way), next.to);
      }
    items.push_back({{"id", name}, {"wait", std::move(made)}});
    return next;
  }

  /// Where the ways meet again: the first state on the first of them that all others come to, too.
  std::string meeting(const Transitions& ways, const std::string& exit) const {
    std::vector<std::vector<std::string>> reached;
    for (const json* way : ways)
      if (!unwinds(*way)) reached.push_back(reachable(way->at("to")));
    if (reached.empty()) return exit;
    for (const auto& state : reached.back()) {
      const auto has_it = [&](const auto& states) {
        return std::find(states.begin(), states.end(), state) != states.end();
      };
      if (std::all_of(reached.begin(), reached.end(), has_it)) return state;
    }
    return exit;
  }

  static bool unwinds(const json& transition) {
    const json actions = transition.value("do", json::array());
    return std::any_of(actions.begin(), actions.end(), [](const json& action) {
      return action == "unwind" || action.contains("unwind");
    });
  }

  std::vector<std::string> reachable(const std::string& start) const {
    std::vector<std::string> states{start};
    for (std::size_t i = 0; i < states.size(); ++i) {
      // A copy: the list grows.
      const std::string at = states[i];
      for (const json* way : from(at)) {
        if (unwinds(*way) || !way->contains("to")) continue;
        const auto to = way->at("to").get<std::string>();
        if (std::find(states.begin(), states.end(), to) == states.end()) states.push_back(to);
      }
    }
    return states;
  }

  const json& full_;
  std::map<std::string, const json*> states_;
  std::map<std::string, Transitions> from_;
  std::set<std::string> seen_;
};

Error refusal(const std::string& name, const std::string& why) {
  return {ErrorCode::invalid_argument,
          "The definition '" + name + "' has no short form: " + why + ".",
          "Its full form says everything.",
          {}};
}

/// The ids of items that may do without, where they are the ones that expanding makes.
void drop_made_ids(json& node) {
  if (node.is_object() && node.contains("id") &&
      (node.contains("set") || node.contains("choice")) && !node.contains("call") &&
      !node.contains("wait")) {
    const auto id = node.at("id").get<std::string>();
    if (id.starts_with("set-") || id.starts_with("choice-")) node.erase("id");
  }
  if (node.is_object() && node.contains("id") && node.contains("park") &&
      node.at("id").get<std::string>().starts_with("park-"))
    node = "park";
  if (node.is_structured())
    for (auto& each : node) drop_made_ids(each);
}

}  // namespace

Result<Json> short_document(const Definition& definition) {
  const json& written = definition.document.value();
  if (written.is_object() && written.contains("steps") && written.at("steps").is_array())
    return definition.document;
  const Json full = full_document(definition);
  try {
    json guess = Shortener(full.value()).run();
    drop_made_ids(guess.at("steps"));
    const std::string text = canonical_text(guess);
    LoadOptions options;
    options.natives = natives_of(definition);
    const auto again = load(text, Format::json, options);
    if (again && full_document(*again) == full) return Json::from_stored(text);
    return refusal(definition.ref.name, "no list of steps gives this machine");
  } catch (const Cannot& cannot) {
    return refusal(definition.ref.name, cannot.why);
  }
}

}  // namespace skald::document
