// error: skald: a transition table needs at least one row
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

auto table() { return make_transition_table(); }
