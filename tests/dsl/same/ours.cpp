#include <deque>
#include <queue>
#include <string>
#include <vector>

#include "dsl/sml/sm.hpp"
#include "tests/dsl/same/events.hpp"

namespace sml = skald::sml;

#include "tests/dsl/same/tables.hpp"  // after `sml`, which it is written in

namespace skald::test::same {

namespace {

template <class T>
using Machine = sml::sm<T, sml::process_queue<std::queue>, sml::defer_queue<std::deque>>;

}  // namespace

std::vector<SameTable> our_tables() { return all_tables<Machine>(); }

}  // namespace skald::test::same
