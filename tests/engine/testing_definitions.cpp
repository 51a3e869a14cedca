#include "tests/engine/testing_definitions.hpp"

#include "tests/engine/core_build.hpp"

namespace skald::test {

namespace {

using namespace std::chrono_literals;

/// From `from` on: pay, the pivot, which ends the saga; refused it unwinds.
void pay(Build& b, const std::string& from) {
  b.calls(from, "pay").of("pay").kind = StepKind::pivot;
  b.of("pay").undo.reset();
  b.row(from, "pay.done", "Done");
  b.row(from, "pay.failed", "Refused").actions.emplace_back(UnwindAll{});
  b.final("Done").final("Refused", Final::failure);
}

/// Entering `name` calls `id`; done leads to `next`, refused to Refused.
void book(Build& b, const std::string& name, const std::string& id, const std::string& next) {
  b.calls(name, id);
  b.row(name, id + ".done", next);
  b.row(name, id + ".failed", "Refused").actions.emplace_back(UnwindAll{});
}

}  // namespace

Definition approval() {
  Build b("approval");
  b.signal("approved");
  b.d.deadline = 72h;
  b.initial("Waiting");
  b.row("Waiting", "approved", "Booking");
  b.after("Waiting", 24h, "Refused");
  book(b, "Booking", "book", "Paying");
  pay(b, "Paying");
  return b.d;
}

Definition probing() {
  Build b("probing");
  b.initial("Booking");
  book(b, "Booking", "book", "Paying");
  b.of("book").probe = Operation{.name = "find", .target = HttpTarget{"p", "GET", "/book", {}}};
  pay(b, "Paying");
  return b.d;
}

Definition listing() {
  Build b("listing");
  b.initial("Reserving");
  book(b, "Reserving", "reserve", "Paying");
  b.of("reserve").for_each = ForEach{always_is({"apple", "pear"}), 2};
  pay(b, "Paying");
  return b.d;
}

Definition racing() {
  Build b("racing");
  b.initial("Asking");
  for (const std::string carrier : {"fast", "cheap"}) {
    b.initial("Asking-" + carrier, "Asking").calls("Asking-" + carrier, carrier);
    b.row("Asking-" + carrier, carrier + ".done", "Got-" + carrier);
    b.row("Asking", carrier + ".failed", "Refused").actions.emplace_back(UnwindAll{});
    b.d.states[number(b.state("Got-" + carrier))].parent = b.state("Asking");
    b.final("Got-" + carrier, Final::success, "Asking");
  }
  b.at("Asking").join = 1;
  b.joined("Asking", "Paying");
  pay(b, "Paying");
  return b.d;
}

}  // namespace skald::test
