#pragma once

#include <optional>
#include <string>

#include "engine/model/registry.hpp"
#include "engine/orchestrator/command.hpp"

namespace skald::http {

/// The start that `body` describes, with `key` as its idempotency key, or, where no header can give
/// it (null), with its member `idempotencyKey`. Error: everything that is wrong with it.
[[nodiscard]] Result<StartRequest> read_start(const Registry& definitions, const Json& body,
                                              std::optional<std::string> key);

}  // namespace skald::http
