#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "engine/model/definition.hpp"
#include "engine/model/result.hpp"

/// What most workloads run: orders, each a saga of three steps, a and b with an undo and c the
/// pivot, whose participants tell by the number in the request which order it is.
namespace skald::bench {

/// The bytes of what a saga is started with, and of what each step answers.
inline constexpr std::size_t input_bytes = 300;
inline constexpr std::size_t answer_bytes = 200;

/// The places of the steps' effects in a ledger: a, b and c, then the undos of a and b.
inline constexpr std::size_t order_slots = 5;
inline constexpr std::size_t order_steps = 3;

using StepFunction = std::function<Outcome(const Invocation&)>;

/// The definition "order" with steps that are C++ functions: all of them `function`.
[[nodiscard]] Definition order_of_functions(const StepFunction& function);

/// The definition "order" with steps at the participant "peer": POST /a, /b, /c, and /a/undo,
/// /b/undo.
[[nodiscard]] Definition order_over_http();

/// The input of an order, of input_bytes bytes; `at` says when it was due, on the steady clock.
[[nodiscard]] std::string order_input(std::uint64_t number,
                                      std::chrono::steady_clock::time_point at);

/// The output of a step, of answer_bytes bytes.
[[nodiscard]] const std::string& step_output();

/// The number of the order that a participant is called for; very large when there is none.
[[nodiscard]] std::size_t order_in(std::string_view body);

/// The place in a ledger of the step "a", "b" or "c", or of its undo.
[[nodiscard]] std::size_t slot_of(std::string_view step, bool undo);

}  // namespace skald::bench
