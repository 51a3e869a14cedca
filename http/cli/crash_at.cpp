#include "http/cli/crash_at.hpp"

#include <charconv>
#include <csignal>
#include <memory>

namespace skald::cli {

Result<AtCrashPoint> parse_crash_at(const std::string& text) {
  if (text.empty()) return AtCrashPoint{};
  const auto colon = text.find(':');
  const std::string name = text.substr(0, colon);
  std::uint64_t times = 1;
  if (colon != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto [rest, failure] = std::from_chars(text.data() + colon + 1, end, times);
    if (failure != std::errc{} || rest != end || times == 0) times = 0;
  }
  std::string names;
  for (std::size_t i = 0; i < crash_point_names.size(); ++i) {  // NOLINT(modernize-loop-convert)
    names.append(names.empty() ? "" : ", ").append(crash_point_names[i]);
    if (crash_point_names[i] != name || times == 0) continue;
    return AtCrashPoint{[wanted = static_cast<CrashPoint>(i),
                         left = std::make_shared<std::uint64_t>(times)](CrashPoint point) {
      if (point == wanted && --*left == 0) std::raise(SIGKILL);
    }};
  }
  return Error{ErrorCode::invalid_argument,
               "'" + text + "' names no crash point.",
               "Write <point>:<count>; points: " + names + ".",
               {}};
}

}  // namespace skald::cli
