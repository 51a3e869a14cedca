// P1: orders whose steps are C++ functions, a thousand in flight; at three sizes.
#include "tests/bench/function_orders.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

namespace {

constexpr std::size_t in_flight = 1000;

FunctionOrders measure(Context& context, std::size_t sagas) {
  auto result = run_function_orders(context, context.fresh("data"), sagas, in_flight);
  context.measured.add("sagas, " + std::to_string(sagas) + " in all",
                       static_cast<double>(sagas) / result.load.took.count(), "1/s",
                       Better::higher);
  context.measured.refer_to(context.calibration.transitions_per_second / transitions_per_order,
                            "naive SQLite loop of 4 transitions");
  return result;
}

}  // namespace

void run_functions(Context& context) {
  const auto sagas = context.pick<std::size_t>(1'000, 8'000, 40'000);
  const auto result = measure(context, sagas);
  const auto count = static_cast<double>(sagas);
  auto& measured = context.measured;
  measured.add("CPU per saga", result.cpu.count() / count * 1e6, "us", Better::lower);
  measured.add("bytes written per saga", static_cast<double>(result.disk.bytes) / count, "B",
               Better::lower);
  measured.add("syncs per saga", static_cast<double>(result.disk.syncs) / count, "");
  measured.add("start", result.load.starts);
  measured.add("start to end", result.load.ends);
  measured.add("peak memory", result.peak_mib, "MiB", Better::lower);
  if (context.scale == Scale::tiny) return;
  measure(context, sagas / 4);
  measure(context, sagas * 4);
}

}  // namespace skald::bench
