#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/orchestrator/store.hpp"

namespace skald::http {

/// The text that stands for "go on after `last`" in a list under `filter`. Opaque to clients, and
/// good for the same filter only.
[[nodiscard]] std::string page_token(SagaKey last, const SagaFilter& filter);

/// The key in a token; nothing when it is damaged or was made under another filter.
[[nodiscard]] std::optional<SagaKey> read_page_token(std::string_view token,
                                                     const SagaFilter& filter);

}  // namespace skald::http
