#include "tests/dsl/same/events.hpp"

/// Takes the place of genuine.cpp and adapted.cpp where <boost/sml.hpp> is not installed.
namespace skald::test::same {

std::vector<SameTable> genuine_tables() { return {}; }
std::vector<SameTable> adapted_tables() { return {}; }

}  // namespace skald::test::same
