#pragma once

#include <string>
#include <vector>

#include "engine/model/definition.hpp"

namespace skald::testing {

/// What came of one case of a definition's own tests.
struct CaseResult {
  std::string name;
  std::vector<std::string> problems;  ///< what is not as expected, for a person; may have lines
  std::vector<std::string> trace;     ///< what happened, for a person
  [[nodiscard]] bool passed() const { return problems.empty(); }
};

/// Runs the cases of `tests`, the array that a document has under "tests" (see the README of this
/// folder), each in virtual time against participants that answer as it says. Whatever a case
/// expects, the promises that Judge knows are held too.
///
/// Error: invalid_argument with a finding for everything wrong with `tests`, by JSON Pointer below
/// `base`; then nothing is run.
[[nodiscard]] Result<std::vector<CaseResult>> run_cases(const Definition& definition,
                                                        const Json& tests,
                                                        const std::string& base = "/tests");

/// One line for each case; for those that failed, their problems and what happened.
[[nodiscard]] std::string text_of(const std::vector<CaseResult>& results);

}  // namespace skald::testing
