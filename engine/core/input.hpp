#pragma once

#include <vector>

#include "engine/model/definition.hpp"
#include "engine/model/error.hpp"

namespace skald {

/// Everything about `input` that does not fit the definition's declared fields, each with its JSON
/// Pointer below `base`, e.g. "/input/amount". Empty: acceptable.
[[nodiscard]] std::vector<Finding> check_input(const Definition& definition, const Json& input,
                                               const std::string& base);

/// The business key that `input` carries; empty if it carries none, or is not acceptable.
[[nodiscard]] std::string business_key_of(const Definition& definition, const Json& input);

}  // namespace skald
