// Must not compile: the second row is a state, not a row.
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

auto table() { return make_transition_table(*"A"_s = X, "B"_s); }
