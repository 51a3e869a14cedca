// error: skald: run(...) takes a function
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

const auto price = operation("price").run([](int, int, int) {});
