#include "engine/testing/judge.hpp"

#include <algorithm>

namespace skald::testing {

namespace {

bool only_goes_forward(const Step& step) {
  return step.kind == StepKind::retriable || step.kind == StepKind::readonly;
}

const LogEntry* entry_of(const Instance& saga, StepIndex step, std::uint32_t run) {
  const auto found = std::find_if(saga.log.begin(), saga.log.end(), [&](const LogEntry& entry) {
    return entry.step == step && entry.run == run;
  });
  return found == saga.log.end() ? nullptr : &*found;
}

bool is_open(const Definition& definition, const LogEntry& entry) {
  return entry.undo == UndoState::standing && definition.at(entry.step).undo.has_value() &&
         !only_goes_forward(definition.at(entry.step));
}

/// Whether an operator has let some effect stay.
bool waived(const Instance& saga) {
  return std::any_of(saga.log.begin(), saga.log.end(),
                     [](const LogEntry& entry) { return entry.undo == UndoState::skipped; });
}

}  // namespace

void Judge::broke(std::string what) {
  if (std::find(broken_.begin(), broken_.end(), what) == broken_.end())
    broken_.push_back(std::move(what));
}

void Judge::broke(StepIndex step, const std::string& what) {
  broke("'" + definition_.at(step).id + "' " + what);
}

void Judge::decided(const Instance& before, const Decision& decision, bool stale) {
  const Instance& saga = decision.instance;
  if (stale && decision.changed) broke("a reply that was late or came twice moved the saga");
  if (is_end(before.status) && decision.changed) broke("an end was not final");
  if (decision.changed != (saga.revision == before.revision + 1))
    broke("a transition has no revision of its own");
  if (decision.refusal && decision.changed) broke("a refused request changed the saga");
  std::vector<const Call*> calls;
  for (const auto& effect : decision.effects)
    if (const auto* call = std::get_if<Call>(&effect)) calls.push_back(call);
  // The history has the calls in the same order, and tells which came after the unwinding began.
  std::size_t next = 0;
  for (const auto& entry : decision.history) {
    unwinding_ = unwinding_ || entry.kind == HistoryKind::unwinding;
    if (entry.kind == HistoryKind::called && next < calls.size()) called(saga, *calls[next++]);
  }
  if (next != calls.size()) broke("the history does not tell every call");
}

void Judge::called(const Instance& saga, const Call& call) {
  Request& request = requests_[idempotency_key(definition_, saga.id, call)];
  if (is_end(saga.status)) broke(call.step, "was called after the end");
  if (request.attempt > 0 && (request.body != call.body || request.address != call.address))
    broke(call.step, "was asked for something else under the same idempotency key");
  if (request.attempt > 0 && call.attempt <= request.attempt)
    broke(call.step, "had an attempt whose number did not rise");
  request = {call.body, call.address, call.attempt};
  if (call.phase == Phase::forward) called_forward(saga, call);
  if (call.phase == Phase::undo) called_undo(saga, call);
}

void Judge::called_forward(const Instance& saga, const Call& call) {
  if (!unwinding_) return;
  // What was accepted before is asked again until its outcome is known.
  const auto asked = [&](const Pending& p) {
    return p.step == call.step && p.run == call.run && p.still_working;
  };
  if (std::any_of(saga.pending.begin(), saga.pending.end(), asked)) return;
  if (saga.unwind && !saga.unwind->finished) broke(call.step, "ran while the saga was unwinding");
  if (!only_goes_forward(definition_.at(call.step)))
    broke(call.step, "ran after the unwinding, and is neither retriable nor readonly");
}

void Judge::called_undo(const Instance& saga, const Call& call) {
  const LogEntry* entry = entry_of(saga, call.step, call.run);
  if (entry == nullptr) return broke(call.step, "is undone although it cannot have run");
  if (entry->undo != UndoState::standing) broke(call.step, "is undone twice");
  if (saga.pivot_passed && !entry->abandoned) broke(call.step, "is undone after the pivot");
  if (call.attempt == 1 && !entry->abandoned) in_order(saga, *entry);
}

/// Everything that completed later is settled; or, where an operator is waited for meanwhile, may
/// be left.
void Judge::in_order(const Instance& saga, const LogEntry& entry) {
  if (definition_.unwind_order == UnwindOrder::parallel) return;
  const auto held = [&](const LogEntry& other) {
    return definition_.on_undo_failure == OnUndoFailure::continue_with &&
           std::any_of(saga.pending.begin(), saga.pending.end(), [&](const Pending& p) {
             return p.step == other.step && p.run == other.run && p.wait == Pending::Wait::hand;
           });
  };
  const bool reverse = definition_.unwind_order == UnwindOrder::reverse;
  bool later = false;
  for (const auto& other : saga.log) {
    if (&other == &entry) {
      later = true;
      continue;
    }
    const auto& needs = definition_.at(other.step).depends_on;
    const bool first =
        reverse ? later : std::find(needs.begin(), needs.end(), entry.step) != needs.end();
    if (first && is_open(definition_, other) && !held(other))
      broke(entry.step, "is undone before '" + definition_.at(other.step).id + "', which " +
                            (reverse ? "completed later" : "builds on it"));
  }
}

void Judge::rested(const Instance& saga, const World& world) {
  for (const auto& [key, deed] : world.deeds()) this->deed(saga, deed);
  const bool claims = saga.status == Status::compensated || saga.status == Status::cancelled ||
                      saga.status == Status::failed;
  if (claims && waived(saga)) broke("it claims an undo that an operator skipped");
  if (saga.status == Status::stuck && saga.stuck_reason.empty())
    broke("it is stuck and does not say why");
}

void Judge::deed(const Instance& saga, const Deed& deed) {
  const Step& step = definition_.at(deed.step);
  const LogEntry* entry = entry_of(saga, deed.step, deed.run);
  if (deed.effects > 1)
    broke(deed.step, "took effect " + std::to_string(deed.effects) + " times under one key");
  if (deed.undone > 1)
    broke(deed.step, "was undone " + std::to_string(deed.undone) + " times under one key");
  if (!is_end(saga.status) || only_goes_forward(step)) return;
  if (saga.status == Status::completed) return completed(deed, entry);
  const bool excused = saga.status == Status::terminated || saga.pivot_passed ||
                       (step.kind == StepKind::compensatable && !step.undo);
  if (deed.stands && !excused)
    broke(deed.step,
          "has an effect that stands, and the saga ended as " + std::string(name_of(saga.status)));
}

void Judge::completed(const Deed& deed, const LogEntry* entry) {
  const Step& step = definition_.at(deed.step);
  const bool abandoned = entry != nullptr && entry->abandoned;
  if (deed.undos > 0 && !abandoned) broke(deed.step, "was undone, and the saga completed");
  if (deed.stands && entry == nullptr)
    broke(deed.step, "has an effect that the completed saga knows nothing of");
  if (deed.stands && abandoned && step.undo)
    broke(deed.step, "was not needed any more and has an effect that stands");
  if (!deed.stands && entry != nullptr && entry->confirmed && !abandoned)
    broke(deed.step, "has no effect, and the completed saga was told that it has");
}

}  // namespace skald::testing
