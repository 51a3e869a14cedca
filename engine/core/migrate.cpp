#include "engine/core/migrate.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/core/invariants.hpp"
#include "engine/core/machine.hpp"
#include "engine/core/regions.hpp"
#include "engine/core/status.hpp"
#include "engine/core/timers.hpp"
#include "engine/core/unwinding.hpp"
#include "engine/core/values.hpp"

namespace skald {

namespace {

using namespace core;

/// Carries one saga over, and finds everything that has no place in the new version.
class Migrator {
 public:
  Migrator(const Definition& from, const Definition& to, const Instance& saga, Timestamp now)
      : from_(from), to_(to), old_(saga), now_(now), saga_(saga) {
    for (const auto& migration : to.migrations)
      if (migration.from == from.ref.version) map_ = &migration;
  }

  Result<Decision> run() {
    saga_.definition = to_.ref;
    states();
    log();
    pending();
    events();
    loops();
    data();
    if (!findings_.empty())
      return Error{ErrorCode::invalid_argument,
                   "The saga '" + old_.id.value + "' cannot become one of version " +
                       std::to_string(to_.ref.version) + ".",
                   "Give the names that changed in 'migrations' of the new version.",
                   std::move(findings_)};
    return decide();
  }

 private:
  void refuse(const std::string& where, std::string why, std::string code) {
    findings_.push_back({where, std::move(why), std::move(code)});
  }

  StateIndex state(StateIndex old, const std::string& where) {
    std::string name = from_.at(old).name;
    if (map_ != nullptr)
      if (const auto renamed = map_->states.find(name); renamed != map_->states.end())
        name = renamed->second;
    if (const auto index = to_.find_state(name)) return *index;
    refuse(where, "the new version has no state '" + name + "'", "MIGRATE_STATE");
    return {};
  }

  StepIndex step(StepIndex old, const std::string& where) {
    std::string id = from_.at(old).id;
    if (map_ != nullptr)
      if (const auto renamed = map_->steps.find(id); renamed != map_->steps.end())
        id = renamed->second;
    if (const auto index = to_.find_step(id)) return *index;
    refuse(where, "the new version has no step '" + id + "'", "MIGRATE_STEP");
    return {};
  }

  void states() {
    for (auto& active : saga_.active) active = state(active, "/active");
    if (saga_.unwind && saga_.unwind->target)
      saga_.unwind->target = state(*saga_.unwind->target, "/unwind/target");
    if (saga_.parking) {
      saga_.parking->source = state(saga_.parking->source, "/parking");
      if (saga_.parking->target) saga_.parking->target = state(*saga_.parking->target, "/parking");
    }
    saga_.histories.clear();
    for (const auto& [region, left] : old_.histories)
      saga_.histories[state(region, "/histories")] = state(left, "/histories");
    if (findings_.empty()) regions(std::nullopt, to_.initials.size());
    timers();
  }

  /// What is active must be one state for each region of every composite state that is active.
  void regions(std::optional<StateIndex> parent, std::size_t expected) {
    const Turn turn{to_, saga_, now_, 0};
    const auto children = active_in(turn, parent);
    if (children.size() != expected)
      return refuse("/active",
                    (parent ? "state '" + to_.at(*parent).name + "'" : "the new version") +
                        " has " + std::to_string(expected) + " regions, and the saga is in " +
                        std::to_string(children.size()) + " of them",
                    "MIGRATE_REGIONS");
    for (const StateIndex child : children)
      if (!to_.at(child).initials.empty()) regions(child, to_.at(child).initials.size());
  }

  void timers() {
    for (auto& timer : saga_.timers) {
      timer.state = state(timer.state, "/timers");
      const auto timed = std::count_if(
          to_.transitions.begin(), to_.transitions.end(), [&](const Transition& transition) {
            return transition.source == timer.state && transition.trigger == TriggerKind::after;
          });
      if (timer.ordinal >= static_cast<std::size_t>(timed))
        refuse("/timers", "state '" + to_.at(timer.state).name + "' waits for time no more",
               "MIGRATE_TIMER");
    }
  }

  /// An effect that stands must not lose its undo.
  void log() {
    saga_.log.change_all([&](LogEntry& entry) {
      const bool undoable = needs_undo(from_, entry);
      const std::string id = from_.at(entry.step).id;
      entry.step = step(entry.step, "/log");
      if (findings_.empty() && undoable && !needs_undo(to_, entry))
        refuse("/log", "step '" + id + "' took effect and would lose its undo", "MIGRATE_UNDO");
      if (findings_.empty() && entry.confirmed && to_.at(entry.step).kind == StepKind::pivot)
        saga_.pivot_passed = true;
    });
    saga_.unlogged_runs.clear();
    for (const auto& [old, runs] : old_.unlogged_runs)
      saga_.unlogged_runs[step(old, "/unloggedRuns")] = runs;
  }

