#include "tests/engine/core_moves.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/resume.hpp"

namespace skald::test {

namespace {

using namespace std::chrono_literals;

const Json& output() {
  static const Json json = Json::from_stored("{}");
  return json;
}

/// Collects the moves from one situation.
class Collector {
 public:
  Collector(const Definition& definition, const Situation& from) : d_(definition), from_(from) {}

  std::vector<Move> run() {
    for (const auto& pending : from_.saga.pending) {
      const bool asked = pending.wait == Pending::Wait::reply;
      if (asked && pending.phase == Phase::forward) forward_replies(pending);
      if (asked && pending.phase == Phase::undo) undo_replies(pending);
      if (pending.wait == Pending::Wait::retry) retry_due(pending);
      if (!asked) reply(pending, Kind::repeated, Done{output()}).inert = true;
      stale_replies(pending);
    }
    if (is_end(from_.saga.status)) replies_after_the_end();
    ticks();
    operator_moves();
    restart();
    return std::move(moves_);
  }

 private:
  const std::string& id(const Pending& pending) const { return d_.at(pending.step).id; }
  Deed& deed(Move& move, StepIndex step) { return move.situation.deeds[number(step)]; }
  const Deed& deed(StepIndex step) const { return from_.deeds[number(step)]; }

  Move& add(Kind kind, std::string label, Event event, Timestamp now = epoch) {
    moves_.push_back({kind, std::move(label), from_, std::move(event), now});
    return moves_.back();
  }

  Move& reply(const Pending& p, Kind kind, Outcome outcome, std::string_view note = "") {
    const bool too_long = kind == Kind::too_long || kind == Kind::undo_too_long;
    const auto& policy = p.phase == Phase::forward ? d_.at(p.step).retry : d_.at(p.step).undo_retry;
    return add(kind, std::string(name_of(kind)) + " '" + id(p) + "'" + std::string(note),
               {Reply{p.step, p.run, p.phase, p.attempt, std::move(outcome)}},
               epoch + (too_long ? policy.patience : Duration{0}));
  }

  void forward_replies(const Pending& p) {
    const Deed& was = deed(p.step);
    if (!was.closed) {
      Move& move = reply(p, Kind::done, Done{output()});
      move.healthy = true;
      Deed& now = deed(move, p.step);
      now.possible = now.happened = now.stands = now.confirmed = true;
      now.loose = false;
    }
    if (!was.stands) {
      Move& move = reply(p, Kind::refused, Failed{"no", "e", false, {}});
      move.healthy = was.closed;
      deed(move, p.step).closed = true;
      deed(move, p.step).loose = false;
    }
    // A defect is told by whatever stands before the participant; it says nothing of earlier
    // attempts, so for a step that could be undone it is no excuse.
    Move& wrong = reply(p, Kind::defect, Failed{"", "e", true, {}});
    deed(wrong, p.step).defect = d_.at(p.step).kind == StepKind::retriable;
    lost_replies(p, was);
    reply(p, Kind::unreachable, Unknown{"e", std::nullopt, false});
    working(deed(reply(p, Kind::busy, StillWorking{}), p.step));
    working(deed(reply(p, Kind::too_long, StillWorking{}), p.step));
  }

  void lost_replies(const Pending& p, const Deed& was) {
    if (!was.closed) {
      Deed& now = deed(reply(p, Kind::lost, Unknown{"e", {}, true}, ", it happened"), p.step);
      now.possible = now.happened = now.stands = true;
      now.loose = false;
    }
    if (was.stands) return;
    Deed& now = deed(reply(p, Kind::lost, Unknown{"e", {}, true}, ", it has not happened"), p.step);
    now.possible = true;
    now.loose = !was.closed;
  }

  /// The participant accepted: the effect may come at any time.
  static void working(Deed& deed) {
    deed.possible = true;
    deed.loose = !deed.closed && !deed.stands;
  }

