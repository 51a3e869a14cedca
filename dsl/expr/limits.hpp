#pragma once

#include <cstddef>
#include <cstdint>

/// What one expression may be and cost. Documents come from outside: everything has an end.
namespace skald::expr {

inline constexpr std::size_t text_max = 4096;   ///< bytes of one expression
inline constexpr std::size_t nodes_max = 1024;  ///< literals, names, operators and calls in it
inline constexpr std::uint32_t depth_max = 64;  ///< brackets in brackets, and height of the tree
inline constexpr std::uint32_t slots_max = 8;   ///< macros inside one another
inline constexpr std::size_t template_depth_max = 64;  ///< nested arrays and objects
inline constexpr std::size_t template_text_max = std::size_t{64} << 10;  ///< bytes with a "${" in
inline constexpr std::size_t findings_max = 100;  ///< of one template; the rest is not looked for

/// Work of one evaluation: about one for each node visited, item copied and 64 bytes of text read.
inline constexpr std::uint64_t steps_max = 1'000'000;
inline constexpr std::size_t memory_max = std::size_t{8} << 20;  ///< bytes of intermediate values
inline constexpr std::size_t pattern_max = 512;                  ///< bytes of a regular expression

}  // namespace skald::expr
