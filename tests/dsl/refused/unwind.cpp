// error: skald: 'unwind' needs a target to go to when it is done
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct paid {};
auto table() { return make_transition_table(*"A"_s + event<paid> / unwind, "A"_s = X); }
