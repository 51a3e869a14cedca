#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "tests/bench/measured.hpp"

namespace skald::bench {

/// What participants were asked to do: for each order and slot (a step's call or undo) the
/// idempotency key of its effect. So an effect that happens twice, or never, is seen at once, even
/// by the process that comes after one that was killed. From any thread.
class Ledger {
 public:
  /// For orders from 0 to `orders` - 1, with `slots` slots each. It lives in `file` where there is
  /// one, and goes on with what is in there; in memory otherwise.
  Ledger(std::size_t orders, std::size_t slots, const std::filesystem::path& file = {});
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Notes a call. A key that was seen there before has no second effect; another one has, and
  /// counts as doubled. True when this was the first call.
  bool note(std::size_t order, std::size_t slot, std::string_view key);

  [[nodiscard]] bool has(std::size_t order, std::size_t slot) const;
  /// How many orders have had the effect of `slot`.
  [[nodiscard]] std::uint64_t effects(std::size_t slot) const;
  [[nodiscard]] std::uint64_t calls() const { return calls_; }
  [[nodiscard]] std::uint64_t repeated() const { return repeated_; }
  /// Effects beyond the first, and calls for orders that nobody made: must be 0.
  [[nodiscard]] std::uint64_t doubled() const { return doubled_; }

 private:
  using Cell = std::atomic<std::uint32_t>;
  std::size_t slots_;
  std::span<Cell> cells_;  ///< a hash of the key, or 0
  std::atomic<std::uint64_t> calls_{0};
  std::atomic<std::uint64_t> repeated_{0};
  std::atomic<std::uint64_t> doubled_{0};
};

/// Adds a failure unless all three steps of each of `orders` orders had their effect, once, and
/// nothing was undone.
void check_all_completed(const Ledger& ledger, std::size_t orders, Measured& measured);

}  // namespace skald::bench
