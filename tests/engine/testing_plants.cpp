#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "engine/testing/matrix.hpp"
#include "sagas/money_transfer.hpp"
#include "tests/engine/core_build.hpp"
#include "tests/engine/core_tables.hpp"
#include "tests/engine/testing_definitions.hpp"

/// Definitions and participants with bugs planted in them: each has to be found, with the shortest
/// way to it.
namespace skald::test {

namespace {

using namespace std::chrono_literals;
using testing::Report;
using testing::unwind_matrix;

/// The columns of `row` in which something failed, in the order of the alphabet.
std::string failing(const Report& report, std::string_view row) {
  std::set<std::string> columns;
  for (const auto& cell : report.cells)
    if (cell.row == row && cell.failed > 0) columns.insert(cell.column);
  std::string text;
  for (const auto& column : columns) text += (text.empty() ? "" : ", ") + column;
  return text;
}
bool contains(const std::string& columns, std::string_view column) {
  return (", " + columns + ",").find(", " + std::string(column) + ",") != std::string::npos;
}

std::string first_of(const std::vector<std::string>& texts) {
  return texts.empty() ? "" : texts.front();
}

/// A value that needs what `step` answered.
Value id_of(std::string step) {
  return {[step](const SagaView& saga, const EventView&) { return saga.output(step).at("id"); },
          Json()};
}

/// A state that is entered on `event` from `state`, and that nothing leads out of in fact.
Build limbo(const std::string& state, const std::string& event) {
  Build b;
  b.d = approval();
  // Without a guard the row that is there already would be told as never taken.
  b.row(state, event, "Limbo").guard =
      Guard{"always", [](const auto&, const auto&) { return true; }};
  b.always("Limbo", "Done").guard = Guard{"never", [](const auto&, const auto&) { return false; }};
  // The new row comes first.
  std::rotate(b.d.transitions.begin(), b.d.transitions.end() - 2, b.d.transitions.end());
  return b;
}

}  // namespace

TEST_CASE("an undo whose body can never be made is found wherever the saga unwinds") {
  Definition broken = approval();
  step(broken, "book").undo->body = {[](const SagaView&, const EventView&) -> nlohmann::json {
                                       throw std::runtime_error("there is no such field");
                                     },
                                     Json()};
  const Report report = unwind_matrix(broken, {.depth = 1});
  CHECK_FALSE(report.passed());
  CHECK(failing(report, "pay") == "defect, never reached, refused");
  CHECK(failing(report, "book") == "never answers, never hears, never ready");
  CHECK(failing(report, "the saga") == "cancel, compensate, deadline, time");
  REQUIRE_FALSE(report.failures.empty());
  for (const auto& failure : report.failures) {
    CHECK(failure.injections.size() == 1);
    CHECK(first_of(failure.reasons)
              .starts_with("it does not end although everything works again: it is stuck: the undo "
                           "of step 'book' needs an operator"));
    CHECK(failure.trace.size() > 3);
  }
  CHECK(report.text().find("there is no such field") != std::string::npos);
}

TEST_CASE("a request that can be made only when an operator tries again is found") {
  Build b;
  b.d = approval();
  // Nothing has failed when nobody approves for a day; that this cannot be told is the failure that
  // can be told at the next try.
  for (auto& transition : b.d.transitions)
    if (transition.trigger == TriggerKind::after) transition.target = b.state("Telling");
  b.calls("Telling", "tell").of("tell").kind = StepKind::retriable;
  b.of("tell").undo.reset();
  b.of("tell").call.body = {
      [](const SagaView& saga, const EventView&) { return saga.error().at("message"); }, Json()};
  b.row("Telling", "tell.done", "Refused");
  const Report report = unwind_matrix(b.d, {.depth = 1});
  CHECK(failing(report, "the saga") == "time");
  REQUIRE_FALSE(report.failures.empty());
  CHECK(first_of(report.failures.front().reasons)
            .starts_with("it needs an operator although nobody failed it: the request body of "
                         "'tell' cannot be made"));
}

TEST_CASE("an undo that relies on an answer that was lost is found, and only there") {
  Definition broken = probing();
  step(broken, "book").probe.reset();
  step(broken, "book").undo->body = id_of("book");
  const Report report = unwind_matrix(broken, {.depth = 1});
  CHECK(failing(report, "book") == "never answers, never hears, never ready");
  CHECK(failing(report, "pay") == "");
  CHECK(first_of(report.failures.front().injections).starts_with("'book': never "));
}

TEST_CASE("a refusal that leads nowhere is found") {
  const Report report = unwind_matrix(limbo("Booking", "book.failed").d, {.depth = 1});
  // What stays unknown unwinds to where a refusal would lead.
  CHECK(failing(report, "book") ==
        "defect, never answers, never hears, never reached, never ready, refused");
  CHECK(first_of(report.failures.front().reasons).find("from state 'Limbo'") != std::string::npos);
}

TEST_CASE("a signal that leads nowhere is found, on time and early") {
  const Report on_time = unwind_matrix(limbo("Booking", "approved").d, {.depth = 1});
  CHECK(failing(on_time, "signal approved") == "on time");
  Build b = limbo("Paying", "approved");
  const Report early = unwind_matrix(b.d, {.depth = 1});
  CHECK(contains(failing(early, "signal approved"), "early"));
}

TEST_CASE("a timer that leads nowhere is found when replies are late or fail once") {
  Build b = limbo("Booking", "nothing");
  b.d.transitions[0].trigger = TriggerKind::after;
  b.d.transitions[0].timer = Timer{150ms, {}};
  const Report report = unwind_matrix(b.d, {.depth = 1});
  CHECK(failing(report, "the saga") == "time");
  for (const char* const column : {"unreachable", "working", "lost", "late", "slow"})
    CHECK_MESSAGE(contains(failing(report, "book"), column), column);
}

TEST_CASE("participants that forget what they did are found") {
  const Report report =
      unwind_matrix(*sagas::money_transfer(), {.failures_max = 100, .barrier = false});
  for (const char* const column : {"lost", "unheard", "working", "twice", "late", "never answers",
                                   "never hears", "never ready"}) {
    CHECK_MESSAGE(contains(failing(report, "debit-source"), column), column);
  }
  for (const char* const column : {"lost", "working", "twice", "late"})
    CHECK_MESSAGE(contains(failing(report, "undo of debit-source"), column), column, report.text());
  CHECK(contains(failing(report, "the saga"), "restart"));
  CHECK(first_of(report.failures.front().reasons) ==
        "'debit-source' took effect 2 times under one key");
  CHECK(report.failures.front().injections == std::vector<std::string>{"'debit-source': twice"});
}

TEST_CASE("a saga that cannot even complete is told at once") {
  Build b = limbo("Booking", "book.done");
  const Report report = unwind_matrix(b.d);
  REQUIRE(report.runs == 1);
  CHECK(first_of(report.problems) ==
        "Already when all goes well the saga does not do what it must.");
  CHECK(
      first_of(report.failures.front().reasons).find("no transition leads on from state 'Limbo'") !=
      std::string::npos);
  Definition unchecked = trip();
  unchecked.steps[0].undo.reset();
  CHECK(first_of(unwind_matrix(unchecked).problems).find("has no undo") != std::string::npos);
}

TEST_CASE("as many failures are told as asked for, the shortest first") {
  const Report report =
      unwind_matrix(*sagas::money_transfer(), {.failures_max = 3, .barrier = false});
  REQUIRE(report.failures.size() == 3);
  CHECK(report.failures[0].trace.size() <= report.failures[1].trace.size());
  CHECK(report.failures[1].trace.size() <= report.failures[2].trace.size());
  CHECK(report.text().find("runs broke a promise") != std::string::npos);
  CHECK(report.json().value().at("failures").size() == 3);
}

}  // namespace skald::test
