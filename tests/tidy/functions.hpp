#pragma once

#include <vector>

#include "tests/tidy/source.hpp"

namespace skald::tidy {

/// The place of one function, from the first line of its declaration to its closing brace.
struct Function {
  std::size_t first_line = 0;
  std::size_t last_line = 0;
  bool is_test = false;  ///< the body of TEST_CASE and its like
  [[nodiscard]] std::size_t lines() const { return last_line - first_line + 1; }
};

/// Every function body of a file, and whether its braces could be followed.
struct Functions {
  std::vector<Function> all;
  std::size_t unbalanced_line = 0;  ///< where the braces stop to balance; 0 if they do
};

/// Finds function bodies by matching braces. A heuristic, not a parser: functions inside functions
/// belong to the outer one, braces of namespaces, types and data are not counted.
[[nodiscard]] Functions find_functions(const Source& source);

}  // namespace skald::tidy
