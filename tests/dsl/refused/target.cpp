// error: skald: after '=' stands a state
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct paid {};
auto row() { return "A"_s + event<paid> = 5; }
