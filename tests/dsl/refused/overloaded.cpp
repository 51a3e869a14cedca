// error: skald: an action has one call operator
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct paid {};
struct both {
  void operator()() const {}
  void operator()(const paid&) const {}
};
auto row() { return "A"_s + event<paid> / both{}; }
