// error: skald: call(...) takes an operation
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

auto row() { return "A"_s + on_entry<_> / call("debit"); }
