#pragma once

#include <string>
#include <vector>

#include "engine/core/apply.hpp"

namespace skald::test {

/// What really became of one step at its participant, and what the saga was told about it.
///
/// Participants keep the barrier of the wire contract: one effect per idempotency key, the same
/// answer to a repeated request, and after an undo or a refusal a late request has no effect.
struct Deed {
  bool called = false;          ///< the first attempt of the call was made
  bool undo_called = false;     ///< the first attempt of the undo was made
  bool possible = false;        ///< the saga must reckon with an effect
  bool happened = false;        ///< the effect took place at some time
  bool stands = false;          ///< the effect is there now
  bool loose = false;           ///< a request of unknown fate may still take effect
  bool closed = false;          ///< refused or undone: no later request takes effect
  bool confirmed = false;       ///< the saga was told, by reply or operator, that it is done
  bool undo_confirmed = false;  ///< the saga was told, by reply or operator, that it is undone
  bool waived = false;          ///< an operator skipped the call
  bool undo_waived = false;     ///< an operator skipped the undo
  bool defect = false;          ///< a defect was reported for it
  friend bool operator==(const Deed&, const Deed&) = default;
};

/// The kinds of things that can happen to a saga, for the coverage table.
enum class Kind {
  done,
  refused,
  defect,
  lost,         ///< unknown, possibly executed
  unreachable,  ///< unknown, certainly not executed
  busy,         ///< still working
  too_long,     ///< still working, beyond the patience
  undo_done,
  undo_refused,
  undo_defect,
  undo_lost,
  undo_unreachable,
  undo_busy,
  undo_too_long,
  late,        ///< a reply to an older attempt
  repeated,    ///< the last reply once more
  tick_early,  ///< a tick with nothing due
  tick,        ///< a retry is due
  deadline,
  retry,
  skip_done,
  skip_failed,
  skip_skipped,
  compensate,
  cancel,
  restart,  ///< the node restarts and asks again for what was in flight
};
inline constexpr int kinds = static_cast<int>(Kind::restart) + 1;
[[nodiscard]] std::string_view name_of(Kind kind);

/// A saga in the middle of something, with the truth at its participants.
struct Situation {
  Instance saga;
  std::vector<Deed> deeds;  ///< by StepIndex
  bool cancel_asked = false;
  bool compensate_asked = false;
};

/// One thing that could happen next.
struct Move {
  Kind kind{};
  std::string label;    ///< for a person
  Situation situation;  ///< with the participants' part of the move done, the saga's not yet
  Event event;
  Timestamp now;
  bool healthy = false;  ///< what happens when nothing is broken any more
  bool inert = false;    ///< must not change the saga
};

/// The time at which every situation of the exploration is looked at.
inline constexpr Timestamp epoch{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

/// The first move of all.
[[nodiscard]] Move start_of(const Definition& definition, std::string input);

/// Everything that could happen in `from`.
[[nodiscard]] std::vector<Move> moves_from(const Definition& definition, const Situation& from);

}  // namespace skald::test
