// error: skald: an action takes the event by const reference or by value
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct paid {
  int amount;
};
auto row() {
  return "A"_s + event<paid> / [](paid& event) { event.amount = 0; };
}
