#include "dsl/expr/kind.hpp"

#include <array>

namespace skald::expr {

std::string_view name_of(Kind kind) {
  static constexpr std::array<std::string_view, 15> names{
      "null",      "bool",     "int",  "double", "decimal",  "string",
      "timestamp", "duration", "list", "map",    "optional", "integer beyond 64 bits",
      "error",     "number",   "any"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace skald::expr
