// P9: lists, searches and counts over very many sagas while others are started; and whether what
// was acknowledged is found at once. At three sizes.
#include "tests/bench/archive.hpp"
#include "tests/bench/engine_host.hpp"
#include "tests/bench/function_orders.hpp"
#include "tests/bench/http_orders.hpp"
#include "tests/bench/ledger.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

namespace {

using namespace std::chrono_literals;

/// The requests of searches that start a saga, which are one in six.
constexpr std::size_t kinds = 6;
constexpr double searches_per_second = 120;

void add_searches(const nlohmann::json& report, const std::string& size, bool is_main,
                  Measured& measured, const Calibration& calibration) {
  Latencies all;
  for (const auto& [name, latencies] : report.at("kinds").items())
    if (name != "start") all.add(Latencies::from_json(latencies));
  measured.add("any search of " + size + " p99", all.at(0.99), "ms", Better::lower);
  measured.refer_to(calibration.echo_p99_ms, "echo");
  measured.add("any search of " + size + " p50", all.at(0.5), "ms", Better::lower);
  if (!is_main) return;
  for (const auto& [name, latencies] : report.at("kinds").items()) {
    const auto one = Latencies::from_json(latencies);
    measured.add(name + " p50", one.at(0.5), "ms", Better::lower);
    measured.add(name + " p99", one.at(0.99), "ms", Better::lower);
  }
}

void measure(Context& context, std::uint64_t archived, bool is_main) {
  const double rate = context.pick(200.0, 5000.0, 5000.0);
  const auto span = context.pick(500ms, 2000ms, 8000ms);
  const auto orders = static_cast<std::size_t>(rate * Seconds(span).count());
  const auto searches =
      static_cast<std::size_t>(searches_per_second * Seconds(span).count()) / kinds * kinds;
  const auto size = std::to_string(archived);
  context.say("making " + size + " sagas");
  const auto data = context.fresh("run") / "data";
  const auto archive = make_archive(data, archived, [&](std::uint64_t made) {
    context.say(std::to_string(made / 1'000'000) + " million");
  });
  context.say("searching them");
  Ledger ledger(orders + searches, order_slots);
  const auto begun = std::chrono::steady_clock::now();
  NodeHost node(data, {order_of_functions(noting_in(ledger))}, {});
  const Seconds opened = std::chrono::steady_clock::now() - begun;
  OrderClients load({.port = node.port(), .rate = rate, .orders = orders, .span = 5min});
  Child searching("searches", {{"port", node.port()},
                               {"rate", searches_per_second},
                               {"requests", searches},
                               {"first", orders},
                               {"archived", archived},
                               {"archivedFrom", archive.first.time_since_epoch().count()}});
  const auto report = searching.expect(300s);
  const auto result = load.result();
  auto& measured = context.measured;
  measured.check(node.wait_for_live(0, 120s), "not all sagas end");
  node.close();

  add_searches(report, size, is_main, measured, context.calibration);
  if (is_main) measured.add("start under searches", result.latencies);
  measured.add("opened with " + size, opened.count(), "s", Better::lower);
  const auto started = orders + report.at("started").get<std::size_t>();
  measured.check_same("acknowledged starts", accepted(result), orders);
  for (const auto& wrong : report.at("wrong"))
    measured.check(false, "a search did not find what it must: " + wrong.get<std::string>());
  measured.check_same("broken searches", report.at("broken"), 0);
  check_all_completed(ledger, started, measured);
  audit_store(data,
              {{{"order", Status::completed},
                static_cast<std::int64_t>(archived - archive.compensated() + started)},
               {{"order", Status::compensated}, static_cast<std::int64_t>(archive.compensated())}},
              measured);
}

}  // namespace

void run_search(Context& context) {
  const auto largest = context.pick<std::uint64_t>(3'000, 100'000, 10'000'000);
  measure(context, largest, true);
  if (context.scale == Scale::tiny) return;
  measure(context, largest / 10, false);
  measure(context, largest / 100, false);
}

}  // namespace skald::bench
