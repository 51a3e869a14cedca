#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/core/checks.hpp"
#include "engine/model/names.hpp"

namespace skald::core {

namespace {

constexpr Duration longest = std::chrono::hours{24 * 3660};

/// A key that is one field of the input, as tables name it, must be text there, or anything that a
/// schema does not say.
void business_key(Checks& checks) {
  const Definition& d = checks.d;
  if (!d.business_key || !d.business_key.source.value().is_string()) return;
  const auto source = d.business_key.source.value().get<std::string>();
  constexpr std::string_view head = "${input.";
  const auto field = source.substr(std::min(head.size(), source.size()));
  if (!source.starts_with(head) || field.find_first_of(".[ (?") != field.npos) return;
  const std::string name = field.substr(0, field.size() - 1);
  const auto& schema = d.input.source.value();
  if (!schema.is_object() || !schema.contains("properties")) return;
  const auto& properties = schema.at("properties");
  const auto property = properties.find(name);
  const bool text = property != properties.end() &&
                    (!property->is_object() || !property->contains("type") ||
                     property->at("type") == "string" || property->at("type") == "integer");
  if (!text)
    checks.add("", "business key '" + name + "' is not a text field of the input", "BUSINESS_KEY");
}

std::string maps_to_unknown(const std::string& from, const std::string& what,
                            const std::string& name) {
  return "has a " + from + " that maps to an unknown " + what + " '" + name + "'";
}

void migrations(Checks& checks) {
  const Definition& d = checks.d;
  for (const auto& migration : d.migrations) {
    const std::string from = "migration from version " + std::to_string(migration.from);
    if (migration.from == d.ref.version || migration.from == 0)
      checks.add("", "has a " + from + "; it must be another version", "MIGRATION");
    for (const auto& [old, next] : migration.states)
      if (!d.find_state(next)) checks.add("", maps_to_unknown(from, "state", next), "MIGRATION");
    for (const auto& [old, next] : migration.steps)
      if (!d.find_step(next)) checks.add("", maps_to_unknown(from, "step", next), "MIGRATION");
  }
}

template <class Range, class Name>
void no_repeats(Checks& checks, const Range& range, Name name, const std::string& what) {
  std::set<std::string> seen;
  for (const auto& one : range)
    if (!seen.insert(name(one)).second)
      checks.add("", what + " '" + name(one) + "' is declared twice", "DUPLICATE_NAME");
}

void names(Checks& checks, const std::string& where, const std::string& what,
           const std::string& name) {
  if (is_name(name)) return;
  checks.add(where,
             "'" + name + "' cannot name " + what +
                 ", or it could not be shown as a document: " + std::string(name_rule),
             "NAME");
}

/// Where an event is first waited for.
std::string where_of(const Definition& d, EventIndex event) {
  for (const auto& transition : d.transitions)
    if (transition.trigger == TriggerKind::event && transition.event == event)
      return transition.where;
  return "";
}

void names_of_all(Checks& checks) {
  const Definition& d = checks.d;
  if (!d.ref.name.empty()) names(checks, "", "a saga", d.ref.name);
  for (const auto& state : d.states) names(checks, state.where, "a state", state.name);
  for (std::size_t i = 0; i < d.steps.size(); ++i)
    names(checks, checks.where[i], "a step", d.steps[i].id);
  for (std::size_t i = 0; i < d.events.size(); ++i)
    names(checks, where_of(d, static_cast<EventIndex>(i)), "an event", d.events[i]);
}

}  // namespace

void check_names(Checks& checks) {
  const Definition& d = checks.d;
  if (d.ref.name.empty()) checks.add("", "has no name", "NO_NAME");
  if (d.ref.version < 1) checks.add("", "has no version; versions begin at 1", "NO_VERSION");
  no_repeats(
      checks, d.signals, [](const Signal& signal) { return signal.name; }, "signal");
  names_of_all(checks);
  business_key(checks);
  migrations(checks);
  if (d.deadline && (d.deadline->count() < 1 || *d.deadline > longest))
    checks.add("", "its deadline is out of range: 1 ms to ten years", "DEADLINE");
}

}  // namespace skald::core
