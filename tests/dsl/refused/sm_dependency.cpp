// error: dependency_not_given<bank>
#include "dsl/sml/sm.hpp"

using namespace skald::sml;

struct paid {};
struct bank {
  int money;
};
struct table {
  auto operator()() const {
    return make_transition_table(*"A"_s + event<paid> / [](bank& b) { b.money = 0; } = X);
  }
};

void run() { sm<table> machine; }
