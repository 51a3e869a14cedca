// P11: ten times as many clients as the node is at its best with, and none of them waits for the
// end of its saga: what still gets done, and what memory that takes.
#include "tests/bench/engine_host.hpp"
#include "tests/bench/http_orders.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t clients = 100;  ///< ten times as many fit in the node's limit
constexpr std::size_t orders_max = 2'000'000;

double completed(const NodeHost& node) { return node.metric("skald_sagas_finished_total"); }

}  // namespace

void run_overload(Context& context) {
  const auto span = context.pick(300ms, 2000ms, 6000ms);
  const auto data = context.fresh("data");
  auto& measured = context.measured;
  Participants participants(orders_max);
  NodeHost node(data, {order_over_http()},
                {"peer=http://127.0.0.1:" + std::to_string(participants.port())});
  context.say(std::to_string(clients) + " clients");
  OrderClients few({.port = node.port(),
                    .connections = clients,
                    .orders = orders_max / 2,
                    .span = span,
                    .wait = true});
  const auto calm = few.result();
  measured.check(node.wait_for_live(0, 60s), "not all sagas end");
  const auto peak = completed(node) / calm.took.count();
  const auto memory = peak_resident_mib();

  context.say(std::to_string(clients * 10) + " clients");
  const auto before = completed(node);
  OrderClients many({.port = node.port(),
                     .connections = clients * 10,
                     .orders = orders_max / 2,
                     .span = span,
                     .first = orders_max / 2});
  const auto storm = many.result();
  const auto goodput = (completed(node) - before) / storm.took.count();
  const auto starts = static_cast<double>(accepted(storm));
  context.say(std::to_string(accepted(storm)) + " were accepted, and end");
  const auto from = std::chrono::steady_clock::now();
  measured.check(node.wait_for_live(0, 300s), "not all sagas end");
  const Seconds rest = std::chrono::steady_clock::now() - from;
  node.close();

  measured.add("completed under overload", goodput, "1/s", Better::higher);
  measured.refer_to(peak, "the peak without");
  measured.add("peak without overload", peak, "1/s", Better::higher);
  measured.add("accepted under overload", starts / storm.took.count(), "1/s");
  measured.add("refused under overload",
               (static_cast<double>(storm.sent) - starts) / storm.took.count(), "1/s");
  measured.add("completed until all have ended", starts / (storm.took + rest).count(), "1/s",
               Better::higher);
  measured.add("start under overload", storm.latencies);
  measured.add("peak memory before", memory, "MiB");
  measured.add("peak memory", peak_resident_mib(), "MiB", Better::lower);
  const auto sagas = accepted(calm) + accepted(storm);
  check_all_completed(participants.report(), sagas, measured);
  audit_store(data, {{{"order", Status::completed}, static_cast<std::int64_t>(sagas)}}, measured);
}

}  // namespace skald::bench