  void pending() {
    for (auto& one : saga_.pending) {
      one.step = step(one.step, "/pending");
      if (!findings_.empty()) continue;
      const Step& target = to_.at(one.step);
      if (one.phase == Phase::undo && !target.undo)
        refuse("/pending", "step '" + target.id + "' is being undone and has no undo",
               "MIGRATE_UNDO");
      if (one.phase == Phase::probe && !target.probe)
        refuse("/pending", "step '" + target.id + "' is being asked about and has no probe",
               "MIGRATE_PROBE");
      // Under a known key another body would be another request, unless nothing came of the first.
      const bool idle = one.wait != Pending::Wait::reply;
      one.remake = idle && (one.phase == Phase::undo || !one.possibly_executed);
    }
  }

  void events() {
    for (auto& kept : saga_.kept) {
      const auto index = to_.find_event(from_.at(kept.event));
      if (!index)
        refuse("/kept", "the new version has no event '" + from_.at(kept.event) + "'",
               "MIGRATE_EVENT");
      kept.event = index.value_or(EventIndex{});
    }
  }

  void loops() {
    saga_.loops.clear();
    for (const auto& [old, loop] : old_.loops) saga_.loops[step(old, "/loops")] = loop;
  }

  void data() {
    if (map_ == nullptr || !map_->data || !findings_.empty()) return;
    const auto made = evaluate(map_->data, SagaView(from_, old_, now_));
    if (!made)
      refuse("/data", "the new data cannot be made: " + made.error().message, "MIGRATE_DATA");
    else if (!made->value().is_object())
      refuse("/data", "the new data must be an object", "MIGRATE_DATA");
    else
      saga_.data = *made;
  }

  /// A state that has learned to wait for time does so from now on.
  void new_timers(Turn& turn) {
    std::vector<StateIndex> begun;
    const auto timed = [&](StateIndex old) {
      return std::any_of(
          from_.transitions.begin(), from_.transitions.end(), [&](const Transition& transition) {
            return transition.source == old && transition.trigger == TriggerKind::after;
          });
    };
    for (const StateIndex leaf : old_.active)
      for (std::optional<StateIndex> at = leaf; at; at = from_.at(*at).parent) {
        if (timed(*at) || saga_.unwind) continue;
        const StateIndex now = state(*at, "/active");
        if (std::find(begun.begin(), begun.end(), now) == begun.end())
          begin_timers(turn, begun.emplace_back(now));
      }
  }

  Decision decide() {
    Turn turn{to_, saga_, now_, 0};
    turn.note({.kind = HistoryKind::migrated,
               .message = "from version " + std::to_string(from_.ref.version) + " to " +
                          std::to_string(to_.ref.version)});
    new_timers(turn);
    saga_.stuck_reason.clear();
    settle(turn);
    update_status(turn);
    ++saga_.revision;
    saga_.updated = now_;
    Decision decision;
    decision.history = std::move(turn.history);
    decision.effects = std::move(turn.effects);
    decision.instance = std::move(saga_);
    decision.changed = true;
    assert_invariants(to_, decision);
    return decision;
  }

  const Definition& from_;
  const Definition& to_;
  const Instance& old_;
  Timestamp now_;
  Instance saga_;
  const Migration* map_ = nullptr;
  std::vector<Finding> findings_;
};

}  // namespace

Result<Decision> migrate(const Definition& from, const Definition& to, const Instance& instance,
                         Timestamp now) {
  if (is_end(instance.status))
    return Error{
        ErrorCode::action_not_allowed,
        "The saga has ended; its status is '" + std::string(name_of(instance.status)) + "'.",
        "Only sagas that have not ended can be migrated.",
        {}};
  if (from.ref.name != to.ref.name || from.ref.version == to.ref.version)
    return Error{ErrorCode::invalid_argument,
                 "A saga of '" + from.ref.name + "' version " + std::to_string(from.ref.version) +
                     " cannot become one of '" + to.ref.name + "' version " +
                     std::to_string(to.ref.version) + ".",
                 "Name another version of the same definition.",
                 {}};
  return Migrator(from, to, instance, now).run();
}

}  // namespace skald
