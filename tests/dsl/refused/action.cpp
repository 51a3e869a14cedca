// Must not compile: a number is no action.
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

auto table() { return make_transition_table(*"A"_s + on_entry<_> / 42, "A"_s = X); }
