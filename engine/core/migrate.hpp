#pragma once

#include "engine/core/apply.hpp"

namespace skald {

/// The saga as an instance of `to`, another version of its definition. States and steps keep their
/// names, or have the new ones that the migration from `from`'s version in `to` gives them; data is
/// kept, or made by it. What is in flight stays in flight under its old idempotency key and body; a
/// call that waits for an operator, and had no effect, is made anew when it is tried again.
///
/// Error: invalid_argument, with one finding for everything that has no place in `to`: an active
/// state, a step that ran or is under way, an undo that is still needed. Pure.
[[nodiscard]] Result<Decision> migrate(const Definition& from, const Definition& to,
                                       const Instance& instance, Timestamp now);

}  // namespace skald
