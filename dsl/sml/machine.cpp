#include "dsl/sml/machine.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "dsl/sml/builder.hpp"
#include "engine/core/raise.hpp"

namespace skald::sml {

/// The active state of each region of a table; of a composite state that is not active, as it was
/// left.
using Regions = std::vector<StateIndex>;

struct Machine::Inside {
  Built built;
  std::shared_ptr<Surroundings> around;
  Instance saga;
  std::map<std::optional<StateIndex>, Regions> regions;  ///< by composite state; none: the table

  void begin();
  void accept(Decision decision);
  void rethrow();
  [[nodiscard]] const Regions& of(TypeTag composite) const;
  [[nodiscard]] bool same(const StateSpec& asked, StateIndex state) const;
};

namespace {

[[noreturn]] void throw_findings(const std::vector<Finding>& findings) {
  std::string text = "The table is not acceptable.";
  for (const auto& finding : findings) text += " " + finding.where + ": " + finding.why + ".";
  throw std::logic_error(text);
}

}  // namespace

void Machine::Inside::begin() {
  const Definition& definition = built.definition;
  regions[std::nullopt] = definition.initials;
  for (std::size_t i = 0; i < definition.states.size(); ++i)
    if (!definition.states[i].initials.empty())
      regions[static_cast<StateIndex>(i)] = definition.states[i].initials;
  saga.id = SagaId{"sm"};
  saga.definition = definition.ref;
  around->objects->start();
  accept(apply(definition, saga, Event{Start{}}, Timestamp{}));
}

void Machine::Inside::accept(Decision decision) {
  rethrow();
  for (const auto& entry : decision.history) {
    if (entry.kind != HistoryKind::entered) continue;
    const auto state = *built.definition.find_state(entry.state);
    regions[built.definition.at(state).parent][built.keys[number(state)].region] = state;
  }
  saga = std::move(decision.instance);
  std::vector<std::uint64_t> kept;
  for (const auto& event : saga.kept)
    if (event.payload.value().is_number_unsigned())
      kept.push_back(event.payload.value().get<std::uint64_t>());
  around->objects->keep_only(kept);
}

/// A guard or action that throws has broken the turn off; the saga is still as it was before.
void Machine::Inside::rethrow() {
  if (around->thrown) std::rethrow_exception(std::exchange(around->thrown, nullptr));
}

const Regions& Machine::Inside::of(TypeTag composite) const {
  static const Regions none;
  if (composite == nullptr) return regions.at(std::nullopt);
  for (std::size_t i = 0; i < built.keys.size(); ++i)
    if (built.keys[i].type == composite && built.keys[i].sub != nullptr)
      return regions.at(static_cast<StateIndex>(i));
  return none;
}

bool Machine::Inside::same(const StateSpec& asked, StateIndex state) const {
  const StateKey& key = built.keys[number(state)];
  return key.name == asked.name && key.type == asked.type && key.terminal == asked.terminal;
}

Machine::Machine(const Table& table, std::shared_ptr<Surroundings> around)
    : inside_(std::make_unique<Inside>()) {
  inside_->around = std::move(around);
  inside_->around->objects = std::make_unique<Objects>();
  const Heading heading{.ref = {"sm", 1}};
  inside_->built = Builder(heading, Purpose::machine, inside_->around).run(table);
  auto& findings = inside_->built.findings;
  if (findings.empty() && inside_->built.definition.initials.empty())
    findings.push_back({"sm", "has no initial state; mark one with *", "NO_INITIAL_STATE"});
  if (!findings.empty()) throw_findings(findings);
  inside_->begin();
}

Machine::Machine(Machine&&) noexcept = default;
Machine& Machine::operator=(Machine&&) noexcept = default;
Machine::~Machine() = default;

bool Machine::process(TypeTag type, std::shared_ptr<const void> object) {
  const auto known = inside_->built.events.find(type);
  const EventIndex event =
      known == inside_->built.events.end() ? *inside_->built.unknown : known->second;
  Objects& objects = *inside_->around->objects;
  objects.start();
  inside_->around->thrown = nullptr;  // of a turn that an exception has left at once
  const Json payload(objects.add(std::move(object)));
  inside_->accept(raise(inside_->built.definition, inside_->saga, event, payload, Timestamp{}));
  return objects.all_handled();
}

bool Machine::is(const StateSpec& state, TypeTag of) const {
  const auto& regions = inside_->of(of);
  return std::any_of(regions.begin(), regions.end(),
                     [&](StateIndex at) { return inside_->same(state, at); });
}

bool Machine::is(const std::vector<StateSpec>& states, TypeTag of) const {
  const auto& regions = inside_->of(of);
  return std::equal(
      states.begin(), states.end(), regions.begin(), regions.end(),
      [&](const StateSpec& asked, StateIndex at) { return inside_->same(asked, at); });
}

std::vector<StateSpec> Machine::current(TypeTag of) const {
  std::vector<StateSpec> states;
  for (const StateIndex state : inside_->of(of)) {
    const StateKey& key = inside_->built.keys[number(state)];
    states.push_back({.name = key.name, .type = key.type, .terminal = key.terminal});
  }
  return states;
}

}  // namespace skald::sml
