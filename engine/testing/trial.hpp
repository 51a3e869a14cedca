#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/testing/injection.hpp"
#include "engine/testing/matrix.hpp"
#include "engine/testing/readings.hpp"

namespace skald::testing {

using Injections = std::vector<Injection>;

/// One run with its injections, and what came of it.
struct Trial {
  std::vector<std::string> reasons;  ///< broken promises
  std::vector<TraceLine> trace;
  Injections next;            ///< what else could be injected
  bool met = true;            ///< there was an occasion for every injection
  std::string shape;          ///< what happened to its steps, for comparison
  std::string signal_column;  ///< what a signal that was injected last met
  bool unwound = false;
  std::optional<Status> asked;  ///< an accepted request to end like this
};

/// Runs a saga with `injections`, and when nothing moves any more and it has not ended, lets
/// everything work again and an operator retry. `definition` has passed check(); `readings` are
/// those of its sagas.
[[nodiscard]] Trial try_out(const Definition& definition, const MatrixOptions& options,
                            const Json& input, const Injections& injections, Readings& readings);

}  // namespace skald::testing
