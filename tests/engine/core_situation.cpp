#include "tests/engine/core_situation.hpp"

#include <algorithm>

namespace skald::test {

namespace {

using namespace std::chrono_literals;

void normalise(Pending& pending) {
  if (pending.attempt > 0) pending.attempt = 2;
  pending.begun = pending.since = epoch;
  pending.until = epoch + 1s;
  pending.last_error = "e";
  if (pending.phase == Phase::forward) return;
  // They decide whether a call must be undone; an undo has nothing of the kind.
  pending.possibly_executed = true;
  pending.still_working = false;
}

void normalise(Instance& saga) {
  saga.revision = 1;
  saga.created = saga.updated = epoch;
  if (saga.deadline) saga.deadline = epoch + 24h;
  if (saga.ended) saga.ended = epoch;
  for (auto& pending : saga.pending) normalise(pending);
  saga.log.change_all([](LogEntry& entry) {
    entry.at = epoch;
    entry.output = Json();
    if (entry.undo == UndoState::undone_by_hand) entry.undo = UndoState::undone;
  });
  if (!saga.stuck_reason.empty()) saga.stuck_reason = "e";
  // From here on the deadline only makes a note.
  if (saga.unwind || saga.pivot_passed) saga.deadline_passed = false;
  if (!saga.unwind) return;
  saga.unwind->reason = "e";
  const auto cause = saga.unwind->cause;
  if (cause != UnwindCause::cancel && cause != UnwindCause::compensate)
    saga.unwind->cause = UnwindCause::transition;
}

bool is_pending(const Instance& saga, StepIndex step) {
  return std::any_of(saga.pending.begin(), saga.pending.end(),
                     [&](const Pending& pending) { return pending.step == step; });
}

/// While unwinding: what is undone is undone, however it was done before; what is not in the log
/// must have no effect.
void forget_how(const Step& step, StepIndex index, Situation& situation) {
  Deed& deed = situation.deeds[number(index)];
  if (is_pending(situation.saga, index)) return;
  const auto entry = situation.saga.log.find(index, 1);
  deed.waived = false;
  if (!entry) {
    deed = {.called = deed.called,
            .happened = deed.happened,
            .stands = deed.stands,
            .loose = deed.loose};
    return;
  }
  deed.confirmed = step.kind != StepKind::pivot;
  situation.saga.log.change_all([&](LogEntry& logged) {
    if (logged.step == index) logged.confirmed = deed.confirmed;
  });
  if (situation.saga.log[*entry].undo == UndoState::standing) return;
  deed.happened = deed.possible = deed.closed = true;
  if (deed.undo_waived) deed.stands = deed.loose = false;
}

bool before_pivot(const Step& step) {
  return step.kind == StepKind::compensatable || step.kind == StepKind::pivot;
}

/// After the unwinding: only whether anything was undone or left, to earn the status.
void forget_undone(const Definition& definition, Situation& situation) {
  auto& log = situation.saga.log;
  const auto first_of = [&](UndoState state) {
    return std::find_if(log.begin(), log.end(), [&](const auto& e) { return e.undo == state; });
  };
  std::vector<LogEntry> kept;
  for (const auto state : {UndoState::undone, UndoState::skipped})
    if (const auto found = first_of(state); found != log.end()) kept.push_back(*found);
  Deed all;
  for (std::size_t i = 0; i < definition.steps.size(); ++i) {
    if (!before_pivot(definition.steps[i])) continue;
    Deed& deed = situation.deeds[i];
    all.happened = all.happened || deed.happened;
    all.undo_confirmed = all.undo_confirmed || deed.undo_confirmed;
    all.undo_waived = all.undo_waived || deed.undo_waived;
    deed = Deed{.called = true, .undo_called = true, .closed = true};
  }
  // One step stands for all; which one does not matter.
  for (std::size_t i = 0; i < definition.steps.size(); ++i) {
    if (!before_pivot(definition.steps[i])) continue;
    situation.deeds[i] = all;
    for (auto& entry : kept) entry.step = static_cast<StepIndex>(i), entry.confirmed = false;
    break;
  }
  log = CompletionLog(std::move(kept));
}

/// After the pivot: only whether each settled step took place or an operator went on without it.
void forget_done(const Definition& definition, Situation& situation) {
  for (std::size_t i = 0; i < definition.steps.size(); ++i) {
    Deed& deed = situation.deeds[i];
    if (!deed.called || is_pending(situation.saga, static_cast<StepIndex>(i))) continue;
    const bool excused = !before_pivot(definition.steps[i]) && (deed.closed || deed.defect);
    if (deed.stands || deed.waived || excused)
      deed = {.called = true,
              .undo_called = deed.undo_called,
              .possible = true,
              .happened = true,
              .stands = true,
              .confirmed = true,
              .waived = true};
  }
  auto& log = situation.saga.log;
  std::vector<LogEntry> entries(log.begin(), log.end());
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.step < b.step; });
  for (auto& entry : entries) entry.confirmed = true;
  log = CompletionLog(std::move(entries));
}

char digit(auto value) { return static_cast<char>('0' + static_cast<int>(value)); }

void append(std::string& key, std::initializer_list<bool> bits) {
  int value = 0;
  for (const bool bit : bits) value = value * 2 + (bit ? 1 : 0);
  key += static_cast<char>(value);
}

void append(std::string& key, const Pending& p) {
  key += digit(number(p.step));
  key += digit(p.wait);
  key += digit(p.failures);
  append(key, {p.phase == Phase::undo, p.possibly_executed, p.still_working, p.attempt > 0});
}

}  // namespace

void normalise(const Definition& definition, Situation& situation) {
  normalise(situation.saga);
  const auto& unwind = situation.saga.unwind;
  if (unwind && unwind->finished)
    forget_undone(definition, situation);
  else if (unwind)
    for (std::size_t i = 0; i < definition.steps.size(); ++i)
      forget_how(definition.steps[i], static_cast<StepIndex>(i), situation);
  else if (situation.saga.pivot_passed)
    forget_done(definition, situation);
}

std::string key_of(const Situation& situation) {
  const Instance& saga = situation.saga;
  std::string key;
  key += digit(saga.status);
  for (const auto state : saga.active) key += digit(number(state));
  key += '/';
  for (const auto& entry : saga.log) {
    key += digit(number(entry.step));
    key += digit(entry.undo);
    key += digit(entry.confirmed);
  }
  key += '/';
  for (const auto& pending : saga.pending) append(key, pending);
  key += '/';
  if (saga.unwind) {
    key += digit(saga.unwind->cause);
    key += saga.unwind->target ? digit(number(*saga.unwind->target)) : '-';
    key += digit(saga.unwind->finished);
  }
  append(key, {saga.pivot_passed, saga.deadline_passed, saga.stuck_reason.empty(),
               situation.cancel_asked, situation.compensate_asked});
  for (const auto& d : situation.deeds) {
    append(key, {d.called, d.undo_called, d.possible, d.happened, d.stands, d.loose});
    append(key, {d.closed, d.confirmed, d.undo_confirmed, d.waived, d.undo_waived, d.defect});
  }
  return key;
}

}  // namespace skald::test
