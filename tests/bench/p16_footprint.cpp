// P16: the skald program itself, when there is nothing to do: how large it is, how soon it is
// ready, what memory it takes and how often it wakes up.
#include <filesystem>

#include "tests/bench/child.hpp"
#include "tests/bench/http_orders.hpp"
#include "tests/bench/usage.hpp"
#include "tests/bench/wire.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

using namespace std::chrono_literals;

void run_footprint(Context& context) {
  const auto span = context.pick(200ms, 2000ms, 5000ms);
  const auto data = context.fresh("data");
  const auto port = free_port();
  const auto begun = std::chrono::steady_clock::now();
  Child skald({SKALD_PROGRAM, "serve", "--listen", "127.0.0.1:" + std::to_string(port), "--data",
               data.string(), "--log-level", "error"});
  while (!is_served(port) && std::chrono::steady_clock::now() - begun < 10s) pause_for(500us);
  // It listens before it has read its store; only then it answers.
  const auto readiness = get_body(port, "/readyz");
  const Seconds ready = std::chrono::steady_clock::now() - begun;
  auto& measured = context.measured;
  measured.check(readiness.find("ready") != std::string::npos, "it does not get ready");
  context.say("idle for a while");
  pause_for(200ms);
  const auto before = wake_ups(skald.pid());
  pause_for(span);
  const auto woken = static_cast<double>(wake_ups(skald.pid()) - before);
  measured.add("start to ready", ready.count() * 1e3, "ms", Better::lower);
  measured.add("program", static_cast<double>(std::filesystem::file_size(SKALD_PROGRAM)) / 1048576,
               "MiB", Better::lower);
  measured.add("memory when idle", resident_mib(skald.pid()), "MiB", Better::lower);
  measured.add("wake-ups when idle", woken / Seconds(span).count(), "1/s", Better::lower);
}

}  // namespace skald::bench
