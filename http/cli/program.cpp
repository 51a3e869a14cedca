#include "http/cli/program.hpp"

#include <pthread.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "engine/orchestrator/log.hpp"
#include "http/cli/node.hpp"
#include "http/cli/serve_options.hpp"

namespace skald::cli {

namespace {

void print(const Error& error) {
  std::fprintf(stderr, "skald: %s\n", error.message.c_str());
  for (const auto& finding : error.findings)
    std::fprintf(stderr, "  %s: %s [%s]\n", finding.where.c_str(), finding.why.c_str(),
                 finding.code.c_str());
  if (!error.hint.empty()) std::fprintf(stderr, "  %s\n", error.hint.c_str());
}

log::Level level_named(const std::string& name) {
  if (name == "debug") return log::Level::debug;
  if (name == "warning") return log::Level::warning;
  if (name == "error") return log::Level::error;
  return log::Level::info;
}

void describe(CLI::App& serve, ServeOptions& options) {
  serve.add_option("--data", options.data, "Directory of the database; made when missing")
      ->capture_default_str();
  serve
      .add_option("--listen", options.listen,
                  "Loopback address and port of the REST API; port 0 picks a free one")
      ->capture_default_str();
  serve
      .add_option("--participant", options.participants,
                  "name=http://host:port/base, once for each participant the definitions call")
      ->take_all();
  serve
      .add_option("--participant-concurrent", options.participant_concurrent,
                  "Calls in flight to one participant at once")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  serve
      .add_option("--participant-queue", options.participant_queue,
                  "Calls that may wait for one participant; more are tried again later")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  serve.add_option("--http-threads", options.http_threads, "Threads of the REST API")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  serve
      .add_option("--participant-threads", options.participant_threads,
                  "Threads for calling participants over HTTP")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  serve
      .add_option("--function-workers", options.function_workers,
                  "Threads for steps that are C++ functions")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  serve
      .add_option_function<int>(
          "--drain", [&](const int seconds) { options.drain = std::chrono::seconds{seconds}; },
          "Seconds that calls in flight may take after SIGTERM (default: 10)")
      ->check(CLI::Range(0, 3600));
  serve.add_option("--log-level", options.log_level, "debug, info, warning or error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
  serve
      .add_option("--crash-at", options.crash_at,
                  "For tests: die at this point of a batch, <point>:<count>")
      ->group("Testing");
}

/// SIGTERM and SIGINT are waited for by the main thread alone; the others inherit the mask.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

int serve(const ServeOptions& options, std::vector<Definition> definitions) {
  const sigset_t signals = block_signals();
  log::set_level(level_named(options.log_level));
  auto node = Node::open(options, std::move(definitions));
  if (!node) return print(node.error()), 1;
  std::printf("{\"listening\":\"%s\"}\n", (*node)->address().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  log::info("draining", {{"signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"}});
  (*node)->drain();
  log::info("stopped");
  return 0;
}

}  // namespace

int run(int argc, char** argv, std::vector<Result<Definition>> definitions) {
  CLI::App app{"Skald runs sagas: durable state machines whose every step names its undo."};
  app.require_subcommand(1);
  app.set_version_flag("--version", SKALD_VERSION);
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return "skald: " + std::string(error.what()) + "\n  `serve --help` lists every option.\n";
  });
  ServeOptions options;
  CLI::App* const serving =
      app.add_subcommand("serve", "Run the engine and its REST API in this process");
  describe(*serving, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  std::vector<Definition> accepted;
  bool refused = false;
  for (auto& definition : definitions) {
    if (definition) {
      accepted.push_back(std::move(definition).value());
      continue;
    }
    print(definition.error());
    refused = true;
  }
  return refused ? 1 : serve(options, std::move(accepted));
}

}  // namespace skald::cli
