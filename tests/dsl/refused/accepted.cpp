// error: none: it compiles, so that the other files fail for what is in them and nothing else.
#include <nlohmann/json.hpp>

#include "dsl/sml/sm.hpp"
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

struct paid {};
struct bank {
  int money = 0;
};
struct saga {
  static constexpr std::string_view name = "saga";
  auto operator()() const {
    return make_transition_table(*"A"_s + event<paid> / [](bank& b) { b.money = 0; } = X);
  }
};

void run() {
  bank open;
  const auto made = define<saga>(open);
  const sm<saga> machine{open};
}
