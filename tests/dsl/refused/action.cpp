// error: skald: an action is call(...), unwind
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

auto row() { return "A"_s + on_entry<_> / 42; }
