#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/core/apply.hpp"
#include "engine/core/resume.hpp"
#include "engine/model/codec.hpp"

namespace skald::test {

inline Outcome done(std::string output = "{}") {
  return Done{Json::from_stored(std::move(output))};
}
inline Outcome refused(std::string code = "refused") { return Failed{code, "as told", false, {}}; }
inline Outcome defect() { return Failed{"", "HTTP 400", true, {}}; }
inline Outcome lost() { return Unknown{"timeout", std::nullopt, true}; }
inline Outcome unreachable() { return Unknown{"no route", std::nullopt, false}; }
inline Outcome busy() { return StillWorking{std::nullopt}; }

/// Drives one saga through apply(): keeps the time, answers calls by a script, fires what is due.
/// After every transition the saga is stored and read back, so each test also proves persistence.
class Driver {
 public:
  /// How attempts end: "debit" names the step's call, "undo debit" its undo; the n-th attempt ends
  /// as the n-th outcome, later ones as the last. What is not named is done.
  using Script = std::map<std::string, std::vector<Outcome>>;

  explicit Driver(Definition of, Script how = {}, std::string_view input = "{}")
      : definition(std::move(of)), script(std::move(how)) {
    saga.id = SagaId{"saga-1"};
    saga.definition = definition.ref;
    saga.input = *Json::parse(input);
  }

  Decision send(Event event) {
    Decision decision = apply(definition, saga, event, now);
    CHECK(decision.changed == (decision.instance.revision == saga.revision + 1));
    saga = decision.instance;
    for (const auto& effect : decision.effects) take(effect);
    for (const auto& entry : decision.history) take(entry);
    persist();
    return decision;
  }
  template <class What>
  Decision send(What what) {
    return send(Event{std::move(what), entropy});
  }
  Decision start() { return send(Start{}); }

  /// Answers the call to `what` that is in flight, e.g. "debit" or "undo debit".
  Decision answer(const std::string& what, Outcome outcome) {
    const auto call = std::find_if(in_flight.begin(), in_flight.end(),
                                   [&](const Call& c) { return name(c) == what; });
    REQUIRE_MESSAGE(call != in_flight.end(), what, " is not in flight");
    const Call answered = *call;
    in_flight.erase(call);
    return send(Reply{answered.step, answered.run, answered.phase, answered.attempt, outcome});
  }

  /// Lets the time come at which the next retry is due, and tells the saga.
  bool tick() {
    Instance timed = saga;
    timed.deadline.reset();
    const auto due = next_due(timed);
    if (!due) return false;
    now = std::max(now, *due);
    return send(Tick{}).changed;
  }

  /// Starts, if need be, answers by the script and fires retries until nothing moves by itself.
  Status run() {
    if (saga.revision == 0) start();
    for (int moves = 0; moves < 10'000; ++moves) {
      if (in_flight.empty() && !tick()) return saga.status;
      if (!in_flight.empty()) answer(name(in_flight.front()), scripted(in_flight.front()));
    }
    FAIL("the saga does not come to rest");
    return saga.status;
  }

  [[nodiscard]] std::string name(const Call& call) const {
    const std::string prefix =
        call.phase == Phase::forward ? "" : std::string(name_of(call.phase)) + " ";
    return prefix + definition.at(call.step).id;
  }

  Definition definition;
  Script script;
  Instance saga;
  Timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  std::uint64_t entropy = std::uint64_t{1} << 63;  ///< the middle: no jitter
  std::deque<Call> in_flight;
  std::vector<std::string> calls;     ///< every attempt, in order
  std::vector<std::string> states;    ///< entered, in order
  std::vector<HistoryKind> kinds;     ///< of the whole history
  std::vector<HistoryEntry> history;  ///< all of it
  std::vector<std::string> alarms;
  std::vector<Status> ends;

 private:
  Outcome scripted(const Call& call) const {
    const auto found = script.find(name(call));
    if (found == script.end()) return done();
    const auto& outcomes = found->second;
    return outcomes[std::min<std::size_t>(call.attempt, outcomes.size()) - 1];
  }

  void take(const Effect& effect) {
    if (const auto* call = std::get_if<Call>(&effect)) {
      calls.push_back(name(*call));
      in_flight.push_back(*call);
    }
    if (const auto* alarm = std::get_if<Alarm>(&effect)) alarms.push_back(alarm->reason);
    if (const auto* ended = std::get_if<Ended>(&effect)) ends.push_back(ended->status);
  }

  void take(const HistoryEntry& entry) {
    kinds.push_back(entry.kind);
    history.push_back(entry);
    if (entry.kind == HistoryKind::entered) states.push_back(entry.state);
  }

  void persist() {
    const std::string stored = encode_instance(definition, saga);
    auto read = decode_instance(definition, stored);
    REQUIRE_MESSAGE(read.ok(), stored);
    CHECK(encode_instance(definition, *read) == stored);
    CHECK(next_due(*read) == next_due(saga));
    std::multiset<std::pair<std::string, std::uint32_t>> again, outstanding;
    for (const auto& call : resume(*read)) again.emplace(name(call), call.attempt);
    if (!saga.paused && !is_end(saga.status))  // nothing is sent for these, not even again
      for (const auto& call : in_flight) outstanding.emplace(name(call), call.attempt);
    CHECK(again == outstanding);
    saga = std::move(*decode_instance(definition, stored));
  }
};

/// The names of the active states.
inline std::string where(const Driver& driver) {
  std::string names;
  for (const StateIndex state : driver.saga.active)
    names += (names.empty() ? "" : " ") + driver.definition.at(state).name;
  return names;
}

}  // namespace skald::test
