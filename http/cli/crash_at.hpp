#pragma once

#include <string>

#include "engine/model/result.hpp"
#include "engine/orchestrator/crash_points.hpp"

namespace skald::cli {

/// Reads "after_commit:3" and makes the process die, as by kill -9, the third time it comes to that
/// point. Empty text: never. Error: invalid_argument, naming the points there are.
[[nodiscard]] Result<AtCrashPoint> parse_crash_at(const std::string& text);

}  // namespace skald::cli
