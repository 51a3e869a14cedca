// error: skald: a state is called with H only
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

auto row() { return "A"_s(X) = X; }
