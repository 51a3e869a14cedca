#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "dsl/expr/datum.hpp"
#include "dsl/expr/scratch.hpp"

namespace skald::expr {

/// A call under way: what a function needs to say what is wrong.
struct Call {
  Scratch& scratch;
  std::uint32_t offset = 0;   ///< of the call in the text
  std::uint32_t nesting = 0;  ///< how deep in the values it compares

  [[nodiscard]] Datum fail(std::initializer_list<std::string_view> message) const {
    return scratch.fail(offset, message);
  }
};

/// A function for arguments of exactly `parameters` (dyn: any). It may trust their kinds.
struct Overload {
  using Run = Datum (*)(const Call&, std::span<const Datum>);
  std::vector<Kind> parameters;
  Kind result;
  Run run;
  /// What is known of the result besides its kind.
  enum class Gives : std::uint8_t { result, element, common, texts };
  Gives gives = Gives::result;
};

struct Function {
  enum class Style : std::uint8_t { both, method, global };
  std::string_view name;
  Style style;
  std::vector<Overload> overloads;
  std::string_view usage;  ///< how it is written, for messages
};

/// All functions by name, except those that the checker knows itself: has, coalesce, matches, the
/// methods of optionals, and the macros.
[[nodiscard]] std::span<const Function> functions();

/// Those that one file each defines.
[[nodiscard]] std::vector<Function> conversion_functions();
[[nodiscard]] std::vector<Function> text_functions();
[[nodiscard]] std::vector<Function> list_functions();
[[nodiscard]] std::vector<Function> time_functions();

}  // namespace skald::expr
