#include <doctest/doctest.h>

#include "sagas/money_transfer.hpp"
#include "sagas/order_fulfilment.hpp"
#include "tests/engine/core_explorer.hpp"
#include "tests/engine/core_tables.hpp"

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

constexpr Status statuses[] = {Status::running,   Status::compensating, Status::stuck,
                               Status::completed, Status::compensated,  Status::failed,
                               Status::cancelled, Status::terminated};

std::string table_of(const Coverage& coverage) {
  std::string table;
  for (int kind = 0; kind < kinds; ++kind) {
    std::string line(name_of(static_cast<Kind>(kind)));
    line.resize(22, ' ');
    for (const Status status : statuses)
      line += coverage.count({static_cast<Kind>(kind), status}) > 0 ? " x" : " -";
    table += line + "\n";
  }
  return table;
}

/// Which kind of event (row) met a saga of which status (column): x it did, - it cannot, because
/// nothing is under way any more, or because undos go one at a time and only while compensating.
/// Columns: running, compensating, stuck, completed, compensated, failed, cancelled, terminated;
/// `paused` has no event yet.
constexpr std::string_view cells = R"(
done                   x x x - - - - -
refused                x x x - - - - -
defect                 x x x - - - - -
lost                   x x x - - - - -
unreachable            x x x - - - - -
still working          x x x - - - - -
working too long       x x x - - - - -
undo done              - x - - - - - -
undo refused           - x - - - - - -
undo defect            - x - - - - - -
undo lost              - x - - - - - -
undo unreachable       - x - - - - - -
undo still working     - x - - - - - -
undo working too long  - x - - - - - -
late reply             x x x x x x x x
repeated reply         x x x x x x x x
early tick             x x x x x x x x
retry due              x x x - - - - -
deadline               x x x x x x x x
retry                  x x x x x x x x
skip as done           x x x x x x x x
skip as failed         x x x x x x x x
skip                   x x x x x x x x
compensate             x x x x x x x x
cancel                 x x x x x x x x
restart                x x x - - - - -
)";

TEST_CASE(
    "every situation of three sagas keeps every promise, and every kind of event met every status "
    "it can") {
  Coverage coverage;
  explore(with_attempts(2, *sagas::money_transfer()), R"({"source":"a","target":"b","amount":5})",
          coverage);
  // The journey has what the model sagas lack: one step can be stuck while another goes on.
  explore(with_attempts(1, journey()), "{}", coverage);
  explore(with_attempts(2, *sagas::order_fulfilment()),
          R"({"order":"o","customer":"c","amount":5,"address":"d",)"
          R"("items":[{"sku":"s","quantity":1}]})",
          coverage);
  CHECK_MESSAGE("\n" + table_of(coverage) == cells, "not every cell was met:\n",
                table_of(coverage));
}

}  // namespace

}  // namespace skald::test
