// error: dependency_not_given<inner>
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct inner {
  explicit inner(int) {}
  auto operator()() const { return make_transition_table(*"A"_s = X); }
};
struct saga {
  static constexpr std::string_view name = "saga";
  auto operator()() const { return make_transition_table(*state<inner> = X); }
};

const auto made = define<saga>();
