#include "engine/testing/cases.hpp"
#include "engine/testing/doctest.hpp"
#include "engine/testing/sample.hpp"
#include "tests/sagas/both.hpp"

/// The cases of every document hold for both twins, and so does the unwinding of both.
namespace skald::test {

namespace {

TEST_CASE("every document has cases, and both twins pass them") {
  for (const auto& saga : model_sagas()) {
    CAPTURE(saga.file);
    const auto document = from_document(saga.file);
    const auto tests = tests_of(document);
    for (const auto& definition : {from_table(saga.table()), document}) {
      const auto results = testing::run_cases(definition, tests);
      REQUIRE_MESSAGE(results.ok(), results.error().message);
      CHECK(results->size() >= 2);
      for (const auto& result : *results)
        CHECK_MESSAGE(result.passed(), testing::text_of(*results));
    }
  }
}

TEST_CASE("whatever goes wrong with a model saga, it unwinds or goes through") {
  for (const auto& saga : model_sagas()) {
    CAPTURE(saga.file);
    const auto document = from_document(saga.file);
    // One thing at a time, as far as a test run has time, sanitizers included; `skald def test
    // --unwind` tries all of it, and two things at once.
    auto matrix = saga.matrix;
    // An example of the input is for the table as well.
    if (!matrix.input) matrix.input = testing::sample_of(document.input).value;
    matrix.depth = 1;
    matrix.runs_max = 150;
    SKALD_CHECK_UNWINDS(from_table(saga.table()), matrix);
    SKALD_CHECK_UNWINDS(document, matrix);
  }
}

}  // namespace

}  // namespace skald::test
