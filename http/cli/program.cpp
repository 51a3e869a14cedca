#include "http/cli/program.hpp"

#include <pthread.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <iostream>

#include "engine/orchestrator/clock.hpp"
#include "engine/orchestrator/log.hpp"
#include "http/cli/def_command.hpp"
#include "http/cli/node.hpp"
#include "http/cli/serve_options.hpp"
#include "http/client/command.hpp"
#include "http/client/completion.hpp"

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

void describe_participants(CLI::App& serve, ServeOptions& options) {
  serve
      .add_option("--participant", options.participants,
                  "name=http://host:port/base, once for each participant the definitions call")
      ->take_all();
  serve
      .add_option("--secret", options.secrets,
                  "name=env:VARIABLE or name=file:path, once for each ${secrets.name} that headers "
                  "in definitions use")
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
}

void describe_retention(CLI::App& serve, ServeOptions& options) {
  serve.add_option("--retain", options.retain,
                   "How long sagas are kept after their end, e.g. 30d (default: forever)");
  serve
      .add_option("--retain-count", options.retain_count,
                  "How many ended sagas are kept; the oldest go first (default: all)")
      ->check(CLI::NonNegativeNumber);
  serve.add_option("--archive", options.archive,
                   "Directory for sagas that are removed, as gzip-compressed lines of JSON "
                   "(default: they are dropped)");
}

void describe(CLI::App& serve, ServeOptions& options) {
  serve.add_option("--data", options.data, "Directory of the database; made when missing")
      ->capture_default_str();
  serve
      .add_option("--listen", options.listen,
                  "Loopback address and port of the REST API; port 0 picks a free one")
      ->capture_default_str();
  serve
      .add_option("--definition", options.definition_files,
                  "File with a definition in JSON or YAML, registered at the start; may be given "
                  "several times")
      ->take_all();
  describe_participants(serve, options);
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
  describe_retention(serve, options);
  serve.add_option("--log-level", options.log_level, "debug, info, warning or error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
  serve
      .add_option("--crash-at", options.crash_at,
                  "For tests: die at this point of a batch, <point>:<count>")
      ->group("Testing");
}

/// One subcommand of `def`; whoever is called sets what is to be done.
CLI::App* describe_def(CLI::App& def, DefOptions& options, DefOptions::What what,
                       const std::string& name, const std::string& help) {
  CLI::App* const command = def.add_subcommand(name, help);
  command
      ->add_option("definition", options.definitions,
                   "File of a document (- is standard input), or the name of a built-in definition")
      ->required();
  command->callback([&options, what] { options.what = what; });
  return command;
}

void describe_def(CLI::App& def, DefOptions& options) {
  using What = DefOptions::What;
  def.require_subcommand(1);
  describe_def(def, options, What::lint, "lint", "Tell everything that is wrong with definitions");
  describe_def(def, options, What::show, "show", "Print a definition as a document")
      ->add_option("--form", options.form, "full (states and transitions) or steps")
      ->check(CLI::IsMember({"full", "steps"}))
      ->capture_default_str();
  describe_def(def, options, What::diagram, "diagram", "Draw a definition")
      ->add_option("--format", options.format, "mermaid, dot, plantuml or svg")
      ->check(CLI::IsMember({"mermaid", "dot", "plantuml", "svg"}))
      ->capture_default_str();
  CLI::App* const test =
      describe_def(def, options, What::test, "test", "Run the tests that documents carry");
  test->add_flag("--unwind", options.unwind,
                 "Instead: fail, lose, repeat and crash everything, everywhere");
  test->add_option("--input", options.input, "With --unwind: the input of its sagas, as JSON");
  test->add_option("--depth", options.depth, "With --unwind: how many things go wrong in one run")
      ->check(CLI::Range(0, 3))
      ->capture_default_str();
  test->add_flag("--json", options.json, "With --unwind: the report as JSON");
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

int serve(const ServeOptions& options, std::vector<Definition> definitions,
          document::Natives functions) {
  const sigset_t signals = block_signals();
  log::set_level(level_named(options.log_level));
  auto node = Node::open(options, std::move(definitions), std::move(functions));
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

int run_client(const client::Commands& commands) {
  auto options = commands.options;
  options.now = system_now;
  auto session = client::Session::open(std::move(options), std::cout, std::cerr);
  if (!session) return print(session.error()), 2;
  return static_cast<int>(commands.chosen(*session));
}

}  // namespace

int run(int argc, char** argv, std::vector<Result<Definition>> definitions,
        document::Natives functions) {
  CLI::App app{"Skald runs sagas: durable state machines whose every step names its undo."};
  app.require_subcommand(1);
  app.set_version_flag("--version", SKALD_VERSION);
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return "skald: " + std::string(error.what()) +
           "\n  `serve --help` and `def --help` list every option.\n";
  });
  ServeOptions options;
  CLI::App* const serving =
      app.add_subcommand("serve", "Run the engine and its REST API in this process");
  describe(*serving, options);
  DefOptions def_options;
  CLI::App* const def = app.add_subcommand("def", "Look at definitions, check and test them");
  describe_def(*def, def_options);
  client::Commands commands;
  client::add_all(app, *def, commands);
  std::string shell;
  CLI::App* const completion =
      app.add_subcommand("completion", "Print a script that completes commands in a shell");
  completion->add_option("shell", shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  if (completion->parsed()) return std::cout << *client::completion_script(app, shell), 0;
  if (commands.chosen) return run_client(commands);
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
  if (refused) return 1;
  if (def->parsed()) return run_def(def_options, {accepted, functions}, std::cout, std::cerr);
  return serve(options, std::move(accepted), std::move(functions));
}

}  // namespace skald::cli
