// error: skald: join<_> is for composite states
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct plain {};
auto row() { return *state<plain> + join<_> = X; }
