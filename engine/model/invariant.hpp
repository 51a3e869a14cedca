#pragma once

#include <source_location>
#include <string_view>

namespace skald {

/// Ends the process with `what` and the place in the source when `holds` is false.
///
/// For facts the engine itself guarantees, in every build type: going on with a broken invariant
/// could turn into an undo that is claimed but never happened. Never for input; that is refused
/// with an Error.
void invariant(bool holds, std::string_view what,
               std::source_location where = std::source_location::current());

}  // namespace skald
