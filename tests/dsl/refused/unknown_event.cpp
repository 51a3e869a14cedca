// error: dependency_not_given<refunded>
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct paid {};
struct refunded {};
struct saga {
  static constexpr std::string_view name = "saga";
  auto operator()() const {
    return make_transition_table(*"A"_s + event<paid> / [](const refunded&) {} = X);
  }
};

const auto made = define<saga>();
