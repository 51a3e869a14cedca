// error: skald: the input of a run(...) function needs from_json
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct order {
  int number;
};
const auto price = operation("price").run([](const order&) {});
