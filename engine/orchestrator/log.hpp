#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

/// The process's log: lines on standard error. May be used from any thread. Never pass payloads,
/// headers or anything a client chose but ids: logs are read by more people than the data.
namespace skald::log {

enum class Level { debug, info, warning, error, off };

using Fields = std::initializer_list<std::pair<std::string_view, std::string>>;

/// Shows lines of this level and above. Default: info.
void set_level(Level level);

void info(std::string_view message, Fields fields = {});
void warning(std::string_view message, Fields fields = {});
void error(std::string_view message, Fields fields = {});

}  // namespace skald::log