  void undo_replies(const Pending& p) {
    Move& move = reply(p, Kind::undo_done, Done{output()});
    move.healthy = true;
    undo(deed(move, p.step));
    reply(p, Kind::undo_refused, Failed{"no", "e", false, {}});
    reply(p, Kind::undo_defect, Failed{"", "e", true, {}});
    reply(p, Kind::undo_lost, Unknown{"e", std::nullopt, true});
    reply(p, Kind::undo_unreachable, Unknown{"e", std::nullopt, false});
    reply(p, Kind::undo_busy, StillWorking{});
    reply(p, Kind::undo_too_long, StillWorking{});
  }

  static void undo(Deed& deed) {
    deed.stands = deed.loose = false;
    deed.undo_confirmed = deed.closed = true;
  }

  /// Attempts are numbered 2 here (see Explorer), so that there is always an older one.
  void stale_replies(const Pending& p) {
    for (const Outcome& outcome : {Outcome(Done{output()}), Outcome(Failed{"no", "e", false, {}}),
                                   Outcome(Unknown{"e", {}, true})}) {
      Pending older = p;
      older.attempt = p.attempt - 1;
      reply(older, Kind::late, outcome).inert = true;
    }
  }

  void replies_after_the_end() {
    for (std::size_t i = 0; i < d_.steps.size(); ++i)
      for (const Phase phase : {Phase::forward, Phase::undo}) {
        Pending gone{.step = static_cast<StepIndex>(i), .phase = phase, .attempt = 2};
        reply(gone, Kind::late, Done{output()}).inert = true;
        reply(gone, Kind::late, Failed{"no", "e", false, {}}).inert = true;
      }
  }

  /// Lets exactly `due` come due: any order of retries is possible, because a participant may ask
  /// for any delay.
  void retry_due(const Pending& due) {
    Move& move = add(Kind::tick, "retry of '" + id(due) + "' is due", {Tick{}}, epoch + 1s);
    for (auto& pending : move.situation.saga.pending)
      pending.until = epoch + (pending.step == due.step ? 1s : 2s);
    move.healthy = true;
  }

  void ticks() {
    const Instance& saga = from_.saga;
    add(Kind::tick_early, "a tick too early", {Tick{}}).inert = true;
    const auto waiting = std::count_if(saga.pending.begin(), saga.pending.end(), [](const auto& p) {
      return p.wait == Pending::Wait::retry;
    });
    if (waiting > 1) add(Kind::tick, "all retries are due", {Tick{}}, epoch + 2s).healthy = true;
    if (!saga.deadline) return;
    const bool inert = saga.deadline_passed || is_end(saga.status);
    for (const bool with_retries : {false, true}) {
      if (with_retries && (waiting == 0 || inert)) continue;
      Move& move = add(Kind::deadline,
                       std::string("the deadline passes") + (with_retries ? ", retries due" : ""),
                       {Tick{}}, *saga.deadline);
      for (auto& pending : move.situation.saga.pending)
        pending.until = *saga.deadline + (with_retries ? 0s : 1s);
      move.inert = inert;
    }
  }

  void operator_moves() {
    add(Kind::retry, "operator: retry all", {Retry{"", "try"}}).healthy =
        from_.saga.status == Status::stuck;
    bool refused = false;
    for (const auto& step : d_.steps) {
      const auto held = waiting(step.id);
      // One step that does not wait stands for all of them.
      if (held == from_.saga.pending.end() && std::exchange(refused, true)) continue;
      add(Kind::retry, "operator: retry '" + step.id + "'", {Retry{step.id, "try"}});
      skips(step.id, held);
    }
    add(Kind::compensate, "operator: compensate", {Compensate{"asked"}})
        .situation.compensate_asked = true;
    add(Kind::cancel, "client: cancel", {Cancel{"asked"}}).situation.cancel_asked = true;
  }

