#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/result.hpp"
#include "engine/model/saga.hpp"

namespace skald {

/// What a history entry tells. Stored by number: new ones go to the end.
enum class HistoryKind {
  started,
  entered,        ///< a state was entered
  called,         ///< an attempt was sent
  done,           ///< a call took effect, or an undo was confirmed
  refused,        ///< a participant refused
  unknown,        ///< an attempt ended and nobody knows how
  still_working,  ///< the participant accepted and works on
  exhausted,      ///< no attempt is left
  unwinding,      ///< undoing begins
  unwound,        ///< everything needed is undone
  stuck,
  deadline_passed,
  retried,  ///< operator actions, with reason
  skipped,
  compensate_asked,
  cancel_asked,
  ended,
  timer_due,   ///< the time of a timed transition has come
  signalled,   ///< a signal came
  kept,        ///< an event waits until a state handles it
  probed,      ///< the participant was asked whether the call took effect
  parked,      ///< its table asks for an operator
  locks_held,  ///< the locks it waited for are its own
  went_on,     ///< an operator let a parked saga go on
  abandoned,   ///< what is left of a parallel state is not needed and is undone
  migrated,    ///< it goes on by another version of its definition
  paused,      ///< an operator stopped it for a while
  resumed,     ///< and let it go on
  terminated,  ///< an operator ended it as it stood
  noted,       ///< an operator's remark
};
[[nodiscard]] std::string_view name_of(HistoryKind kind);

/// One line of a saga's history. Fields that do not apply are empty.
struct HistoryEntry {
  HistoryKind kind{};
  std::string step;
  std::optional<Phase> phase;
  std::uint32_t attempt = 0;
  std::string state;
  std::string message;             ///< reason or error, for a person
  std::optional<Timestamp> until;  ///< when the next attempt is due
  Json payload;                    ///< input, body or output; null if none
  std::string actor{};             ///< who asked for it, if somebody said so
};

/// The stored form of the entries of one transition, whose time they share (see record_io.hpp).
/// `chunks`: what the row holds of the saga's completion log, see encode_chunks(); empty: nothing.
[[nodiscard]] std::string encode_history(const std::vector<HistoryEntry>& entries,
                                         std::string_view chunks = {});

/// Reads what encode_history wrote, in this program or in an older one, which wrote a JSON array.
/// Refuses, naming what is wrong, when the text is damaged.
[[nodiscard]] Result<std::vector<HistoryEntry>> decode_history(std::string_view stored);

/// What a row holds of the saga's completion log; empty: nothing.
[[nodiscard]] Result<std::string> decode_chunks_in(std::string_view stored);

}  // namespace skald
