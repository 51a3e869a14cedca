#pragma once

#include <optional>
#include <vector>

#include "engine/model/effect.hpp"
#include "engine/model/error.hpp"
#include "engine/model/event.hpp"
#include "engine/model/history.hpp"

namespace skald {

/// What an event made of a saga.
struct Decision {
  Instance instance;             ///< as it is now; as it was, when refused or unchanged
  bool changed = false;          ///< a transition took place: store it, then carry out `effects`
  std::optional<Error> refusal;  ///< why an operator's or client's event was not accepted
  std::vector<Effect> effects;   ///< to be carried out once the transition is durable
  std::vector<HistoryEntry> history;  ///< what happened, in order
};

/// Moves one saga by one event. The heart of the engine: pure, so the same arguments always give
/// the same decision, and every shell (production, tests, simulation) runs the same code.
///
/// A reply that names no attempt under way, or a tick with nothing due, changes nothing.
[[nodiscard]] Decision apply(const Definition& definition, Instance instance, const Event& event,
                             Timestamp now);

}  // namespace skald
