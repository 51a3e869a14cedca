// How many sagas a second one node takes through three steps, every transition durable, and how
// long a start takes. Prints one JSON line per figure. Not part of the tests; see README.md,
// "Figures".
//
//     skald_saga_rate [functions|http] [sagas] [in flight]

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/orchestrator/log.hpp"
#include "engine/orchestrator/orchestrator.hpp"
#include "engine/participants/function_participant.hpp"
#include "engine/participants/http_participants.hpp"
#include "engine/participants/router.hpp"
#include "http/server/server.hpp"
#include "storage/sqlite/sqlite_store.hpp"
#include "tests/bench/three_steps.hpp"

namespace {

using namespace skald;
using namespace skald::bench;
using nlohmann::json;
using SteadyClock = std::chrono::steady_clock;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Keeps `in_flight` sagas going until `total` have ended, and takes the time.
struct Load {
  Orchestrator& engine;
  std::shared_ptr<const Definition> definition;
  int total;
  std::atomic<int> begun{0};
  std::atomic<int> ended{0};
  std::mutex mutex;
  std::condition_variable over;
  std::vector<double> start_ms;

  void one() {
    const int mine = begun++;
    if (mine >= total) return;
    StartRequest request{
        .definition = definition,
        .input = Json(json{{"order", std::to_string(mine)}, {"note", std::string(250, 'x')}})};
    const auto asked = SteadyClock::now();
    engine.start(std::move(request), [this, asked](const Result<Started>& started) {
      const std::chrono::duration<double, std::milli> took = SteadyClock::now() - asked;
      start_ms.push_back(took.count());
      if (!started) std::abort();
      engine.watch(started->id, [this] {
        if (++ended == total) over.notify_all();
        one();
      });
    });
  }

  double run(int in_flight) {
    const auto from = SteadyClock::now();
    for (int i = 0; i < in_flight; ++i) one();
    std::unique_lock lock(mutex);
    over.wait_for(lock, std::chrono::minutes(2), [this] { return ended >= total; });
    return std::chrono::duration<double>(SteadyClock::now() - from).count();
  }
};

void measure(bool over_http, int total, int in_flight) {
  http::Server peer({}, [](http::Request, const http::Respond& respond) {
    respond({.status = 200, .headers = {}, .body = "{\"ok\":true}"});
  });
  const auto port = peer.start();
  Registry registry;
  auto definition =
      over_http ? sml::define<three_steps<true>>() : sml::define<three_steps<false>>();
  if (!definition || !port || !registry.add(std::move(*definition))) std::abort();
  const auto directory = std::filesystem::temp_directory_path() / "skald-saga-rate";
  std::filesystem::remove_all(directory);
  auto store = open_sqlite_store({.directory = directory});
  HttpParticipantOptions options{.name = "peer",
                                 .base_url = "http://127.0.0.1:" + std::to_string(*port)};
  options.concurrent_max = 64;
  options.queue_max = 10'000;
  auto http_participants = HttpParticipants::start({options}, 1, system_now);
  FunctionParticipant functions(1);
  ParticipantRouter participants(**http_participants, functions);
  Orchestrator engine({.definitions = registry, .store = **store, .participants = participants});
  if (!engine.recover()) std::abort();
  engine.run();
  Load load{.engine = engine, .definition = registry.find("three-steps"), .total = total};
  const double cpu = cpu_seconds();
  const double seconds = load.run(in_flight);
  const double used = cpu_seconds() - cpu;
  const auto metrics = engine.metrics();
  engine.drain(std::chrono::seconds(1));
  participants.stop();
  peer.stop();
  std::printf(
      "{\"steps\":\"%s\",\"sagas\":%d,\"inFlight\":%d,\"sagasPerSecond\":%.0f,"
      "\"cpuMicrosPerSaga\":%.1f,\"transitions\":%llu,\"commits\":%llu,\"startMsP50\":%.3f,"
      "\"startMsP99\":%.3f}\n",
      over_http ? "http" : "functions", total, in_flight, total / seconds, used / total * 1e6,
      static_cast<unsigned long long>(metrics.transitions),
      static_cast<unsigned long long>(metrics.commit_seconds.count), percentile(load.start_ms, 0.5),
      percentile(load.start_ms, 0.99));
  std::filesystem::remove_all(directory);
}

}  // namespace

int main(int argc, char** argv) {
  log::set_level(log::Level::warning);
  const std::string mode = argc > 1 ? argv[1] : "functions";
  measure(mode == "http", argc > 2 ? std::atoi(argv[2]) : 20'000,
          argc > 3 ? std::atoi(argv[3]) : 1000);
  return 0;
}
