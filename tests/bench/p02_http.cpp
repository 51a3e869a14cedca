// P2: orders over HTTP; clients, node and participants share the machine.
#include "tests/bench/engine_host.hpp"
#include "tests/bench/http_orders.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

namespace {

constexpr std::size_t clients = 128;
/// A start with its answer, and three calls.
constexpr int exchanges_per_saga = 4;

}  // namespace

void run_http(Context& context) {
  const auto sagas = context.pick<std::size_t>(300, 10'000, 60'000);
  context.say(std::to_string(sagas) + " sagas, " + std::to_string(clients) + " clients");
  const auto data = context.fresh("data");
  Participants participants(sagas);
  NodeHost node(data, {order_over_http()},
                {"peer=http://127.0.0.1:" + std::to_string(participants.port())});
  const auto cpu = cpu_used();
  const auto disk = context.disk.counts();
  OrderClients load({.port = node.port(),
                     .connections = clients,
                     .orders = sagas,
                     .span = std::chrono::minutes(5),
                     .wait = true});
  const auto result = load.result();
  const auto used = cpu_used() - cpu;
  const auto after = context.disk.counts();
  node.close();

  const auto count = static_cast<double>(sagas);
  auto& measured = context.measured;
  measured.add("sagas", count / result.took.count(), "1/s", Better::higher);
  measured.refer_to(context.calibration.echoes_per_second / exchanges_per_saga,
                    "4 loopback echoes");
  measured.add("engine CPU per saga", used.count() / count * 1e6, "us", Better::lower);
  measured.add("bytes written per saga", static_cast<double>(after.bytes - disk.bytes) / count, "B",
               Better::lower);
  measured.add("syncs per saga", static_cast<double>(after.syncs - disk.syncs) / count, "");
  measured.add("start to end", result.latencies);
  measured.add("peak memory", peak_resident_mib(), "MiB", Better::lower);
  measured.check_same("sagas answered as ended", accepted(result), sagas);
  check_all_completed(participants.report(), sagas, measured);
  audit_store(data, {{{"order", Status::completed}, static_cast<std::int64_t>(sagas)}}, measured);
}

}  // namespace skald::bench
