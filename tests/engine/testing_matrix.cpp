#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "engine/testing/doctest.hpp"
#include "sagas/money_transfer.hpp"
#include "sagas/order_fulfilment.hpp"
#include "tests/engine/core_build.hpp"
#include "tests/engine/core_tables.hpp"
#include "tests/engine/testing_definitions.hpp"

namespace skald::test {

using testing::Cell;
using testing::MatrixOptions;
using testing::Report;
using testing::unwind_matrix;

namespace {

const Cell* cell(const Report& report, std::string_view row, std::string_view column) {
  for (const auto& cell : report.cells)
    if (cell.row == row && cell.column == column) return &cell;
  return nullptr;
}

}  // namespace

TEST_CASE("the unwinding of the model sagas works, whatever two things go wrong") {
  SKALD_CHECK_UNWINDS(*sagas::money_transfer());
  SKALD_CHECK_UNWINDS(*sagas::order_fulfilment(), {.runs_max = 1'500});
}

TEST_CASE("so does that of sagas with signals, timers, regions, lists and probes") {
  SKALD_CHECK_UNWINDS(trip(), {.depth = 1});
  SKALD_CHECK_UNWINDS(journey(), {.depth = 1});
  SKALD_CHECK_UNWINDS(approval(), {.runs_max = 1'500});
  SKALD_CHECK_UNWINDS(probing(), {.runs_max = 1'500});
  SKALD_CHECK_UNWINDS(listing(), {.runs_max = 600});
  SKALD_CHECK_UNWINDS(racing(), {.runs_max = 600});
}

TEST_CASE("of two things that happen to the same attempt of an undo the later one counts") {
  Build b("withdrawing");
  b.signal("withdrawn");
  b.initial("Booking").calls("Booking", "book");
  b.row("Booking", "book.done", "Booked");
  b.row("Booking", "book.failed", "Refused").actions.emplace_back(UnwindAll{});
  b.row("Booked", "withdrawn", "Refused").actions.emplace_back(UnwindAll{});
  b.final("Refused", Final::failure);
  const Report report = unwind_matrix(b.d);
  CHECK_MESSAGE(report.passed(), report.text());
  REQUIRE(cell(report, "undo of book", "slow") != nullptr);
  CHECK(cell(report, "undo of book", "slow")->runs > 1);
}

TEST_CASE("every step, undo and transition is met by every kind of trouble") {
  const Report report = unwind_matrix(*sagas::money_transfer());
  CHECK(report.complete);
  CHECK(report.runs == 926);
  for (const char* const row : {"debit-source", "undo of debit-source", "credit-target"})
    for (const char* const column :
         {"refused", "defect", "lost", "unheard", "working", "unreachable", "twice", "late", "slow",
          "never answers", "never hears", "never reached", "never ready"}) {
      REQUIRE_MESSAGE(cell(report, row, column) != nullptr, row, " ", column);
      CHECK(cell(report, row, column)->runs > 0);
    }
  for (const char* const column : {"restart", "cancel", "compensate", "time"})
    CHECK_MESSAGE(cell(report, "the saga", column)->runs > 10, column);
  CHECK(cell(report, "undo of credit-target", "refused") == nullptr);
}

TEST_CASE("signals come early, on time and late") {
  const Report report = unwind_matrix(approval(), {.depth = 1});
  CHECK(report.passed());
  for (const char* const column : {"early", "on time", "late"})
    CHECK_MESSAGE(cell(report, "signal approved", column) != nullptr, column, "\n", report.text());
  CHECK(cell(report, "the saga", "deadline")->runs > 3);
}

TEST_CASE("a signal that unwinds is not sent while time leads on") {
  Definition withdrawn = approval();
  auto& ways = withdrawn.transitions;
  std::swap(ways[0].target, ways[1].target);
  ways[0].actions.emplace_back(UnwindAll{});
  const Report report = unwind_matrix(withdrawn, {.depth = 1});
  CHECK_MESSAGE(report.passed(), report.text());
  CHECK_MESSAGE(cell(report, "pay", "lost") != nullptr, report.text());
}

TEST_CASE("a signal that unwinds is sent when nothing else leads on") {
  Build b("held");
  b.signal("withdrawn");
  b.initial("Booking").final("Refused", Final::failure);
  b.calls("Booking", "book");
  b.row("Booking", "book.done", "Held");
  b.row("Booking", "book.failed", "Refused").actions.emplace_back(UnwindAll{});
  b.row("Held", "withdrawn", "Refused").actions.emplace_back(UnwindAll{});
  const Report report = unwind_matrix(b.d, {.depth = 1});
  CHECK_MESSAGE(report.passed(), report.text());
  CHECK_MESSAGE(cell(report, "undo of book", "lost") != nullptr, report.text());
}

TEST_CASE("what had no occasion is not counted, and policies are cut") {
  const Report report = unwind_matrix(approval(), {.runs_max = 400});
  for (const auto& cell : report.cells) CHECK_FALSE(cell.column.empty());
  const auto runs = [](std::uint32_t attempts) {
    Definition patient = approval();
    step(patient, "book").retry.attempts = 50;
    return unwind_matrix(patient, {.depth = 1, .attempts = attempts}).text();
  };
  CHECK(runs(2) == unwind_matrix(approval(), {.depth = 1, .attempts = 2}).text());
}

TEST_CASE("the same definition gives the same report") {
  const MatrixOptions options{.depth = 1};
  CHECK(unwind_matrix(*sagas::order_fulfilment(), options).text() ==
        unwind_matrix(*sagas::order_fulfilment(), options).text());
}

TEST_CASE("a report says what was not tried") {
  const Report limited = unwind_matrix(*sagas::money_transfer(), {.runs_max = 50});
  CHECK(limited.runs == 50);
  CHECK_FALSE(limited.complete);
  CHECK(limited.passed());
  CHECK(limited.text().find("not everything was tried") != std::string::npos);
}

TEST_CASE("a report is readable, and readable by programs") {
  const Report report = unwind_matrix(trip(), {.depth = 1});
  const std::string text = report.text();
  CHECK(text.starts_with("trip v1: "));
  CHECK(text.find(" runs, every promise kept\ninput: {}\n") != std::string::npos);
  CHECK(text.find("\nbook        1  ") != std::string::npos);
  const auto json = report.json().value();
  CHECK(json.at("passed") == true);
  CHECK(json.at("runs") == report.runs);
  CHECK(json.at("cells").size() == report.cells.size());
  CHECK(json.at("cells").at(0).at("row") == "book");
  CHECK(json.at("failures").empty());
}

TEST_CASE("the input is made from the schema, or taken, and must fit") {
  const auto made = unwind_matrix(*sagas::money_transfer(), {.depth = 0});
  CHECK(made.input.text() == R"({"amount":1,"source":"a","target":"a"})");
  CHECK(made.runs == 1);
  const auto given = Json(nlohmann::json{{"source", "x"}, {"target", "y"}, {"amount", 7}});
  const auto taken = unwind_matrix(*sagas::money_transfer(), {.input = given, .depth = 0});
  CHECK(taken.input == given);
  const auto wrong = unwind_matrix(*sagas::money_transfer(), {.input = Json(nlohmann::json{})});
  CHECK_FALSE(wrong.passed());
  CHECK(wrong.runs == 0);
  CHECK(wrong.text().find("The input does not fit:  must be an object") != std::string::npos);
  Definition picky = trip();
  picky.input.check = [](const nlohmann::json&, const std::string& base) {
    return std::vector<Finding>{{base + "/code", "must match ^[A-Z]{3}$", "PATTERN"}};
  };
  const auto unmade = unwind_matrix(picky);
  CHECK(unmade.problems ==
        std::vector<std::string>{"No input can be made, give one: /code must match ^[A-Z]{3}$"});
}

}  // namespace skald::test
