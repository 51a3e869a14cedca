#include "tests/engine/core_build.hpp"
#include "tests/engine/core_driver.hpp"

/// In which order undos are done, and what is left to operators.
namespace skald::test {

namespace {

using Names = std::vector<std::string>;

/// a, then b, then c, then d, which is refused.
Build chain() {
  Build b;
  b.initial("A").final("End").final("Gone", Final::failure);
  const Names names{"a", "b", "c", "d"};
  const Names states{"A", "B", "C", "D", "End"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    b.calls(states[i], names[i]);
    b.row(states[i], names[i] + ".done", states[i + 1]);
  }
  b.row("D", "d.failed", "Gone").actions = {UnwindAll{}};
  return b;
}

Driver refused_at_d(Definition definition) {
  Driver driver(std::move(definition));
  driver.start();
  for (const char* step : {"a", "b", "c"}) driver.answer(step, done());
  driver.answer("d", refused());
  return driver;
}

Names undos(const Driver& driver) {
  Names all;
  for (const auto& call : driver.in_flight) all.push_back(driver.name(call));
  return all;
}

TEST_CASE("reverse: one at a time") {
  Driver driver = refused_at_d(chain().d);
  CHECK(undos(driver) == Names{"undo c"});
}

TEST_CASE("parallel: all at once") {
  Build b = chain();
  b.d.unwind_order = UnwindOrder::parallel;
  Driver driver = refused_at_d(b.d);
  CHECK(undos(driver) == Names{"undo c", "undo b", "undo a"});
  for (const char* undo : {"undo a", "undo c", "undo b"}) driver.answer(undo, done());
  CHECK(driver.saga.status == Status::compensated);
}

TEST_CASE("dependency: a step when what builds on it is undone") {
  Build b = chain();
  b.d.unwind_order = UnwindOrder::dependency;
  b.of("c").depends_on = {b.step("a")};
  Driver driver = refused_at_d(b.d);
  CHECK(undos(driver) == Names{"undo c", "undo b"});
  driver.answer("undo b", done());
  CHECK(undos(driver) == Names{"undo c"});
  driver.answer("undo c", done());
  CHECK(undos(driver) == Names{"undo a"});
  driver.answer("undo a", done());
  CHECK(driver.saga.status == Status::compensated);
}

TEST_CASE("an undo that cannot be confirmed stops the others, or not, as declared") {
  Build b = chain();
  SUBCASE("park") {
    Driver driver = refused_at_d(b.d);
    driver.answer("undo c", refused());
    CHECK(driver.saga.status == Status::stuck);
    CHECK(undos(driver).empty());
    driver.send(Skip{"c", Skip::As::done, {}, "by hand"});
    CHECK(undos(driver) == Names{"undo b"});
  }
  SUBCASE("continue") {
    b.d.on_undo_failure = OnUndoFailure::continue_with;
    Driver driver = refused_at_d(b.d);
    driver.answer("undo c", refused());
    CHECK(driver.saga.status == Status::stuck);
    CHECK(undos(driver) == Names{"undo b"});
    driver.answer("undo b", done());
    driver.answer("undo a", done());
    CHECK(driver.saga.status == Status::stuck);
    driver.send(Skip{"c", Skip::As::done, {}, "by hand"});
    CHECK(driver.saga.status == Status::compensated);
  }
}

TEST_CASE("a table may park a saga: an operator lets it go on, or has it undone") {
  Build b = chain();
  auto& refusal = b.d.transitions.back();
  refusal.actions = {Park{"the address is wrong"}};
  refusal.target = b.state("D");
  Driver driver = refused_at_d(b.d);
  CHECK(driver.saga.status == Status::stuck);
  CHECK(driver.saga.stuck_reason == "the address is wrong");
  CHECK(where(driver) == "D");
  SUBCASE("it goes on: the step is called again, under a key of its own") {
    driver.send(Retry{"", "mended"});
    CHECK(driver.saga.status == Status::running);
    CHECK(idempotency_key(driver.definition, driver.saga.id, driver.in_flight.back()) ==
          "saga-1/d#2/forward");
    driver.answer("d", done());
    CHECK(driver.saga.status == Status::completed);
  }
  SUBCASE("it is undone") {
    driver.send(Compensate{"no use"});
    for (const char* undo : {"undo c", "undo b", "undo a"}) driver.answer(undo, done());
    CHECK(driver.saga.status == Status::compensated);
  }
}

TEST_CASE("a saga that waits for locks has not begun, and may be cancelled") {
  Build b = chain();
  b.d.locks = {always_is("z"), always_is("account:a"), always_is("z")};
  Driver driver(b.d);
  driver.start();
  CHECK(driver.saga.locks == Names{"account:a", "z"});
  CHECK_FALSE(driver.saga.locked);
  CHECK(driver.saga.active.empty());
  CHECK(driver.saga.status == Status::running);
  SUBCASE("they become its own") {
    driver.send(Locked{});
    CHECK(where(driver) == "A");
    CHECK_FALSE(driver.send(Locked{}).changed);
  }
  SUBCASE("it is cancelled") {
    driver.send(Cancel{"no time"});
    CHECK(driver.saga.status == Status::cancelled);
    CHECK(driver.calls.empty());
  }
}

TEST_CASE("what a saga gives when it completes") {
  Build b;
  b.initial("A").calls("A", "a").final("End").row("A", "a.done", "End");
  b.d.output = {[](const SagaView& saga, const EventView&) {
                  return nlohmann::json{{"a", saga.output("a").at("id")}};
                },
                {}};
  Driver driver(b.d);
  driver.start();
  SUBCASE("from the outputs of its steps") {
    driver.answer("a", done(R"({"id":3})"));
    CHECK(driver.saga.output.text() == R"({"a":3})");
  }
  SUBCASE("what cannot be made does not undo what is done") {
    driver.answer("a", done());
    CHECK(driver.saga.status == Status::completed);
    CHECK(driver.saga.output.is_null());
  }
}

TEST_CASE("a completed child is taken up again when its parent is undone") {
  Build b = chain();
  Driver driver(b.d);
  CHECK(driver.run() == Status::completed);
  CHECK(driver.send(Compensate{"too late"}).refusal);
  driver.send(UndoChild{"the parent is undone"});
  CHECK(driver.saga.status == Status::compensating);
  CHECK_FALSE(driver.send(UndoChild{"again"}).changed);
  CHECK(driver.run() == Status::compensated);
  CHECK(driver.send(UndoChild{"once more"}).refusal);
}

TEST_CASE("a child past its pivot cannot be undone, and says so") {
  Build b = chain();
  b.of("d").kind = StepKind::pivot;
  Driver driver(b.d);
  CHECK(driver.run() == Status::completed);
  const auto refusal = driver.send(UndoChild{"the parent is undone"}).refusal;
  REQUIRE(refusal);
  CHECK(refusal->message ==
        "The child cannot be undone: its pivot is done, so it can only go forward; its status is "
        "'completed'.");
  CHECK(driver.saga.status == Status::completed);
}

TEST_CASE("a child under way is stopped when its parent unwinds") {
  Build b = chain();
  b.of("b").call.target = ChildTarget{"other", 0};
  Driver driver(b.d);
  driver.start();
  driver.answer("a", done());
  const auto decision = driver.send(Cancel{"enough"});
  const auto stops =
      std::count_if(decision.effects.begin(), decision.effects.end(),
                    [](const Effect& effect) { return std::holds_alternative<StopChild>(effect); });
  CHECK(stops == 1);
}

}  // namespace

}  // namespace skald::test
