// error: skald: write on_entry<_> and on_exit<_>
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct paid {};
auto row() {
  return "A"_s + on_entry<paid> / [] {};
}
