#pragma once

#include <nlohmann/json_fwd.hpp>

#include "dsl/expr/scratch.hpp"

namespace skald::expr {

/// Puts `datum` as JSON into `out`. Decimals, timestamps and durations become text, and nothing
/// else changes its type. Gives the failure, at byte `offset`, when there is no JSON form (of an
/// optional, or a double that is not finite) or when it is larger than `scratch` has left;
/// otherwise null.
[[nodiscard]] Datum to_json(const Datum& datum, std::uint32_t offset, Scratch& scratch,
                            nlohmann::json& out);

/// The text of `datum` as string() has it; a failure for what has none.
[[nodiscard]] Datum to_text(const Datum& datum, std::uint32_t offset, Scratch& scratch);

}  // namespace skald::expr
