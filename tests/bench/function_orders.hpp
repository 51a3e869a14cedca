#pragma once

#include <filesystem>

#include "tests/bench/ledger.hpp"
#include "tests/bench/orders.hpp"
#include "tests/bench/saga_load.hpp"
#include "tests/bench/workload.hpp"

namespace skald::bench {

/// What it took to run orders whose steps are C++ functions.
struct FunctionOrders {
  SagaLoadResult load;
  Seconds cpu{};
  CountedVfs::Counts disk;
  std::uint64_t bytes_written = 0;  ///< as the system counts them
  double peak_mib = 0;
};

/// Steps that note their effect in `ledger`, and are done.
[[nodiscard]] StepFunction noting_in(Ledger& ledger);

/// The transitions of one such order.
inline constexpr int transitions_per_order = 4;

/// Runs `sagas` orders to their end, so many at once, with a store in `data`, and audits them.
[[nodiscard]] FunctionOrders run_function_orders(Context& context,
                                                 const std::filesystem::path& data,
                                                 std::size_t sagas, std::size_t at_once);

}  // namespace skald::bench
