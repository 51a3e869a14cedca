#include <CLI/CLI.hpp>
#include <csignal>
#include <deque>
#include <exception>
#include <iostream>

#include "examples/services/services.hpp"

/// skald-services: one example service per process, or all five in one.
namespace {

using namespace skald::services;

struct Arguments {
  std::string service;
  std::filesystem::path data = ".";
  std::uint16_t port = 0;
  Knobs knobs;
  std::int64_t delay_ms = 0;
};

void add_options(CLI::App& app, Arguments& to) {
  std::vector<std::string> names{"all"};
  for (const auto& service : catalog) names.emplace_back(service.name);
  app.add_option("service", to.service, "which service; 'all' runs the five on PORT, PORT+1, ...")
      ->required()
      ->check(CLI::IsMember(names));
  app.add_option("--port", to.port, "port on 127.0.0.1; 0 takes any free one")
      ->capture_default_str();
  app.add_option("--data", to.data, "directory of the database file; made if it is not there")
      ->capture_default_str();
  app.add_option("--seed", to.knobs.seed, "decides which calls the knobs hit")
      ->capture_default_str();
  const auto share = [&app](const char* name, double& target, const char* meaning) {
    app.add_option(name, target, meaning)->check(CLI::Range(0.0, 1.0))->capture_default_str();
  };
  share("--refuse", to.knobs.refuse, "share of calls refused with 409, never undos");
  share("--error", to.knobs.error, "share of calls answered 500 or 503 without effect");
  share("--undo-error", to.knobs.undo_error, "the same for undos only");
  share("--error-after-effect", to.knobs.error_after_effect, "share answered 500 after the effect");
  share("--lose-reply", to.knobs.lose_reply, "share whose answer never comes, after the effect");
  share("--delay-share", to.knobs.delay_share, "share of answers that --delay-ms holds back");
  app.add_option("--delay-ms", to.delay_ms, "how long answers are held back")
      ->check(CLI::Range(0, 600'000))
      ->capture_default_str();
}

/// Starts one service and says on standard output, as a line of JSON, where it listens.
void start(const NamedService& named, std::uint16_t port, const Arguments& arguments,
           std::deque<Service>& running) {
  auto& service =
      running.emplace_back(ServiceOptions{named.name, arguments.data, port, arguments.knobs});
  named.define(service);
  const auto listening = service.start();
  if (!listening) throw std::runtime_error(listening.error().message + " (here: --port)");
  std::cout << R"({"service":")" << named.name << R"(","port":)" << *listening << "}" << std::endl;
}

void run(Arguments arguments, const sigset_t& ending) {
  arguments.knobs.delay = std::chrono::milliseconds{arguments.delay_ms};
  std::filesystem::create_directories(arguments.data);
  std::deque<Service> running;
  auto port = arguments.port;
  for (const auto& named : catalog) {
    if (arguments.service != "all" && arguments.service != named.name) continue;
    start(named, port, arguments, running);
    if (port != 0) ++port;
  }
  int signal = 0;
  sigwait(&ending, &signal);
  for (auto& service : running) service.stop();
}

}  // namespace

int main(int argc, char** argv) {
  // Blocked before the first thread starts, so that every thread leaves them to sigwait.
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);

  CLI::App app{"Skald example services: small participants with a barrier, a journal and knobs"};
  Arguments arguments;
  add_options(app, arguments);
  CLI11_PARSE(app, argc, argv);
  try {
    run(arguments, ending);
    return 0;
  } catch (const std::exception& failure) {
    std::cerr << "skald-services " << arguments.service << ": " << failure.what() << "\n";
    return 1;
  }
}
