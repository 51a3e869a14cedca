#pragma once

#include <string_view>

#include "dsl/json/load.hpp"
#include "engine/model/definition.hpp"

namespace skald::bench {

/// The definition in a document, whose functions are `natives` and whose one participant is "peer".
/// One that is refused ends the process with the reasons.
[[nodiscard]] Definition definition_in(std::string_view text, document::Natives natives = {});

}  // namespace skald::bench
