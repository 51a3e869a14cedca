#pragma once

#include "engine/model/definition.hpp"

namespace skald::test {

/// book (undo: unbook) → pay (pivot without undo) → mail (retriable) → Travelling.
/// A refused booking ends as Refused; a refused payment unwinds to Cancelled, from where apologise
/// (retriable) leads to Sorry. No jitter, no deadline; steps 0 book, 1 pay, 2 mail, 3 apologise.
[[nodiscard]] Definition trip();

/// Like trip, but after the payment mail and bill (both retriable) run side by side, neither
/// refusal is handled, and there is a deadline of a day.
[[nodiscard]] Definition journey();

/// The step of `definition` called `id`, to change its settings.
[[nodiscard]] Step& step(Definition& definition, std::string_view id);

}  // namespace skald::test
