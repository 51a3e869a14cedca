#pragma once

#include <doctest/doctest.h>

#include <string>

#include "tests/tidy/rules.hpp"

namespace skald::tidy {

/// Passes when exactly one thing is wrong, at `line`, and the message contains `what`.
inline void expect_one(const Findings& findings, std::size_t line, const std::string& what) {
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().line == line);
  CHECK_MESSAGE(findings.front().what.find(what) != std::string::npos, findings.front().what);
}

/// Passes when nothing is wrong.
inline void expect_none(const Findings& findings) {
  for (const auto& finding : findings)
    FAIL_CHECK(finding.path << ":" << finding.line << ": " << finding.what);
}

}  // namespace skald::tidy
