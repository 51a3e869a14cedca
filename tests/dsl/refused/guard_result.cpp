// error: skald: a guard gives bool
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct paid {};
auto row() {
  return "A"_s + event<paid>[([] { return 1; })] = X;
}
