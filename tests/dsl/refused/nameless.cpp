// error: skald: a saga has a name
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct saga {
  auto operator()() const { return make_transition_table(*"A"_s = X); }
};

const auto made = define<saga>();
