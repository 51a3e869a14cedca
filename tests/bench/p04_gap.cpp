// P4: from the reply of a step to the call of the next one, as participants see it.
#include "tests/bench/engine_host.hpp"
#include "tests/bench/http_orders.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

using namespace std::chrono_literals;

void run_gap(Context& context) {
  const double rate = context.pick(300.0, 5000.0, 5000.0);
  const auto span = context.pick(500ms, 3000ms, 8000ms);
  const auto sagas = static_cast<std::size_t>(rate * Seconds(span).count());
  context.say(std::to_string(static_cast<int>(rate)) + " sagas/s");
  const auto data = context.fresh("data");
  Participants participants(sagas);
  NodeHost node(data, {order_over_http()},
                {"peer=http://127.0.0.1:" + std::to_string(participants.port())});
  const auto cpu = cpu_used();
  OrderClients load({.port = node.port(), .rate = rate, .orders = sagas, .span = 5min});
  const auto result = load.result();
  auto& measured = context.measured;
  measured.check(node.wait_for_live(0, 60s), "the sagas do not end");
  const auto used = cpu_used() - cpu;
  node.close();

  const auto report = participants.report();
  measured.add("reply to next call", report.gaps);
  measured.figures[1].reference = context.calibration.echo_p99_ms + context.calibration.sync_p99_ms;
  measured.figures[1].referred_to = "echo + sync";
  measured.figures.front().reference =
      context.calibration.echo_p50_ms + context.calibration.sync_p50_ms;
  measured.figures.front().referred_to = "echo + sync";
  measured.add("start due to first call", report.starts);
  measured.add("start", result.latencies);
  measured.add("sagas", static_cast<double>(sagas) / result.took.count(), "1/s");
  measured.add("engine CPU per saga", used.count() / static_cast<double>(sagas) * 1e6, "us",
               Better::lower);
  measured.check_same("acknowledged starts", accepted(result), sagas);
  check_all_completed(report, sagas, measured);
  audit_store(data, {{{"order", Status::completed}, static_cast<std::int64_t>(sagas)}}, measured);
}

}  // namespace skald::bench
