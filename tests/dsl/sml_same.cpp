#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "tests/dsl/same/events.hpp"

/// A table written for [Boost::ext].SML takes the same transitions here. The traces below are what
/// SML 1.1.13 makes of the tables in same/tables.hpp; where <boost/sml.hpp> is installed both are
/// run side by side on every short sequence of events, and on random long ones.
namespace skald::test {

namespace {

using namespace same;
using Events = std::vector<int>;

struct Known {
  std::string table;
  Events events;
  std::vector<std::string> trace;
};

const std::vector<Known>& known_traces() {
  static const std::vector<Known> traces{
      {"basics",
       {0, 2, 3, 2, 2, 4, 0, 3, 3, 2, 0, 0},
       {"1000", "y 0100 begin", "y 0100 small", "y 0100 big very", "y 0100 small", "y 0010 odd",
        "y 1000 text", "y 0100 begin", "y 0100 small", "y 0100 small", "y 0010 odd", "y 0001",
        "n 0001"}},
      {"spellings",
       {0, 0, 1, 3, 6, 0, 2, 4, 0},
       {"100", "y 010 go", "n 010", "y 010 again", "y 010 inside", "y 100", "y 010 go",
        "y 010 inside", "y 001", "n 001"}},
      {"entries",
       {0, 0, 1, 2, 0, 3, 3, 2},
       {"100 +a", "y 010 -a a>b +b ++b", "y 010 -b b>b +b ++b", "y 010 b", "y 100 -b b>a +a",
        "y 010 -a a>b +b ++b", "y 100 -b b>a +a", "n 100", "y 001 -a"}},
      {"anonymous",
       {0, 0, 0, 1, 0},
       {"010000 started", "y 010000", "y 010000", "y 010000 third a b", "y 000001", "n 000001"}},
      {"regions",
       {0, 0, 2, 1, 0, 2},
       {"1010100!", "y 0101100 a p", "y 0110100 q", "y 0010101 seen", "y 0010011", "y 0001011 p",
        "y 0000011? end"}},
      {"composite",
       {0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0},
       {"1000/100", "y 0100/100 +inner +idle", "y 0100/010 -idle inner +on",
        "y 1000/010 -on -inner out", "y 0100/100 +inner +idle", "y 0100/010 -idle inner +on",
        "y 0100/001 -on", "y 0010/001 -inner outer", "y 0100/100 +inner +idle",
        "y 0100/010 -idle inner +on", "y 1000/010 -on -inner out", "y 0100/100 +inner +idle"}},
      {"nested",
       {0, 1, 4, 2, 0, 2, 0, 2, 1},
       {"10/10100/100", "y 10/10100/010", "y 10/10010/001 deep", "y 10/10010/001 outer",
        "y 10/01010/001 middle", "y 10/01001/001", "y 01/00001/001 ended", "y 10/10100/100",
        "y 10/01100/100 middle", "y 10/01010/100"}},
      {"history",
       {1, 0, 1, 1, 0, 2, 0, 1, 0},
       {"10/10010", "y 01/10010", "y 01/01001", "y 10/01001", "y 01/01010", "y 01/00101",
        "y 01/00110", "y 01/10001", "y 10/10001", "n 10/10001"}},
      {"unexpected",
       {1, 5, 3, 2, 0, 0, 1, 5},
       {"1010", "n 1001 e2", "y 1010 strange", "n 1010", "y 1010 small", "y 0110",
        "n 0110 no e1 in b", "y 1001 e2", "y 1010 strange"}},
      {"any_event",
       {0, 5, 1, 1, 3, 2, 2},
       {"10", "y 10 e1", "n 10", "y 01 any", "y 10 e2", "y 01 any", "y 10 e3", "y 01 any"}},
      {"deferring",
       {0, 4, 0, 1, 1, 4, 2},
       {"1000", "y 1000", "y 1000", "y 1000", "y 1000 b text d", "y 0100", "y 0100 text",
        "y 1000"}},
      {"processing",
       {0, 4, 1, 2, 0},
       {"1000", "y 1000 first e1 hello", "y 1000 text", "y 1000 hello", "n 1000",
        "y 1000 first e1 hello"}},
      {"members",
       {2, 3, 0, 3, 2},
       {"10", "y 10 poor", "y 01 spent", "y 10 held", "y 10 poor", "y 10 poor"}},
  };
  return traces;
}

const SameTable& named(const std::vector<SameTable>& tables, const std::string& name) {
  return *std::find_if(tables.begin(), tables.end(),
                       [&](const SameTable& table) { return table.name == name; });
}

TEST_CASE("tables written for SML take the transitions that SML takes") {
  const auto ours = our_tables();
  CHECK(ours.size() == known_traces().size());
  for (const auto& known : known_traces()) {
    CAPTURE(known.table);
    CHECK(named(ours, known.table).trace(known.events) == known.trace);
  }
}

/// Both make the same of the events.
void compare(const SameTable& ours, const SameTable& theirs, const Events& events) {
  const auto expected = theirs.trace(events), got = ours.trace(events);
  if (expected == got) return;
  CAPTURE(ours.name);
  CAPTURE(events);
  CHECK(got == expected);
}

/// The `number`-th of all sequences of this length.
Events sequence(long number, int alphabet, std::size_t length) {
  Events events;
  for (; events.size() < length; number /= alphabet)
    events.push_back(static_cast<int>(number % alphabet));
  return events;
}

/// Both make the same of every short sequence, and of random long ones.
void compare_all(const SameTable& ours, const SameTable& theirs) {
  long total = 1;
  for (std::size_t length = 0; length <= 4; ++length, total *= ours.alphabet)
    for (long i = 0; i < total; ++i) compare(ours, theirs, sequence(i, ours.alphabet, length));
  std::mt19937 random(20261121);
  std::uniform_int_distribution<int> any(0, ours.alphabet - 1);
  for (int i = 0; i < 200; ++i) {
    Events events(25);
    std::generate(events.begin(), events.end(), [&] { return any(random); });
    compare(ours, theirs, events);
  }
}

TEST_CASE("where the genuine SML is installed, it and we make the same of every sequence") {
  const auto ours = our_tables();
  for (const auto& theirs : genuine_tables()) compare_all(named(ours, theirs.name), theirs);
}

TEST_CASE("a genuine SML table runs here as it does there") {
  const auto adapted = adapted_tables();
  for (const auto& theirs : genuine_tables()) compare_all(named(adapted, theirs.name), theirs);
}

TEST_CASE("the known traces are those of the genuine SML") {
  const auto genuine = genuine_tables();
  for (const auto& known : known_traces())
    if (!genuine.empty()) CHECK(named(genuine, known.table).trace(known.events) == known.trace);
}

}  // namespace

}  // namespace skald::test
