#pragma once

#include <chrono>
#include <filesystem>

namespace skald::bench {

/// How many saga transitions per second a plain loop stores in SQLite: for each one row of history
/// of 200 bytes and one saga row with a secondary index, 256 to a commit, prepared statements, WAL,
/// synchronous=FULL.
[[nodiscard]] double naive_transitions_per_second(const std::filesystem::path& directory,
                                                  std::chrono::milliseconds span);

}  // namespace skald::bench
