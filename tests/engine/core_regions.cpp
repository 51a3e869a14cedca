#include "engine/core/turn.hpp"
#include "tests/engine/core_build.hpp"
#include "tests/engine/core_driver.hpp"

/// Regions side by side, what is run on the way in and out, history, and events nobody expected.
namespace skald::test {

namespace {

using Names = std::vector<std::string>;

Receive told(std::string signal) { return {std::move(signal), {}}; }

TEST_CASE("an event reaches every region, and in each the innermost state decides") {
  Build b;
  b.signal("go");
  b.initial("A").initial("B");
  b.row("A", "go", "A2");
  b.row("B", "go", "B2");
  b.row("A2", "go", "A");
  Driver driver(b.d);
  driver.start();
  driver.send(told("go"));
  CHECK(where(driver) == "A2 B2");
  driver.send(told("go"));
  CHECK(where(driver) == "A B2");
}

TEST_CASE("a composite state handles only what nothing inside it handles") {
  Build b;
  b.signal("go");
  b.initial("Outer").initial("In", "Outer");
  b.state("In2", "Outer");
  b.row("In", "go", "In2");
  b.row("Outer", "go", "Left");
  Driver driver(b.d);
  driver.start();
  driver.send(told("go"));
  CHECK(where(driver) == "In2");
  driver.send(told("go"));
  CHECK(where(driver) == "Left");
}

TEST_CASE("leaving runs exits from the inside out, then the transition, then the entry") {
  Build b;
  b.signal("go");
  b.initial("Outer").initial("In", "Outer");
  b.at("In").on_exit = {say("exit-in")};
  b.at("Outer").on_exit = {say("exit-outer")};
  b.at("Outer").on_entry = {say("enter-outer")};
  b.at("In").on_entry = {say("enter-in")};
  b.at("Next").on_entry = {say("enter-next")};
  b.row("Outer", "go", "Next").actions = {say("go")};
  Driver driver(b.d);
  driver.start();
  driver.send(told("go"));
  CHECK(said(driver.saga) == "enter-outer enter-in exit-in exit-outer go enter-next");
}

TEST_CASE("a region with a history goes on where it was left, unless it had ended") {
  Build b;
  b.signal("step");
  b.signal("out");
  b.signal("in");
  b.initial("Work").initial("One", "Work");
  b.at("One").history = true;
  b.state("Two", "Work");
  b.final("End", Final::success, "Work");
  b.row("One", "step", "Two");
  b.row("Two", "step", "End");
  b.row("Work", "out", "Break");
  b.row("Break", "in", "Work");
  Driver driver(b.d);
  driver.start();
  for (const char* signal : {"step", "out", "in"}) driver.send(told(signal));
  CHECK(where(driver) == "Two");
  for (const char* signal : {"step", "out", "in"}) driver.send(told(signal));
  CHECK(where(driver) == "One");
}

TEST_CASE("an event nothing handles is taken as an unexpected one") {
  Build b;
  b.signal("a");
  b.signal("b");
  b.signal("c");
  b.initial("S");
  b.row("S", "a").actions = {say("a")};
  auto& only_b = b.row("S", "b");
  only_b.trigger = TriggerKind::unexpected;
  only_b.actions = {say("unexpected-b")};
  auto& others = b.row("S", "c");
  others.trigger = TriggerKind::unexpected;
  others.any = true;
  others.actions = {say("unexpected")};
  Driver driver(b.d);
  driver.start();
  for (const char* signal : {"a", "b", "c"}) driver.send(told(signal));
  CHECK(said(driver.saga) == "a unexpected-b unexpected");
}

TEST_CASE("a row for any event takes its turn among the others") {
  Build b;
  b.signal("a");
  b.signal("b");
  b.initial("S");
  b.row("S", "a").actions = {say("a")};
  auto& any = b.row("S", "b");
  any.trigger = TriggerKind::any_event;
  any.actions = {say("any")};
  Driver driver(b.d);
  driver.start();
  driver.send(told("a"));
  driver.send(told("b"));
  CHECK(said(driver.saga) == "a any");
}

TEST_CASE("a raised event is handled after the present one, and sees its payload") {
  Build b;
  b.signal("go");
  b.initial("S").final("End");
  const RaiseEvent raise{b.event("inner"), always_is({{"n", 3}})};
  b.row("S", "go", "T").actions = {raise, say("go")};
  b.row("T", "inner", "End").guard =
      Guard{"three", [](const SagaView&, const EventView& event) {
              return event.name == "inner" && event.payload.at("n") == 3;
            }};
  Driver driver(b.d);
  driver.start();
  driver.send(told("go"));
  CHECK(driver.saga.status == Status::completed);
}

/// Two quotes side by side; the first one is enough.
Build quotes() {
  Build b;
  b.initial("Quoting").initial("AskA", "Quoting").initial("AskB", "Quoting");
  b.calls("AskA", "a").calls("AskB", "b");
  b.final("HasA", Final::success, "Quoting").final("HasB", Final::success, "Quoting");
  b.at("Quoting").join = 1;
  b.row("AskA", "a.done", "HasA");
  b.row("AskB", "b.done", "HasB");
  b.joined("Quoting", "Ordering");
  b.calls("Ordering", "order").final("Ordered").final("Gone", Final::failure);
  b.row("Ordering", "order.done", "Ordered");
  b.row("Ordering", "order.failed", "Gone").actions = {UnwindAll{}};
  return b;
}

TEST_CASE("a join of one abandons the other region: what it did is undone while the saga goes on") {
  Driver driver(quotes().d);
  driver.start();
  driver.answer("b", done());
  CHECK(where(driver) == "Ordering");
  driver.answer("a", done());  // late, and not needed
  CHECK(driver.calls == Names{"a", "b", "order", "undo a"});
  driver.answer("order", done());
  CHECK(driver.saga.status == Status::running);
  driver.answer("undo a", done());
  CHECK(driver.saga.status == Status::completed);
}

TEST_CASE("an abandoned step that is refused, or stays unknown, raises nothing") {
  Build b = quotes();
  b.of("a").retry.attempts = 1;
  Driver refusing(b.d);
  refusing.start();
  refusing.answer("b", done());
  refusing.answer("a", refused());
  refusing.answer("order", done());
  CHECK(refusing.saga.status == Status::completed);
  Driver losing(b.d);
  losing.start();
  losing.answer("b", done());
  losing.answer("a", lost());
  CHECK(losing.calls.back() == "undo a");
  losing.answer("undo a", done());
  losing.answer("order", done());
  CHECK(losing.saga.status == Status::completed);
}

TEST_CASE("an unwinding after a join undoes what is left, once") {
  Driver driver(quotes().d);
  driver.start();
  driver.answer("a", done());
  driver.answer("b", done());
  driver.answer("undo b", done());
  driver.answer("order", refused());
  driver.answer("undo a", done());
  CHECK(driver.saga.status == Status::compensated);
  CHECK(driver.calls == Names{"a", "b", "order", "undo b", "undo a"});
}

}  // namespace

}  // namespace skald::test
