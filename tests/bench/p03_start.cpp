// P3: how long a client waits until its start is acknowledged, which is when it is durable. The
// steps are C++ functions.
#include "tests/bench/engine_host.hpp"
#include "tests/bench/function_orders.hpp"
#include "tests/bench/http_orders.hpp"
#include "tests/bench/ledger.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

namespace {

using namespace std::chrono_literals;

void measure(Context& context, double rate, std::chrono::milliseconds span) {
  const auto per_second = std::to_string(static_cast<int>(rate)) + "/s";
  context.say(per_second);
  const auto data = context.fresh("data");
  const auto sagas = static_cast<std::size_t>(rate * Seconds(span).count());
  Ledger ledger(sagas, order_slots);
  NodeHost node(data, {order_of_functions(noting_in(ledger))}, {});
  const auto cpu = cpu_used();
  OrderClients load({.port = node.port(), .rate = rate, .orders = sagas, .span = 5min});
  const auto result = load.result();
  auto& measured = context.measured;
  measured.check(node.wait_for_live(0, 60s), "the sagas do not end");
  const auto used = cpu_used() - cpu;
  node.close();

  const auto name = "start at " + per_second;
  const auto before = measured.figures.size();
  measured.add(name, result.latencies);
  for (auto i = before; i < before + 2; ++i) {  // p50 and p99
    const bool is_p50 = i == before;
    measured.figures[i].reference =
        is_p50 ? context.calibration.echo_p50_ms + context.calibration.sync_p50_ms
               : context.calibration.echo_p99_ms + context.calibration.sync_p99_ms;
    measured.figures[i].referred_to = "echo + sync";
  }
  measured.add("engine CPU per saga at " + per_second,
               used.count() / static_cast<double>(sagas) * 1e6, "us", Better::lower);
  measured.check_same("acknowledged starts", accepted(result), sagas);
  check_all_completed(ledger, sagas, measured);
  audit_store(data, {{{"order", Status::completed}, static_cast<std::int64_t>(sagas)}}, measured);
}

}  // namespace

void run_start(Context& context) {
  const auto span = context.pick(500ms, 2000ms, 8000ms);
  if (context.scale == Scale::tiny) return measure(context, 400, span);
  measure(context, 5000, span);
  measure(context, 1000, span);
  if (context.scale == Scale::full) measure(context, 100, span);
}

}  // namespace skald::bench
