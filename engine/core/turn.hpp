#pragma once

#include <deque>
#include <string>
#include <vector>

#include "engine/model/effect.hpp"
#include "engine/model/event.hpp"
#include "engine/model/history.hpp"

namespace skald::core {

/// An event a step's outcome raises, on its way to the active states.
struct Raised {
  EventIndex event{};
  std::string code;
  Json payload;
  /// The call whose failure raised it: if no state handles the event, the saga unwinds because of
  /// it.
  std::optional<Pending> failed;
  std::string reason;  ///< of the failure, for a person
};

/// One run of apply(): the saga being moved, and what has come of it so far.
struct Turn {
  const Definition& definition;
  Instance& saga;
  const Timestamp now;
  const std::uint64_t entropy;
  std::vector<Effect> effects;
  std::vector<HistoryEntry> history;
  std::deque<Raised> raised;

  [[nodiscard]] SagaView view() const { return {definition, saga}; }
  void note(HistoryEntry entry) { history.push_back(std::move(entry)); }
};

/// Whether undoing is under way: replies are recorded, but no transition is taken.
[[nodiscard]] inline bool unwinding(const Turn& turn) {
  return turn.saga.unwind && !turn.saga.unwind->finished;
}

}  // namespace skald::core
