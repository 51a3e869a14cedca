#pragma once

#include <string>
#include <vector>

#include "engine/testing/matrix.hpp"
#include "tests/sagas/twins.hpp"

namespace skald::test {

/// A model saga: its document in sagas/, its table, and what the matrix of its unwinding must know
/// (with long sagas only one thing goes wrong at a time, or it would take minutes).
struct ModelSaga {
  std::string file;
  Result<Definition> (*table)();
  testing::MatrixOptions matrix{};
};

/// All of them, in the order of sagas/README.md.
[[nodiscard]] const std::vector<ModelSaga>& model_sagas();

/// The cases that a document has under "tests".
[[nodiscard]] Json tests_of(const Definition& document);

}  // namespace skald::test
