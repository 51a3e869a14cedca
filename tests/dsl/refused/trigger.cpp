// error: skald: after '+' stands event<T>
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

auto row() {
  return "A"_s + [] {};
}
