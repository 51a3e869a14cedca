#pragma once

#include <doctest/doctest.h>

#include "dsl/sml/sml.hpp"
#include "tests/dsl/printed.hpp"
#include "tests/engine/core_driver.hpp"

namespace skald::test {

using Names = std::vector<std::string>;

/// The Definition, or the findings as failures of the test.
inline Definition accepted(const Result<Definition>& made) {
  for (std::size_t i = 0; !made.ok() && i < made.error().findings.size(); ++i)
    FAIL_CHECK(made.error().findings[i].where, ": ", made.error().findings[i].why);
  REQUIRE(made.ok());
  return *made;
}

/// "row CODE" of each finding, comma-separated; "ok" when there is none.
inline std::string findings_in(const Result<Definition>& made) {
  if (made.ok()) return "ok";
  std::string lines;
  for (const auto& finding : made.error().findings)
    lines += (lines.empty() ? "" : ", ") + finding.where + " " + finding.code;
  return lines;
}

template <class... Rows>
Definition table(const Rows&... rows) {
  return accepted(sml::build({.ref = {"test", 1}}, sml::make_transition_table(rows...)));
}
template <class... Rows>
std::string findings(const Rows&... rows) {
  return findings_in(sml::build({.ref = {"test", 1}}, sml::make_transition_table(rows...)));
}

}  // namespace skald::test
