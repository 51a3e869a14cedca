#include "engine/orchestrator/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "engine/model/json.hpp"

namespace skald::log {

namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = spdlog::stderr_color_mt("skald");
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
    return made;
  }();
  return *instance;
}

/// Values are written as JSON strings, so that no id can forge a line or a field.
std::string line(std::string_view message, Fields fields) {
  std::string text(message);
  for (const auto& [name, value] : fields) {
    text.append(" ").append(name).append("=");
    append_json_string(text, value);
  }
  return text;
}

}  // namespace

void set_level(Level level) {
  switch (level) {
    case Level::debug:
      return logger().set_level(spdlog::level::debug);
    case Level::info:
      return logger().set_level(spdlog::level::info);
    case Level::warning:
      return logger().set_level(spdlog::level::warn);
    case Level::error:
      return logger().set_level(spdlog::level::err);
    case Level::off:
      return logger().set_level(spdlog::level::off);
  }
}

void info(std::string_view message, Fields fields) { logger().info("{}", line(message, fields)); }
void warning(std::string_view message, Fields fields) {
  logger().warn("{}", line(message, fields));
}
void error(std::string_view message, Fields fields) { logger().error("{}", line(message, fields)); }

}  // namespace skald::log
