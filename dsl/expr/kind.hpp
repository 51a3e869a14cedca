#pragma once

#include <cstdint>
#include <string_view>

namespace skald::expr {

/// The types of the language.
enum class Kind : std::uint8_t {
  null,
  boolean,
  integer,  ///< 64 bits, signed
  real,     ///< an IEEE 754 double
  decimal,  ///< see Decimal
  text,     ///< UTF-8
  timestamp,
  duration,
  list,
  map,  ///< keys are text
  optional,
  oversized,  ///< a JSON integer beyond 64 bits: can be passed on, not be used
  failure,    ///< an evaluation error
  number,     ///< before evaluation only: an integer or a real
  dyn,        ///< before evaluation only: anything
};

/// "int", "double", "string", … as the language calls it.
[[nodiscard]] std::string_view name_of(Kind kind);

}  // namespace skald::expr
