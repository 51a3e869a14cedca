// error: skald: sm knows the policies
#include "dsl/sml/sm.hpp"

using namespace skald::sml;

struct paid {};
struct table {
  auto operator()() const { return make_transition_table(*"A"_s + event<paid> = X); }
};

void run() { sm<table, int> machine; }
