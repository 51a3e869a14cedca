#pragma once

#include <array>
#include <functional>
#include <string_view>

namespace skald {

/// The moments, most of them of a batch, at which dying is most interesting. tests/crash kills the
/// process at each, and a test fails when one has none.
enum class CrashPoint {
  before_commit,   ///< applied in memory, nothing durable
  after_commit,    ///< durable, nobody knows
  after_answers,   ///< clients know, participants are not called yet
  after_dispatch,  ///< participants are called, their replies are not recorded
  after_archive,   ///< old sagas are archived, and not removed yet
};

inline constexpr std::array<std::string_view, 5> crash_point_names{
    "before_commit", "after_commit", "after_answers", "after_dispatch", "after_archive"};

/// Called at each point; production passes none.
using AtCrashPoint = std::function<void(CrashPoint)>;

}  // namespace skald
