// error: skald: a row reads: state + event [guard] / action = state
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

auto table() { return make_transition_table(*"A"_s = X, "B"_s); }
