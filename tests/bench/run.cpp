#include "tests/bench/run.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "engine/orchestrator/log.hpp"
#include "tests/bench/child.hpp"

namespace skald::bench {

namespace {

using namespace std::chrono_literals;

/// The longest that one run may take: it hangs then.
constexpr auto patience = 900s;

}  // namespace

std::filesystem::path Context::fresh(const std::string& name) const {
  const auto path = directory / name;
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  return path;
}

void Context::say(const std::string& what) const {
  std::fprintf(stderr, "      %s\n", what.c_str());
}

Measured run_here(const Workload& workload, const RunOptions& options) {
  log::set_level(log::Level::error);
  const CountedVfs disk(options.slow_disk);
  Context context{.scale = options.scale, .directory = options.directory, .disk = disk};
  const auto span = context.pick(50ms, 300ms, 500ms);
  context.calibration = calibrate(workload.probes, options.directory, span, options.slow_disk);
  context.measured.calibration = figures_of(context.calibration);
  workload.run(context);
  return std::move(context.measured);
}

Measured run_apart(const Workload& workload, const RunOptions& options) {
  Child child("workload", {{"name", workload.name},
                           {"scale", static_cast<int>(options.scale)},
                           {"directory", options.directory.string()},
                           {"slowDisk", options.slow_disk.count()}});
  const auto until = std::chrono::steady_clock::now() + patience;
  if (const auto said = child.hear(patience)) return measured_from(*said);
  Measured measured;
  const bool hung = std::chrono::steady_clock::now() >= until;
  child.kill();  // changes nothing where it has ended by itself
  measured.failures.push_back(hung ? "it hung"
                                   : "it ended with code " + std::to_string(child.wait()));
  return measured;
}

int play_workload(const nlohmann::json& parameters) {
  const auto* workload = workload_named(parameters.at("name").get<std::string>());
  if (workload == nullptr) return 2;
  const RunOptions options{static_cast<Scale>(parameters.at("scale").get<int>()),
                           parameters.at("directory").get<std::string>(),
                           std::chrono::milliseconds(parameters.at("slowDisk").get<int>())};
  say_to_parent(to_json(run_here(*workload, options)));
  return 0;
}

}  // namespace skald::bench
