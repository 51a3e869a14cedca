#include "tests/bench/options.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

namespace skald::bench {

namespace {

constexpr int runs_default = 5;

std::string help_end() {
  std::string text = "Workloads:\n";
  for (const auto& one : workloads())
    text += "  " + std::string(one.name) + std::string(6 - one.name.size(), ' ') +
            std::string(one.what) + (one.once ? " (one run at full scale)" : "") + "\n";
  return text +
         "\nIt needs up to 10 GB in --dir (1 GB with --short) and ends with 1 when an audit "
         "fails:\n"
         "when a saga ended otherwise than it should, or an effect was lost or happened twice;\n"
         "with 3 when --compare finds a figure more than 15 % worse.";
}

}  // namespace

std::variant<Options, int> read_options(int argc, char** argv) {
  Options options;
  options.directory = std::filesystem::temp_directory_path();
  std::vector<std::string> names;
  int delay = 0;
  bool brief = false;
  bool tiny = false;
  CLI::App app("Measures Skald, in ratio to what the machine does without it.", "skald-bench");
  app.footer(help_end());
  app.add_option("workload", names, "Names of workloads; none: all");
  app.add_option("--runs", options.runs, "How often each is measured; the median counts")
      ->check(CLI::Range(1, 100));
  app.add_flag("--short", brief, "Smaller sizes and one run: all of them in about a minute");
  app.add_flag("--tiny", tiny, "As small as can be: only shows that they work");
  app.add_option("--dir", options.directory, "Where temporary data goes");
  app.add_option("--slow-disk", delay, "Each sync takes so many ms longer; 1 and 4 are usual")
      ->check(CLI::Range(0, 1000));
  app.add_flag("--json", options.json, "Prints JSON instead of a table");
  app.add_option("--compare", options.compare, "Compares with a JSON report of earlier")
      ->check(CLI::ExistingFile);
  app.add_flag("--here", options.here, "Runs in this process, without children: for profilers");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  for (const auto& name : names) {
    options.workloads.push_back(workload_named(name));
    if (options.workloads.back() != nullptr) continue;
    std::fprintf(stderr, "There is no workload '%s'; see --help.\n", name.c_str());
    return 2;
  }
  if (names.empty())
    for (const auto& one : workloads()) options.workloads.push_back(&one);
  if (brief) options.scale = Scale::brief;
  if (tiny) options.scale = Scale::tiny;
  if (options.runs == 0) options.runs = options.scale == Scale::full ? runs_default : 1;
  options.slow_disk = std::chrono::milliseconds(delay);
  return options;
}

}  // namespace skald::bench
