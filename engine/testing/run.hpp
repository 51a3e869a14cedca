#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/testing/judge.hpp"
#include "engine/testing/readings.hpp"
#include "engine/testing/trace.hpp"

namespace skald::testing {

/// One saga from its start to its end, in virtual time: a small shell around the core, as the
/// orchestrator is one. After every transition the saga is stored and read back. Everything is
/// fixed (id, time, randomness), so the same options give the same run.
class Run {
 public:
  struct Options {
    Json input;
    World::Options world;
    /// Sends each signal that a saga waits for when nothing else moves; one that unwinds it, when
    /// time does not move it either.
    bool send_signals = false;
    std::map<std::string, Json, std::less<>> payloads;  ///< by signal; else made from its schema
    Readings* readings = nullptr;  ///< shared with other runs of this definition, or none
    Timestamp start{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  };

  /// Starts the saga. `definition` must outlive the run.
  Run(const Definition& definition, Options options);

  /// The next thing that happens by itself: a reply, a signal, time. False: nothing does.
  bool move();

  /// Whether move() has something to do without letting time pass.
  [[nodiscard]] bool ready() const;

  /// When time is the next to do something; none: never.
  [[nodiscard]] std::optional<Timestamp> due() const;

  /// Something from outside.
  Decision send(const Event& event);

  /// The node goes down and comes back. What was in flight had `arrived` at the participants, or
  /// had not been sent.
  void crash(bool arrived);

  /// Lets time pass to `time`, before any reply that is on its way.
  void pass_until(Timestamp time);

  /// Nothing is broken from now on; an operator retries what is stuck, and has undone what cannot
  /// be retried. False: there was nothing to do.
  bool rescue();

  /// Everything on its way arrives, and the run is judged.
  void finish();

  [[nodiscard]] const Instance& saga() const { return saga_; }
  [[nodiscard]] const World& world() const { return world_; }
  [[nodiscard]] const std::vector<TraceLine>& trace() const { return trace_; }
  [[nodiscard]] const std::vector<std::string>& broken() const { return judge_.broken(); }
  [[nodiscard]] std::uint32_t commits() const { return commits_; }
  [[nodiscard]] Duration elapsed() const { return now_ - options_.start; }
  [[nodiscard]] Timestamp now() const { return now_; }
  [[nodiscard]] Timestamp start() const { return options_.start; }
  [[nodiscard]] bool was_stuck() const { return was_stuck_; }
  /// Why it was stuck with nothing that an operator could retry: its table has led it astray.
  [[nodiscard]] const std::string& dead_end() const { return dead_end_; }
  /// Why a request that must go through could not be made, the first time. An operator was needed,
  /// and no participant had failed it.
  [[nodiscard]] const std::string& unmade() const { return unmade_; }
  /// Every attempt that was asked for, in order.
  [[nodiscard]] const std::vector<Call>& calls() const { return calls_; }

 private:
  /// A reply that takes its time.
  struct Slow {
    Call call;
    Outcome outcome;
    Timestamp due;
  };

  void reply(const Call& call, const Outcome& outcome);
  /// One that comes late or again; it must not move the saga.
  void reply_stale(const Call& call, const Outcome& outcome, const char* what);
  bool answer();
  bool answer_slow();
  bool signal(bool unwinding);
  bool pass();
  Decision apply_event(const Event& event, bool stale);
  void take(const Decision& decision);
  void store();

  const Definition& definition_;
  Options options_;
  World world_;
  Judge judge_;
  Instance saga_;
  Timestamp now_;
  std::deque<Call> in_flight_;
  std::vector<Slow> slow_;
  std::vector<std::pair<Call, Outcome>> late_;
  std::set<std::pair<std::vector<StateIndex>, std::string>> signalled_;
  std::vector<TraceLine> trace_;
  std::vector<Call> calls_;
  std::uint32_t commits_ = 0;
  bool was_stuck_ = false;
  std::string dead_end_;
  std::string unmade_;
};

/// Why `saga`, which does not move by itself, does not: "it is stuck: …", "it waits in state …".
[[nodiscard]] std::string why_at_rest(const Definition& definition, const Instance& saga);

}  // namespace skald::testing
