#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/model/definition.hpp"

namespace skald::testing {

/// One kind of trouble at one place of a definition, in all situations it was tried in.
struct Cell {
  std::string row;     ///< "debit", "undo of debit", "signal approved", "the saga"
  std::string column;  ///< "refused", "never answers", "restart", …
  std::size_t runs = 0;
  std::size_t failed = 0;
};

/// A run in which a promise was broken: the shortest that was found for its cell.
struct Failure {
  std::string row;
  std::string column;
  std::vector<std::string> reasons;     ///< the broken promises, as sentences
  std::vector<std::string> injections;  ///< what was done to the saga; none: all went well
  std::vector<std::string> trace;       ///< lines for a person
};

/// What unwind_matrix() found.
struct Report {
  DefinitionRef definition;
  Json input;                         ///< what every saga was started with
  std::vector<std::string> problems;  ///< why it could not be tried at all
  std::vector<Cell> cells;            ///< by row in the order of the definition
  std::vector<Failure> failures;      ///< the shortest first
  std::size_t runs = 0;
  bool complete = true;  ///< false: the limit of runs was reached first

  [[nodiscard]] bool passed() const { return problems.empty() && failures.empty(); }

  /// Tables, then every failure with its trace.
  [[nodiscard]] std::string text() const;

  /// The same as one JSON object.
  [[nodiscard]] Json json() const;
};

}  // namespace skald::testing