  std::vector<Pending>::const_iterator waiting(const std::string& step) const {
    const auto& all = from_.saga.pending;
    return std::find_if(all.begin(), all.end(), [&](const Pending& p) {
      return id(p) == step && p.wait != Pending::Wait::reply;
    });
  }

  void skips(const std::string& step, std::vector<Pending>::const_iterator held) {
    static constexpr std::array named{Kind::skip_done, Kind::skip_failed, Kind::skip_skipped};
    const auto index = *d_.find_step(step);
    const bool waits = held != from_.saga.pending.end();
    for (const auto as : {Skip::As::done, Skip::As::failed, Skip::As::skipped}) {
      // An operator who says it had no effect has made sure of it.
      if (as == Skip::As::failed && waits && deed(index).stands) continue;
      const Kind kind = named[static_cast<std::size_t>(as)];
      Move& move = add(kind, "operator: " + std::string(name_of(kind)) + " '" + step + "'",
                       {Skip{step, as, {}, "seen"}});
      // What is refused for good goes on only when an operator gives it up.
      move.healthy =
          waits && as == Skip::As::skipped && deed(index).closed && held->phase == Phase::forward;
      if (waits) settle(deed(move, index), as, held->phase == Phase::undo);
    }
  }

  static void settle(Deed& deed, Skip::As as, bool undoing) {
    if (undoing) {
      if (as == Skip::As::done) undo(deed);
      if (as == Skip::As::skipped) deed.undo_waived = true;
      return;
    }
    if (as == Skip::As::skipped) deed.waived = true;
    if (as == Skip::As::failed) deed.closed = true;
    if (as == Skip::As::done) deed.possible = deed.happened = deed.stands = deed.confirmed = true;
    if (as != Skip::As::skipped) deed.loose = false;
  }

  /// What was in flight when the node went down may have been sent or not.
  void restart() {
    const auto in_flight = std::any_of(
        from_.saga.pending.begin(), from_.saga.pending.end(),
        [](const Pending& p) { return p.wait == Pending::Wait::reply && !p.possibly_executed; });
    if (!in_flight) return;
    for (const bool happened : {true, false}) {
      Move& move = add(Kind::restart,
                       happened ? "restart, it happened" : "restart, still on its way", {Tick{}});
      for (const auto& call : resume(move.situation.saga)) {
        Deed& now = deed(move, call.step);
        if (call.phase == Phase::undo || now.closed) continue;
        now.possible = true;
        if (happened) now.happened = now.stands = true;
        now.loose = !now.stands;
      }
    }
  }

  const Definition& d_;
  const Situation& from_;
  std::vector<Move> moves_;
};

}  // namespace

std::string_view name_of(Kind kind) {
  static constexpr std::array<std::string_view, kinds> names{"done",
                                                             "refused",
                                                             "defect",
                                                             "lost",
                                                             "unreachable",
                                                             "still working",
                                                             "working too long",
                                                             "undo done",
                                                             "undo refused",
                                                             "undo defect",
                                                             "undo lost",
                                                             "undo unreachable",
                                                             "undo still working",
                                                             "undo working too long",
                                                             "late reply",
                                                             "repeated reply",
                                                             "early tick",
                                                             "retry due",
                                                             "deadline",
                                                             "retry",
                                                             "skip as done",
                                                             "skip as failed",
                                                             "skip",
                                                             "compensate",
                                                             "cancel",
                                                             "restart"};
  return names[static_cast<std::size_t>(kind)];
}

Move start_of(const Definition& definition, std::string input) {
  Move move;
  move.label = "start";
  move.situation.saga.id = SagaId{"s"};
  move.situation.saga.definition = definition.ref;
  move.situation.saga.input = *Json::parse(input);
  move.situation.deeds.resize(definition.steps.size());
  move.event = {Start{}};
  move.now = epoch;
  return move;
}

std::vector<Move> moves_from(const Definition& definition, const Situation& from) {
  return Collector(definition, from).run();
}

}  // namespace skald::test
