// error: dependency_is_const_but_changed_by_an_action<bank>
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct paid {};
struct bank {
  int money;
};
struct saga {
  static constexpr std::string_view name = "saga";
  auto operator()() const {
    return make_transition_table(*"A"_s + event<paid> / [](bank& b) { b.money = 0; } = X);
  }
};

const bank closed{0};
const auto made = define<saga>(closed);
