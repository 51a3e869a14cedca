#include "tests/bench/roles.hpp"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "engine/orchestrator/log.hpp"
#include "tests/bench/child.hpp"
#include "tests/bench/run.hpp"

namespace skald::bench {

namespace {

struct Role {
  std::string_view name;
  int (*play)(const nlohmann::json&);
};

constexpr Role roles[]{
    {"echo", play_echo},         {"orders", play_orders},
    {"p5-fill", play_p5_fill},   {"p5-recover", play_p5_recover},
    {"searches", play_searches}, {"stub", play_stub},
    {"workload", play_workload},
};

/// Nothing that was started here outlives this, whatever happens to its parent.
constexpr unsigned lifetime_s = 1200;

}  // namespace

int play_role(std::string_view role, const nlohmann::json& parameters) {
  alarm(lifetime_s);
  log::set_level(log::Level::error);
  for (const auto& one : roles)
    if (one.name == role) return one.play(parameters);
  return 2;
}

}  // namespace skald::bench
