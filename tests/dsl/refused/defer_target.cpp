// error: skald: on_entry<_>, on_exit<_> and 'defer' leave the state as it is
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct paid {};
auto row() { return "A"_s + event<paid> / defer = "B"_s; }
