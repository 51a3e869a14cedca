#include <doctest/doctest.h>

#include "sagas/money_transfer.hpp"
#include "sagas/order_fulfilment.hpp"
#include "tests/engine/core_explorer.hpp"

namespace skald::test {

namespace {

void explore(const Definition& definition, const std::string& input, Coverage& coverage) {
  Explorer explorer(definition, input);
  const std::string broken = explorer.walk();
  MESSAGE(definition.ref.name, ": ", explorer.situations(), " situations, ", explorer.moves(),
          " moves");
  REQUIRE_MESSAGE(broken.empty(), broken);
  const std::string lost = explorer.dead_end(false);
  CHECK_MESSAGE(lost.empty(), "no end can be reached from here:", lost);
  const std::string ill = explorer.dead_end(true);
  CHECK_MESSAGE(ill.empty(), "it does not end although everything works again:", ill);
  for (const auto& [cell, times] : explorer.coverage()) coverage[cell] += times;
}

TEST_CASE("every situation of the money transfer keeps every promise") {
  Coverage coverage;
  explore(with_two_attempts(*sagas::money_transfer()), R"({"source":"a","target":"b","amount":5})",
          coverage);
}

TEST_CASE("every situation of the order fulfilment keeps every promise") {
  Coverage coverage;
  explore(with_two_attempts(*sagas::order_fulfilment()),
          R"({"order":"o","customer":"c","amount":5,"address":"d",)"
          R"("items":[{"sku":"s","quantity":1}]})",
          coverage);
}

}  // namespace

}  // namespace skald::test
