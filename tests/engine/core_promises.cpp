#include "tests/engine/core_promises.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "engine/core/status.hpp"

namespace skald::test {

namespace {

bool under_way(const std::optional<Unwind>& unwind) { return unwind && !unwind->finished; }

bool may_follow_pivot(const Step& step) {
  return step.kind == StepKind::retriable || step.kind == StepKind::readonly;
}

const Pending* find(const Instance& saga, StepIndex step, Phase phase) {
  for (const auto& pending : saga.pending)
    if (pending.step == step && pending.phase == phase) return &pending;
  return nullptr;
}

class Judge {
 public:
  Judge(const Definition& definition, const Instance& before, const Move& move,
        const Decision& decision, Situation& after)
      : d_(definition), before_(before), move_(move), decision_(decision), after_(after) {}

  std::vector<std::string> run() {
    transition();
    for (const auto& effect : decision_.effects)
      if (const auto* call = std::get_if<Call>(&effect)) this->call(*call);
    log();
    waiting();
    actions();
    unwound();
    if (is_end(saga().status)) end();
    return std::move(broken_);
  }

 private:
  const Instance& saga() const { return decision_.instance; }
  void promise(bool kept, const char* what) {
    if (!kept) broken_.emplace_back(what);
  }
  void promise(bool kept, StepIndex step, const char* what) {
    if (!kept) broken_.push_back("'" + d_.at(step).id + "' " + what);
  }

  /// What is counted as the log changes is what looking through it gives.
  bool counts_hold() const {
    const CompletionLog& log = saga().log;
    const CompletionLog again(std::vector<LogEntry>(log.begin(), log.end()));
    for (std::size_t i = 0; i < d_.steps.size(); ++i) {
      const auto step = static_cast<StepIndex>(i);
      const auto place = [&step](const CompletionLog& of) {
        return of.latest(step) == nullptr ? -1 : of.latest(step) - &of.front();
      };
      if (log.runs(step) != again.runs(step) || place(log) != place(again)) return false;
    }
    for (const auto undo :
         {UndoState::standing, UndoState::undone, UndoState::undone_by_hand, UndoState::skipped})
      if (log.count(undo) != again.count(undo)) return false;
    return log.any_abandoned() == again.any_abandoned();
  }

  /// S3 and S11: one revision per transition, ends are final, refusals leave nothing behind.
  void transition() {
    const bool changed = decision_.changed;
    promise(saga().revision == before_.revision + (changed ? 1 : 0), "the revision has a gap");
    promise(changed == !decision_.history.empty(), "history and change disagree");
    promise(changed || decision_.effects.empty(), "something is asked for and nothing changed");
    promise(!(move_.inert && changed), "it moved the saga and must not");
    promise(!(is_end(before_.status) && changed), "an end was not final");
    if (decision_.refusal) {
      promise(!changed, "it was refused and changed the saga");
      promise(decision_.refusal->code == ErrorCode::action_not_allowed &&
                  !decision_.refusal->hint.empty(),
              "a refusal does not say what would be right");
    }
    const auto told =
        std::count_if(decision_.effects.begin(), decision_.effects.end(),
                      [](const Effect& effect) { return std::holds_alternative<Ended>(effect); });
    const bool ended = is_end(saga().status) && !is_end(before_.status);
    promise(told == (ended ? 1 : 0), "an end is told once, when it comes");
  }

  void call(const Call& call) {
    promise(call.run == 1, call.step, "ran twice");
    Deed& deed = after_.deeds[number(call.step)];
    const Pending* old = find(before_, call.step, call.phase);
    if (old != nullptr) {
      promise(call.attempt == old->attempt + 1, call.step,
              "is tried again under a number that is not the next");
      promise(call.body == old->body, call.step, "is tried again with other content");
    } else {
      promise(call.attempt == 1, call.step, "begins with an attempt that is not number 1");
    }
    if (call.phase == Phase::undo) return undo(call, deed);
    if (call.attempt == 1) {
      promise(!deed.called, call.step, "began twice");
      deed.called = true;
      promise(!under_way(saga().unwind), call.step, "began while unwinding");
      if (saga().unwind || pivot_passed())
        promise(may_follow_pivot(d_.at(call.step)), call.step, "began too late to be undone");
    } else if (under_way(saga().unwind)) {
      promise(old != nullptr && old->still_working, call.step, "was repeated while unwinding");
    }
  }

