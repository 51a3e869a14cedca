#pragma once

#include <deque>
#include <string>
#include <vector>

#include "engine/model/effect.hpp"
#include "engine/model/event.hpp"
#include "engine/model/history.hpp"

namespace skald::core {

/// An event on its way to the active states.
struct Raised {
  std::optional<EventIndex> event;  ///< none: what sets anonymous transitions off
  std::string code;
  Json payload;
  /// The call whose failure raised it: if no state handles the event, the saga unwinds because of
  /// it.
  std::optional<Pending> failed;
  std::string reason;  ///< of the failure, for a person
  /// Where it comes from decides what becomes of it when no state handles it.
  enum class From { outcome, table, signal, deferred } from = From::outcome;
  std::optional<Timestamp> kept_since;  ///< when it was first put aside
  StepIndex step{};                     ///< whose outcome it is, when `go_to` is given
  std::optional<StateIndex> go_to;      ///< instead of an event: where the step says to go on
};

/// One run of apply(): the saga being moved, and what has come of it so far.
struct Turn {
  const Definition& definition;
  Instance& saga;
  const Timestamp now;
  const std::uint64_t entropy;
  std::vector<Effect> effects{};
  std::vector<HistoryEntry> history{};
  std::deque<Raised> raised{};
  bool state_changed = false;        ///< a state was entered since kept events were last tried
  std::size_t next_kept = SIZE_MAX;  ///< the kept event to be tried next; none: past the last

  [[nodiscard]] SagaView view() const { return {definition, saga, now}; }
  /// Gives where the entry stands, for values that need not be stored a second time.
  HistoryPlace note(HistoryEntry entry) {
    history.push_back(std::move(entry));
    return {saga.revision + 1, static_cast<std::uint32_t>(history.size() - 1)};
  }
};

/// Whether undoing is under way: replies are recorded, but no transition is taken.
[[nodiscard]] inline bool unwinding(const Turn& turn) {
  return turn.saga.unwind && !turn.saga.unwind->finished;
}

}  // namespace skald::core
