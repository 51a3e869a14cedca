// P7: what a saga of three steps leaves on the disk, and what was written for it, against the bytes
// of its input and outputs.
#include "tests/bench/engine_host.hpp"
#include "tests/bench/function_orders.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

void run_bytes(Context& context) {
  const auto sagas = context.pick<std::size_t>(500, 10'000, 50'000);
  const auto data = context.fresh("data");
  const auto result = run_function_orders(context, data, sagas, 1000);
  constexpr double payload = input_bytes + order_steps * answer_bytes;
  const auto add = [&](const char* name, std::uint64_t bytes) {
    context.measured.add(name, static_cast<double>(bytes) / static_cast<double>(sagas), "B",
                         Better::lower);
    context.measured.refer_to(payload, "payload of 900 B");
  };
  add("on disk per saga", bytes_in(data));
  add("written per saga", result.disk.bytes);
  add("given to the disk per saga", result.bytes_written);
  context.measured.add("syncs per saga",
                       static_cast<double>(result.disk.syncs) / static_cast<double>(sagas), "");
}

}  // namespace skald::bench
