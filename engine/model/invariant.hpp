#pragma once

#include <string_view>

namespace skald {

/// Ends the process with `what` and the place in the source when `holds` is false.
///
/// For facts the engine itself guarantees, in every build type: going on with a broken invariant
/// could turn into an undo that is claimed but never happened. Never for input; that is refused
/// with an Error.
///
/// The place is taken with the builtins, because clang 14 has no std::source_location.
void invariant(bool holds, std::string_view what, const char* file = __builtin_FILE(),
               int line = __builtin_LINE());

}  // namespace skald
