// error: skald: a guard takes the saga's data as const nlohmann::json&
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct paid {};
auto row() {
  return "A"_s + event<paid>[([](nlohmann::json&) { return true; })] = X;
}
