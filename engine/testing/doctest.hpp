#pragma once

#include "engine/testing/matrix.hpp"

/// For test programs that use doctest and include it themselves: checks that the unwinding of a
/// definition works (see unwind_matrix), and tells what went wrong where it does not.
///
///     TEST_CASE("a transfer never loses money") {
///       SKALD_CHECK_UNWINDS(*money_transfer());
///       SKALD_CHECK_UNWINDS(*money_transfer(), {.depth = 1});
///     }
///
/// The first argument is a Definition, the optional second one MatrixOptions.
#define SKALD_CHECK_UNWINDS(...)                                                                \
  do {                                                                                          \
    const ::skald::testing::Report skald_report = ::skald::testing::unwind_matrix(__VA_ARGS__); \
    CHECK_MESSAGE(skald_report.passed(), skald_report.text());                                  \
  } while (false)
