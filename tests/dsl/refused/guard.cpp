// error: skald: a guard is a lambda, function object or function that gives bool
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct paid {};
auto row() { return "A"_s + event<paid>["rich"] = X; }