  /// S7, S9, S10: only what may have run, in reverse completion order, one at a time, never after
  /// the pivot.
  void undo(const Call& call, Deed& deed) {
    promise(under_way(saga().unwind), call.step, "is undone and nothing unwinds");
    promise(deed.possible, call.step, "is undone and cannot have run");
    promise(!pivot_passed(), call.step, "is undone after the pivot");
    promise(saga().pending.size() == 1, call.step, "is undone while something is under way");
    if (call.attempt > 1) return;
    promise(!deed.undo_called, call.step, "is undone twice");
    deed.undo_called = true;
    bool later = false;
    for (const auto& entry : saga().log) {
      if (later && must_be_undone(entry.step))
        promise(entry.undo != UndoState::standing, call.step, "is undone before what ran after it");
      later = later || entry.step == call.step;
    }
    promise(later, call.step, "is undone and is not in the completion log");
  }

  bool must_be_undone(StepIndex index) const {
    const Step& step = d_.at(index);
    return step.undo && !may_follow_pivot(step);
  }

  bool pivot_passed() const {
    for (std::size_t i = 0; i < d_.steps.size(); ++i)
      if (d_.steps[i].kind == StepKind::pivot && after_.deeds[i].confirmed) return true;
    return false;
  }

  /// The completion log only grows, by what was done or may have been.
  void log() {
    const auto& old = before_.log;
    promise(saga().log.size() >= old.size(), "the completion log shrank");
    for (std::size_t i = 0; i < std::min(old.size(), saga().log.size()); ++i) {
      promise(saga().log[i].step == old[i].step, "the completion log changed its order");
      promise(old[i].undo == UndoState::standing || saga().log[i].undo == old[i].undo,
              "an undo was taken back");
    }
    promise(counts_hold(), "what the completion log has counted is not what is in it");
    for (std::size_t i = 0; i < saga().log.size(); ++i) {
      const auto& entry = saga().log[i];
      const Deed& deed = after_.deeds[number(entry.step)];
      promise(!entry.confirmed || deed.confirmed, entry.step, "counts as done and is not");
      if (entry.undo == UndoState::undone || entry.undo == UndoState::undone_by_hand)
        promise(deed.undo_confirmed, entry.step, "counts as undone and is not");
      if (entry.undo == UndoState::skipped)
        promise(deed.undo_waived, entry.step, "counts as skipped and is not");
    }
  }

  /// S5, S11 and L1, here and now: at most one attempt per step and phase; whoever has not ended
  /// waits for something, and who is stuck says why and raised the alarm once.
  void waiting() {
    const Instance& now = saga();
    std::set<std::pair<StepIndex, Phase>> seen;
    for (const auto& pending : now.pending)
      promise(seen.emplace(pending.step, pending.phase).second, pending.step,
              "has two attempts under way");
    const bool by_hand = std::any_of(now.pending.begin(), now.pending.end(),
                                     [](const auto& p) { return p.wait == Pending::Wait::hand; });
    const bool stuck = now.status == Status::stuck;
    promise(!by_hand || stuck, "it waits for an operator and is not stuck");
    promise(stuck == !now.stuck_reason.empty(), "stuck and its reason disagree");
    promise(is_end(now.status) || stuck || !now.pending.empty(), "it waits for nothing");
    promise(!is_end(now.status) || (now.pending.empty() && now.ended), "it ended half");
    promise(now.status != Status::running || !now.unwind, "it unwinds and says running");
    promise(now.status != Status::compensating || now.unwind, "it says compensating");
    const auto alarms =
        std::count_if(decision_.effects.begin(), decision_.effects.end(),
                      [](const Effect& effect) { return std::holds_alternative<Alarm>(effect); });
    promise(alarms == (stuck && before_.status != Status::stuck ? 1 : 0),
            "the alarm is raised once, when it becomes stuck");
  }

