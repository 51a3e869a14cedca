// Compiles, so that the other files fail for what is in them and nothing else.
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

auto table() { return make_transition_table(*"A"_s = X); }
