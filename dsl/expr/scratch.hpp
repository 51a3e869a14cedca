#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <memory_resource>
#include <span>

#include "dsl/expr/datum.hpp"
#include "dsl/expr/limits.hpp"

namespace skald::expr {

/// What one evaluation may use up: steps, and memory for intermediate values. The first kilobyte is
/// in place, so that a guard allocates nothing. Everything made here lives as long as the Scratch.
///
/// Once a limit is passed spent() stays true, and every Datum made is the failure that says so.
class Scratch {  // NOLINT(cppcoreguidelines-pro-type-member-init): see first_
 public:
  Scratch() = default;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  /// Counts `steps` of work; false when they are more than what is left.
  bool charge(std::uint64_t steps);
  /// The same for reading `bytes` of text.
  bool charge_text(std::size_t bytes) { return charge(1 + bytes / 64); }
  /// The same for `bytes` of memory outside.
  bool charge_memory(std::size_t bytes);
  [[nodiscard]] std::size_t memory_left() const { return bytes_left_; }
  [[nodiscard]] bool spent() const { return steps_left_ == 0; }

  /// Room for `count` values or bytes; empty when it is beyond the limit (or `count` is 0).
  [[nodiscard]] std::span<Datum> items(std::size_t count);
  [[nodiscard]] std::span<char> bytes(std::size_t count);

  /// The concatenation of `parts` as a text.
  [[nodiscard]] Datum text(std::initializer_list<std::string_view> parts);
  /// `items` as a list or map (a map has two of them for each entry).
  [[nodiscard]] static Datum list(std::span<const Datum> items);
  [[nodiscard]] static Datum map(std::span<const Datum> items);
  /// An optional that holds `value`; without one: Datum of kind optional with size 0.
  [[nodiscard]] Datum some(const Datum& value);
  [[nodiscard]] static Datum none();

  /// A failure at byte `offset` of the expression with the concatenation of `message`.
  [[nodiscard]] Datum fail(std::uint32_t offset, std::initializer_list<std::string_view> message,
                           bool absent = false);
  /// The failure of a limit passed.
  [[nodiscard]] static Datum limit_passed();

 private:
  void* take(std::size_t bytes, std::size_t alignment);

  std::uint64_t steps_left_ = steps_max;
  std::size_t bytes_left_ = memory_max;
  std::array<std::byte, 1024> first_;  // not zeroed: that would cost as much as a guard
  std::pmr::monotonic_buffer_resource resource_{first_.data(), first_.size()};
};

}  // namespace skald::expr
