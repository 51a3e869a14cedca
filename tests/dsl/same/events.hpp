#pragma once

#include <string>
#include <vector>

/// What the tables of tables.hpp share, whichever library runs them.
namespace skald::test::same {

struct e1 {};
struct e2 {};
struct e3 {
  int amount = 0;
};
struct e4 {
  std::string text{};
};
/// In no table: an event of a type the table does not know.
struct stranger {};

/// What actions did, in order.
using Log = std::vector<std::string>;

/// A dependency that guards look at and actions change.
struct Counter {
  int value = 0;
};

/// One table as one library runs it. A trace has, for each event, whether it was handled, which of
/// the table's states are active (as a row of 0 and 1), and what the actions did meanwhile.
struct SameTable {
  std::string name;
  int alphabet = 0;  ///< how many events it is tried with
  std::vector<std::string> (*trace)(const std::vector<int>& events) = nullptr;
};

std::vector<SameTable> our_tables();
/// Empty where <boost/sml.hpp> is not installed.
std::vector<SameTable> genuine_tables();
/// Genuine tables run by our machine; empty likewise.
std::vector<SameTable> adapted_tables();

}  // namespace skald::test::same
