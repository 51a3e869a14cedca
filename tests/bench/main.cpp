// skald-bench: how fast Skald is on this machine, in ratio to what the machine does without it.
// See README.md beside this file.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/bench/options.hpp"
#include "tests/bench/report.hpp"
#include "tests/bench/roles.hpp"
#include "tests/bench/run.hpp"

namespace {

using namespace skald::bench;

volatile std::sig_atomic_t interrupted = 0;

/// Temporary data, which goes when this does.
struct Scratch {
  explicit Scratch(const std::filesystem::path& parent)
      : path(parent / ("skald-bench-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::filesystem::path path;
};

Series measure(const Workload& workload, const Options& options,
               const std::filesystem::path& scratch) {
  Series series{workload.name, workload.what, {}};
  const RunOptions run{options.scale, scratch / workload.name, options.slow_disk};
  const int runs = workload.once && options.scale == Scale::full ? 1 : options.runs;
  std::filesystem::create_directories(run.directory);
  for (int i = 1; i <= runs && interrupted == 0; ++i) {
    std::fprintf(stderr, "%-4s run %d of %d\n", std::string(workload.name).c_str(), i, runs);
    series.runs.push_back(options.here ? run_here(workload, run) : run_apart(workload, run));
  }
  std::filesystem::remove_all(run.directory);
  return series;
}

bool all_audits_passed(const std::vector<Series>& all) {
  for (const auto& series : all)
    for (const auto& run : series.runs)
      if (!run.failures.empty()) return false;
  return interrupted == 0;
}

int run(const Options& options) {
  const Scratch scratch(options.directory);
  std::vector<Series> all;
  for (const auto* workload : options.workloads) {
    if (interrupted != 0) break;
    all.push_back(measure(*workload, options, scratch.path));
    if (options.json) continue;
    std::printf("%s", table_of(all.back()).c_str());
    std::fflush(stdout);
  }
  const auto report = report_of(all);
  if (options.json) std::printf("%s\n", report.dump(2).c_str());
  bool worse = false;
  if (!options.compare.empty()) {
    std::ifstream file(options.compare);
    const auto comparison = compare(nlohmann::json::parse(file), report);
    std::fprintf(options.json ? stderr : stdout, "%s", comparison.text.c_str());
    worse = comparison.worse;
  }
  if (!all_audits_passed(all)) return 1;
  return worse ? 3 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[1]) == "--role")
    return play_role(argv[2], nlohmann::json::parse(argv[3]));
  const auto options = read_options(argc, argv);
  if (const int* code = std::get_if<int>(&options)) return *code;
  // The data is removed and children are ended on the way out, instead of on the spot.
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { interrupted = 1; });
  return run(std::get<Options>(options));
}
