#pragma once

#include <string>
#include <vector>

#include "engine/model/definition.hpp"

namespace skald::testing {

/// A value made to fit a schema.
struct Sample {
  Json value;
  std::vector<Finding> findings;  ///< why it does not fit after all; empty: it does
};

/// The smallest value that fits `schema`: required members only, the first of several choices, the
/// least number and the shortest text allowed; `const`, `default` and `examples` come first. Knows
/// the keywords of JSON Schema 2020-12 that say what a value is; a `pattern` needs an example.
/// Without a schema: an empty object.
[[nodiscard]] Sample sample_of(const Schema& schema);

/// The same for the input of `definition`: what its document reads as a timestamp or a duration is
/// one.
[[nodiscard]] Sample sample_input(const Definition& definition);

}  // namespace skald::testing
