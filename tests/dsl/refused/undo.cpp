// error: skald: undo(...) takes an operation
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

const auto debit = operation("debit").post("p", "/");
auto row() { return "A"_s + on_entry<_> / call(debit).undo(call(debit)); }
