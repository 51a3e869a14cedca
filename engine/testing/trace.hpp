#pragma once

#include <string>
#include <vector>

#include "engine/model/history.hpp"

namespace skald::testing {

/// One thing that happened in a run. The README of this folder lists the words.
struct TraceLine {
  std::string text;    ///< "call debit", "undone debit", "state Paid", "ended compensated"
  std::string detail;  ///< why, for a person; may be empty
  Duration at{};       ///< since the run began
  bool of_step = false;
};

/// The lines of one transition.
[[nodiscard]] std::vector<TraceLine> lines_of(const std::vector<HistoryEntry>& history,
                                              Duration at);

/// "    +1.2s  call debit (attempt 2)"
[[nodiscard]] std::string printed(const TraceLine& line);
[[nodiscard]] std::string printed(const std::vector<TraceLine>& trace);

}  // namespace skald::testing
