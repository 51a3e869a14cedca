// error: skald: a saga is a struct whose operator() gives make_transition_table
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct saga {
  static constexpr std::string_view name = "saga";
};

const auto made = define<saga>();
