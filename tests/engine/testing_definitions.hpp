#pragma once

#include "engine/model/definition.hpp"

/// Sagas that can be unwound, to be broken by tests.
namespace skald::test {

/// Waits for the signal "approved" or, after a day, for nobody; then books (undo), then pays
/// (pivot). Its deadline is three days.
[[nodiscard]] Definition approval();

/// Books (undo, and a probe that asks whether it was booked), then pays (pivot).
[[nodiscard]] Definition probing();

/// Reserves each item of a list, two at once (undo), then pays (pivot).
[[nodiscard]] Definition listing();

/// Two carriers are asked side by side (undo each); the first to answer gets it, the other is not
/// needed; then pays (pivot).
[[nodiscard]] Definition racing();

}  // namespace skald::test
