#pragma once

#include "engine/core/turn.hpp"
#include "engine/model/result.hpp"

/// Values and conditions are the user's: what they throw becomes an error, and never more.
namespace skald::core {

/// What `value` makes of the saga. Error: invalid_argument, why it cannot be made.
[[nodiscard]] Result<Json> evaluate(const Value& value, const SagaView& saga);
[[nodiscard]] Result<Json> evaluate(const Value& value, const SagaView& saga,
                                    const EventView& event);

/// The same as text; numbers and booleans as JSON writes them. Error: it is null or structured.
[[nodiscard]] Result<std::string> evaluate_text(const Value& value, const SagaView& saga);

/// An RFC 3339 instant, or a duration ("90s", "1h30m", a number of milliseconds) from `now` on.
[[nodiscard]] Result<Timestamp> instant_of(const nlohmann::json& value, Timestamp now);

/// What a guard or action sees of `event`.
[[nodiscard]] EventView view_of(const Turn& turn, const Raised& event);

}  // namespace skald::core
