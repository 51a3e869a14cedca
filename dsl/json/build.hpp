#pragma once

#include "dsl/json/load.hpp"
#include "dsl/json/node.hpp"
#include "dsl/json/report.hpp"

namespace skald::document {

/// The Definition that `document`, of the full form, describes. Names, types, references and
/// expressions are checked on the way; what is wrong goes into the report, and then the Definition
/// is of use only for the checks of the whole, and for them only when !report.is_broken().
[[nodiscard]] Definition build(const Node& document, const LoadOptions& options, Report& report);

}  // namespace skald::document
