#pragma once

#include <vector>

#include "engine/orchestrator/command.hpp"

namespace skald {

/// Everything wrong with a start request, by JSON Pointer into the request document: the input
/// against the definition, and the form of id, businessKey, tags and idempotency key. Empty:
/// acceptable.
[[nodiscard]] std::vector<Finding> check_start(const StartRequest& request);

}  // namespace skald