  /// The actions it claims to allow are those apply() accepts; who is stuck has one.
  void actions() {
    const auto claimed = allowed_actions(d_, before_);
    const auto allows = [&](std::string_view action) {
      return std::find(claimed.begin(), claimed.end(), action) != claimed.end();
    };
    const auto& what = move_.event.what;
    if (const auto* retry = std::get_if<Retry>(&what); retry && retry->step.empty())
      promise(allows("retry") == !decision_.refusal, "allowed actions are wrong about retry");
    if (std::holds_alternative<Skip>(what) && !decision_.refusal)
      promise(allows("skip"), "allowed actions are wrong about skip");
    if (std::holds_alternative<Compensate>(what))
      promise(allows("compensate") == !decision_.refusal,
              "allowed actions are wrong about compensate");
    if (std::holds_alternative<Cancel>(what))
      promise(allows("cancel") == !decision_.refusal, "allowed actions are wrong about cancel");
    if (saga().status == Status::stuck)
      promise(allowed_actions(d_, saga()).front() != "pause",
              "it is stuck and nothing would bring it on");
  }

  /// A state named after the unwinding is entered only when it is true.
  void unwound() {
    if (saga().unwind && saga().unwind->finished && under_way_before()) nothing_stands();
    promise(!saga().unwind || !saga().error.is_null(), "it unwinds and no error says why");
  }
  bool under_way_before() const { return !before_.unwind || under_way(before_.unwind); }

  void nothing_stands() {
    for (std::size_t i = 0; i < d_.steps.size(); ++i) {
      const Deed& deed = after_.deeds[i];
      if (may_follow_pivot(d_.steps[i]) || deed.undo_waived) continue;
      const auto step = static_cast<StepIndex>(i);
      promise(!deed.stands, step, "has an effect that stands");
      promise(!deed.loose, step, "may still take effect");
    }
  }

  void end() {
    const auto any = [&](bool Deed::*member) {
      return std::any_of(after_.deeds.begin(), after_.deeds.end(),
                         [&](const Deed& deed) { return deed.*member; });
    };
    switch (saga().status) {
      case Status::completed:
        return completed();
      case Status::compensated:
        promise(any(&Deed::undo_confirmed) || after_.compensate_asked, "nothing was compensated");
        promise(!any(&Deed::undo_waived), "it claims an undo that was skipped");
        return nothing_stands();
      case Status::cancelled:
        promise(after_.cancel_asked, "nobody cancelled it");
        promise(!any(&Deed::undo_waived), "it claims an undo that was skipped");
        return nothing_stands();
      case Status::failed:
        return failed();
      case Status::terminated:
        promise(any(&Deed::undo_waived), "it was terminated by nobody");
        return nothing_stands();
      default:
        promise(false, "it ended in a status that is no end");
    }
  }

  /// Nothing was undone; what had to happen did, unless an operator went on without it.
  void completed() {
    for (std::size_t i = 0; i < d_.steps.size(); ++i) {
      const Deed& deed = after_.deeds[i];
      const auto step = static_cast<StepIndex>(i);
      promise(!deed.undo_called, step, "was undone and the saga completed");
      if (!deed.called) continue;
      const bool excused = may_follow_pivot(d_.steps[i]) && (deed.closed || deed.defect);
      promise(deed.stands || deed.waived || excused, step, "did not happen and the saga completed");
    }
  }

  /// Refused before anything had an effect.
  void failed() {
    for (std::size_t i = 0; i < d_.steps.size(); ++i) {
      if (may_follow_pivot(d_.steps[i])) continue;
      const Deed& deed = after_.deeds[i];
      const auto step = static_cast<StepIndex>(i);
      promise(!deed.happened, step, "had an effect and the saga counts as failed");
      promise(!deed.loose, step, "may still take effect and the saga counts as failed");
    }
  }

  const Definition& d_;
  const Instance& before_;
  const Move& move_;
  const Decision& decision_;
  Situation& after_;
  std::vector<std::string> broken_;
};

}  // namespace

std::vector<std::string> broken_promises(const Definition& definition, const Instance& before,
                                         const Move& move, const Decision& decision,
                                         Situation& after) {
  return Judge(definition, before, move, decision, after).run();
}

}  // namespace skald::test
