// error: skald: process(...) takes an event object
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct paid {};
auto row() { return "A"_s + event<paid> / process(7); }
