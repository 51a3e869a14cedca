// error: a_saga_table_runs_by_define_and_not_by_sm<saga>
#include "dsl/sml/sm.hpp"

using namespace skald::sml;

const auto debit = operation("debit").post("p", "/");
struct saga {
  auto operator()() const {
    return make_transition_table(*"A"_s + on_entry<_> / call(debit), "A"_s + done(debit) = X);
  }
};

void run() { sm<saga> machine; }
