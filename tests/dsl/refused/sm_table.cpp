// error: skald: sm<T> is of a struct whose operator() gives make_transition_table
#include "dsl/sml/sm.hpp"

using namespace skald::sml;

struct table {};

void run() { sm<table> machine; }
