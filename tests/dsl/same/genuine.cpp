#include <boost/sml.hpp>
#include <deque>
#include <queue>
#include <string>
#include <vector>

#include "tests/dsl/same/events.hpp"

namespace sml = boost::sml;

#include "tests/dsl/same/tables.hpp"  // after `sml`, which it is written in

namespace skald::test::same {

namespace {

template <class T>
using Machine = sml::sm<T, sml::process_queue<std::queue>, sml::defer_queue<std::deque>>;

}  // namespace

std::vector<SameTable> genuine_tables() { return all_tables<Machine>(); }

}  // namespace skald::test::same
