// Must not compile: a table without rows.
#include "dsl/sml/sml.hpp"

auto table() { return skald::sml::make_transition_table(); }
