#pragma once

#include <vector>

#include "engine/orchestrator/command.hpp"

namespace skald {

/// Everything wrong with a start request, by JSON Pointer into the request document: the input
/// against the definition, and the form of id, businessKey, tags and idempotency key. Empty:
/// acceptable.
[[nodiscard]] std::vector<Finding> check_start(const StartRequest& request);

/// Why it cannot be started, with all findings; none when it can.
[[nodiscard]] std::optional<Error> why_no_start(const StartRequest& request);

/// `request` with the business key and tags that its definition makes of the input, where it gives
/// none itself.
[[nodiscard]] StartRequest completed(StartRequest request);

}  // namespace skald
