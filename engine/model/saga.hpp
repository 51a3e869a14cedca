#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/completion_log.hpp"
#include "engine/model/definition.hpp"
#include "engine/model/ids.hpp"
#include "engine/model/json.hpp"
#include "engine/model/time.hpp"

namespace skald {

/// Where a saga is. The last five are ends and never change again.
enum class Status {
  running,
  compensating,  ///< unwinding, or finishing what the table does after an unwind
  paused,
  stuck,  ///< cannot move without an operator; not an end
  completed,
  compensated,  ///< every undo that was needed is confirmed
  failed,       ///< refused before anything had an effect
  cancelled,    ///< asked for, and unwound
  terminated,   ///< ended by an operator with something left as it was, for a stated reason
};

[[nodiscard]] std::string_view name_of(Status status);
[[nodiscard]] std::optional<Status> status_named(std::string_view name);
[[nodiscard]] constexpr bool is_end(Status status) { return status >= Status::completed; }

/// A step's call or undo under way.
struct Pending {
  enum class Wait {
    reply,  ///< sent (or about to be, after the commit that records this)
    retry,  ///< until `until`, then the next attempt
    hand    ///< stuck: an operator must settle it
  };
  StepIndex step{};
  std::uint32_t run = 1;
  Phase phase = Phase::forward;
  Wait wait = Wait::reply;
  std::uint32_t attempt = 0;  ///< number of the latest attempt; 0 before the first
  std::uint32_t failures =
      0;  ///< attempts with unknown outcome since begun or last retried by hand
  bool possibly_executed = false;  ///< an earlier attempt may have had an effect
  bool still_working = false;      ///< the participant accepted it and is asked again
  Json body;                       ///< the request, the same for every attempt
  HistoryPlace body_at{};
  Timestamp begun;         ///< first attempt, or last retry by hand; patience counts from it
  Timestamp since;         ///< of the present wait
  Timestamp until;         ///< when wait is `retry`
  std::string last_error;  ///< why the last attempt did not settle it; empty at first
  std::string address{};   ///< what Operation::address made; like the body
  Json item{};             ///< of a step that runs for each item: the item
  std::uint32_t redeliveries = 0;  ///< how often everything was tried again already
  bool abandoned = false;          ///< see LogEntry; when it ends it raises nothing
  bool remake = false;             ///< the body is made anew for the next attempt
  /// In phase probe: the request that is being asked about.
  Json forward_body{};
  HistoryPlace forward_body_at{};
  std::string forward_address{};
};

enum class UnwindCause { transition, step_failed, retries_exhausted, deadline, cancel, compensate };
[[nodiscard]] std::string_view name_of(UnwindCause cause);

/// An unwinding, from its cause until the last undo is settled.
struct Unwind {
  UnwindCause cause{};
  std::string reason;                ///< for a person
  std::optional<StateIndex> target;  ///< entered when everything is undone; none: the saga ends
  bool finished = false;
};

/// A transition that waits for time, since its source state was entered.
struct RunningTimer {
  StateIndex state{};
  std::uint32_t ordinal = 0;  ///< which of the timed transitions out of the state, from 0
  Timestamp due;
  bool expired = false;  ///< its time has come; the transition is taken once its guard holds
};

/// An event that came before a state handled it.
struct KeptEvent {
  EventIndex event{};
  std::string code;
  Json payload;
  Timestamp at;
  bool deferred = false;  ///< kept by `defer`, else an early signal
};

/// A step that runs for each item of a list, while it does.
struct Loop {
  Json items;
  std::uint32_t first_run = 1;  ///< of the first item
  std::uint32_t begun = 0;      ///< how many items were begun
  std::uint32_t done = 0;
  Json outputs{};  ///< of all items, in their order, once all are done
};

/// A saga that waits for an operator because its table asks for it.
struct Parking {
  std::string reason;
  StateIndex source{};               ///< where it waits
  std::optional<StateIndex> target;  ///< where it goes on
};

/// A saga that an operator has stopped for a while.
struct Paused {
  Timestamp since;
  std::string reason;
};

/// The step of another saga that this one runs for.
struct Parent {
  SagaId saga;
  std::string step;
  std::uint32_t run = 1;
  friend bool operator==(const Parent&, const Parent&) = default;
};

/// One running or ended instance of a definition: everything needed to go on, and nothing else.
struct Instance {
  SagaKey key{};
  SagaId id;
  DefinitionRef definition;
  std::string business_key;
  std::map<std::string, std::string> tags;
  Json input;
  HistoryPlace input_at;
  Json data;  ///< what native actions stored; null until the first one ran
  Status status = Status::running;
  std::vector<StateIndex> active;  ///< the innermost active state of each region, in region order
  CompletionLog log;
  /// Runs of a step that left no entry in the log (refused, or given up before they had an effect),
  /// so that every run has a number, and so an idempotency key, of its own.
  std::map<StepIndex, std::uint32_t> unlogged_runs;
  std::vector<Pending> pending;
  std::optional<Unwind> unwind;
  bool pivot_passed = false;
  bool deadline_passed = false;
  std::string stuck_reason;  ///< why it is stuck, else empty
  Timestamp created;
  Timestamp updated;
  std::optional<Timestamp> deadline;
  std::optional<Timestamp> ended;
  std::int64_t revision = 0;  ///< transitions so far; 0 before the first
  Json output;                ///< what it gave when it completed
  /// The latest failure: {"code", "message"}, of a step with "step" and, if it told more,
  /// "details"; null before any. Set from the moment an unwinding begins, whatever its cause.
  Json error;
  std::vector<RunningTimer> timers;
  std::vector<KeptEvent> kept;                 ///< in order of arrival
  std::map<StateIndex, StateIndex> histories;  ///< first state of a region → where it was left
  std::map<StepIndex, Loop> loops;
  std::optional<Parking> parking;
  std::vector<std::string> locks;  ///< business keys it holds, or waits for; sorted, no repeats
  bool locked = true;              ///< false while it waits for them, before its first state
  std::map<std::string, std::string, std::less<>> correlations;  ///< signal → key
  std::optional<Parent> parent;
  std::optional<Paused> paused;  ///< nothing is sent, and no time passes for it
};

}  // namespace skald
