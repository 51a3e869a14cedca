// error: dependency_not_given<bank>
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

const auto made = define<saga>();
