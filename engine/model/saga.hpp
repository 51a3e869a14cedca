#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

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

enum class Phase { forward, undo };
[[nodiscard]] std::string_view name_of(Phase phase);

/// Whether the effect of a step that ran is still there.
enum class UndoState {
  standing,        ///< the effect stands
  undone,          ///< the participant confirmed the undo
  undone_by_hand,  ///< an operator confirmed it
  skipped,         ///< an operator decided to leave the effect, with a reason
};

/// One entry of the completion log: a step that ran, or may have run.
struct LogEntry {
  StepIndex step{};
  std::uint32_t run = 1;  ///< which run of this step in this saga, from 1
  bool confirmed = true;  ///< false: it may have run (its outcome stayed unknown)
  Json input;             ///< the body that was sent
  Json output;            ///< what was answered; null when not confirmed
  UndoState undo = UndoState::standing;
  Timestamp at;  ///< when the outcome was recorded
};

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
  Timestamp begun;         ///< first attempt, or last retry by hand; patience counts from it
  Timestamp since;         ///< of the present wait
  Timestamp until;         ///< when wait is `retry`
  std::string last_error;  ///< why the last attempt did not settle it; empty at first
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

/// One running or ended instance of a definition: everything needed to go on, and nothing else.
struct Instance {
  SagaKey key{};
  SagaId id;
  DefinitionRef definition;
  std::string business_key;
  std::map<std::string, std::string> tags;
  Json input;
  Json data;  ///< what native actions stored; null until the first one ran
  Status status = Status::running;
  std::vector<StateIndex> active;  ///< the innermost active state of each region, in region order
  std::vector<LogEntry> log;       ///< in completion order
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
};

}  // namespace skald
