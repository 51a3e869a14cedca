// error: skald: a row begins a step with call(...)
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

const auto debit = operation("debit").post("p", "/");
auto row() { return "A"_s + on_entry<_> / debit; }
