#include <doctest/doctest.h>

#include "dsl/sml/sml.hpp"
#include "engine/core/check.hpp"

/// Every finding of check() and of the table builder is triggered by a table that has just that
/// wrong, and names its row.
namespace skald::test {

namespace {

using namespace skald::sml;
using namespace std::chrono_literals;

const auto a = operation("a").post("p", "/a");
const auto b = operation("b").post("p", "/b");
const auto c = operation("c").post("p", "/c");
const auto undo = operation("undo").post("p", "/undo");
const auto nowhere = operation("nowhere");
const auto sometimes = when("sometimes", [](const SagaView&, const EventView&) { return true; });
const auto note = set("note", [](const SagaView&, const EventView&, nlohmann::json&) {});
struct told {};

Heading heading() { return {.ref = {"test", 1}}; }

/// "row CODE" of each finding, comma-separated; "ok" when there is none.
std::string findings_of(const Heading& top, const Table& table) {
  const auto built = build(top, table);
  if (built.ok()) return "ok";
  CHECK(built.error().code == ErrorCode::invalid_argument);
  CHECK(built.error().message == "The definition '" + top.ref.name + "' is not acceptable.");
  std::string lines;
  for (const auto& finding : built.error().findings) {
    CHECK_FALSE(finding.why.empty());
    lines += (lines.empty() ? "" : ", ") + finding.where + " " + finding.code;
  }
  return lines;
}

template <class... Rows>
std::string findings(const Rows&... rows) {
  return findings_of(heading(), make_transition_table(rows...));
}

/// A table that is right, to be changed by a heading.
Table good() {
  return make_transition_table(*"A"_s + on_entry<_> / call(a).undo(undo),  //
                               "A"_s + done(a) = "B"_s,                    //
                               "B"_s = X);
}

/// The good table with another call.
std::string with(const call& other) {
  return findings(*"A"_s + on_entry<_> / other, "A"_s + done(a) = "B"_s, "B"_s = X);
}

TEST_CASE("a name that no document could have is refused, with what is right") {
  CHECK(findings_of({.ref = {"my saga", 1}}, good()) == "my saga NAME");
  const auto built = build(
      heading(), make_transition_table(*"A"_s + on_entry<_> / call(a).undo(undo),  //
                                       "A"_s + done(a) = "all is well"_s, "all is well"_s = X));
  REQUIRE_FALSE(built.ok());
  REQUIRE(built.error().findings.size() == 1);
  const auto& finding = built.error().findings.front();
  CHECK(finding.where == "row 2");
  CHECK(finding.why ==
        "'all is well' cannot name a state, or it could not be shown as a document: 1 to 128 "
        "letters, digits, '.', '_', '-' or ':', the first a letter or digit");
  CHECK(findings(* "A"_s + "pay now"_e = "B"_s, "B"_s = X) == "row 1 NAME");
  const auto spaced = operation("a step").post("p", "/a");
  CHECK(findings(*"A"_s + on_entry<_> / call(spaced).undo(undo).id("a step"),
                 "A"_s + event<told> = "B"_s, "B"_s = X)
            .find("row 1 NAME") != std::string::npos);
}

TEST_CASE("a table that is right has no findings") {
  CHECK(findings_of(heading(), good()) == "ok");
}

TEST_CASE("a definition needs a name, a version and a reachable deadline") {
  CHECK(findings_of({.ref = {"", 1}}, good()) == " NO_NAME");
  CHECK(findings_of({.ref = {"test", 0}}, good()) == "test NO_VERSION");
  for (const Duration wrong : {Duration{0}, Duration{-1}, Duration{24h * 4000}})
    CHECK(findings_of({.ref = {"test", 1}, .deadline = wrong}, good()) == "test DEADLINE");
}

TEST_CASE("a business key names a text field of the input") {
  CHECK(findings_of({.ref = {"test", 1}, .business_key = input_field("order")}, good()) ==
        "test BUSINESS_KEY");
  CHECK(findings_of({.ref = {"test", 1},
                     .input = schema_of(fields(boolean("order"))),
                     .business_key = input_field("order")},
                    good()) == "test BUSINESS_KEY");
  CHECK(findings_of({.ref = {"test", 1},
                     .input = schema_of(fields(text("order"))),
                     .business_key = input_field("order")},
                    good()) == "ok");
}

TEST_CASE("a table needs an initial state") {
  CHECK(findings("A"_s = X) == "test NO_INITIAL_STATE");
}

TEST_CASE("a step is declared once") {
  CHECK(findings(*"A"_s + on_entry<_> / call(a).undo(undo), "A"_s + done(a) = "B"_s,
                 "B"_s + on_entry<_> / call(a).undo(undo), "B"_s + done(a) = "C"_s,
                 "C"_s = X) == "row 3 DUPLICATE_STEP");
}

TEST_CASE("retry policies and timeouts are in range") {
  const RetryPolicy fine{};
  const auto wrong = [&](auto change) {
    RetryPolicy policy = fine;
    change(policy);
    CHECK(with(call(a).undo(undo).retry(policy)) == "row 1 RETRY_POLICY");
    CHECK(with(call(a).undo(undo).undo_retry(policy)) == "row 1 RETRY_POLICY");
  };
  wrong([](RetryPolicy& policy) { policy.attempts = 0; });
  wrong([](RetryPolicy& policy) { policy.first = 0ms; });
  wrong([](RetryPolicy& policy) { policy.factor = 0.5; });
  wrong([](RetryPolicy& policy) { policy.factor = std::numeric_limits<double>::quiet_NaN(); });
  wrong([](RetryPolicy& policy) { policy.max = policy.first - 1ms; });
  wrong([](RetryPolicy& policy) { policy.jitter = 1.1; });
  wrong([](RetryPolicy& policy) { policy.jitter = -0.1; });
  CHECK(with(call(a).undo(undo).timeout(0ms)) == "row 1 TIMEOUT");
}

TEST_CASE("a compensatable step has an undo or says why not") {
  CHECK(with(call(a)) == "row 1 NO_UNDO");
  CHECK(with(call(a).no_undo("")) == "row 1 NO_UNDO");
  CHECK(with(call(a).no_undo("a quote expires by itself")) == "ok");
  CHECK(with(call(a).readonly()) == "ok");
}

TEST_CASE("an operation leads somewhere") {
  CHECK(findings(*"A"_s + on_entry<_> / call(nowhere).undo(undo), "A"_s + done(nowhere) = "B"_s,
                 "B"_s = X) == "row 1 OPERATION");
  CHECK(with(call(a).undo(nowhere)) == "row 1 OPERATION");
  CHECK(with(call(operation("a").run(std::function<Outcome(const Invocation&)>{})).undo(undo)) ==
        "row 1 OPERATION");
}

TEST_CASE("every state can be reached, has a way out and comes to an end") {
  CHECK(findings(* "A"_s = X, "B"_s = X) == "row 2 UNREACHABLE_STATE");
  CHECK(findings(*"A"_s + event<told> = "B"_s) == "row 1 NO_END, row 1 DEAD_END");
  CHECK(findings(*"A"_s + event<told> = "B"_s, "B"_s + event<told> = "A"_s) ==
        "row 1 NO_END, row 1 NO_END");
}

TEST_CASE("a call is awaited where it is made") {
  CHECK(findings(*"A"_s + on_entry<_> / call(a).undo(undo), "A"_s + failed(a) = "B"_s, "B"_s = X) ==
        "row 1 OUTCOME_NOT_HANDLED");
  CHECK(findings(*"A"_s + event<told> / call(a).undo(undo) = "B"_s, "B"_s + failed(a) = "C"_s,
                 "C"_s = X) == "row 1 OUTCOME_NOT_HANDLED");
}

struct Inside {
  auto operator()() const {
    return make_transition_table(*"P"_s + on_entry<_> / call(b).pivot(),  //
                                 "P"_s + done(b) = "Q"_s,                 //
                                 "Q"_s = X);
  }
};

TEST_CASE("a pivot is alone: not in a region, not beside another call") {
  CHECK(findings(*state<Inside> + join<_> = "Done"_s, "Done"_s = X) ==
        "Inside row 1 PIVOT_IN_REGION");
  CHECK(findings(*"A"_s + on_entry<_> / call(a).pivot(), "A"_s + done(a) = "C"_s, "C"_s = X,
                 *"B"_s + on_entry<_> / call(b).undo(undo), "B"_s + done(b) = "D"_s,
                 "D"_s = X) == "row 1 PIVOT_IN_REGION");
  CHECK(findings(*"A"_s + on_entry<_> / (call(a).pivot(), call(b).undo(undo)),
                 "A"_s + done(b) / note, "A"_s + done(a) = "C"_s,
                 "C"_s = X) == "row 1 PIVOT_NOT_ALONE");
  CHECK(findings(*"A"_s + on_entry<_> / (call(a).pivot(), call(b).readonly()),
                 "A"_s + done(b) / note, "A"_s + done(a) = "C"_s, "C"_s = X) == "ok");
}

struct went_well {};
struct went_wrong {};

TEST_CASE("parallel steps that a region tells apart raise events of their own") {
  const auto one = operation("one").post("p", "/one").raises<went_well, went_wrong>();
  const auto two = operation("two").post("p", "/two").raises<went_well, went_wrong>();
  CHECK(findings(*"A"_s + on_entry<_> / call(one).undo(undo), "A"_s + event<went_well> = "C"_s,
                 "C"_s = X, *"B"_s + on_entry<_> / call(two).undo(undo),
                 "B"_s + event<went_well> = "D"_s,
                 "D"_s = X) == "row 1 SHARED_EVENT, row 4 SHARED_EVENT");
  CHECK(findings(*"A"_s + on_entry<_> / call(one).undo(undo), "A"_s + event<went_well> = "B"_s,
                 "B"_s + on_entry<_> / call(two).undo(undo), "B"_s + event<went_well> = "C"_s,
                 "C"_s = X) == "ok");
}

TEST_CASE("after the pivot a saga only goes forward") {
  const auto begin = *"A"_s + on_entry<_> / call(a).pivot();
  const auto then = "A"_s + done(a) = "B"_s;
  CHECK(findings(begin, then, "B"_s + on_entry<_> / call(b).undo(undo), "B"_s + done(b) = "C"_s,
                 "C"_s = X) == "row 3 EFFECT_AFTER_PIVOT");
  CHECK(findings(begin, then, "B"_s + on_entry<_> / call(b).retriable(), "B"_s + done(b) = "C"_s,
                 "B"_s + failed(b) / unwind = "C"_s, "C"_s = X) == "row 5 UNWIND_AFTER_PIVOT");
  CHECK(findings(begin, then, "B"_s / fail = X) == "row 2 FAILURE_AFTER_PIVOT");
}

TEST_CASE("what cannot be undone does not come before what may fail") {
  CHECK(findings(*"A"_s + on_entry<_> / call(a).retriable(), "A"_s + done(a) = "B"_s,
                 "B"_s + on_entry<_> / call(b).undo(undo), "B"_s + done(b) = "C"_s,
                 "C"_s = X) == "row 1 RETRIABLE_TOO_EARLY");
}

TEST_CASE("after unwinding no effect is made, and unwinding calls nothing") {
  CHECK(findings(*"A"_s + on_entry<_> / call(a).undo(undo), "A"_s + done(a) = "D"_s,
                 "A"_s + failed(a) / unwind = "B"_s, "B"_s + on_entry<_> / call(b).undo(undo),
                 "B"_s + done(b) = "D"_s, "D"_s = X) == "row 3 EFFECT_AFTER_UNWIND");
  CHECK(findings(*"A"_s + on_entry<_> / call(a).undo(undo), "A"_s + done(a) = "D"_s,
                 "A"_s + failed(a) / (unwind, call(b).readonly()) = "B"_s, "B"_s + done(b) = "D"_s,
                 "D"_s = X) == "row 3 CALL_AND_UNWIND");
}

TEST_CASE("anonymous transitions wait for something") {
  CHECK(findings(* "A"_s = "B"_s, "B"_s = "A"_s, "B"_s + event<told> = "C"_s, "C"_s = X) ==
        "row 1 LOOP");
  CHECK(findings(* "A"_s = "A"_s, "A"_s + event<told> = "C"_s, "C"_s = X) == "row 1 LOOP");
  CHECK(findings(* "A"_s = "B"_s, "B"_s[sometimes] = "A"_s, "B"_s + event<told> = "C"_s,
                 "C"_s = X) == "ok");
}

TEST_CASE("nothing leads out of a state in which the saga has ended") {
  CHECK(findings(*"A"_s + event<told> = "B"_s, "B"_s = X, "B"_s + event<told> = "A"_s) ==
        "row 3 FINAL_LEFT");
}

TEST_CASE("an outcome rule or a retried answer that an earlier one takes is refused") {
  const auto one = a.on_status("4xx", as::failed);
  CHECK(with(call(one.on_status("500", as::done)).undo(undo)) == "ok");
  CHECK(with(call(one.on_status("404", as::done)).undo(undo)) == "row 1 AMBIGUOUS");
  CHECK(with(call(a).undo(one.on_status("4xx", as::done))) == "row 1 AMBIGUOUS");
  CHECK(with(call(a.on_status("9", as::done)).undo(undo)) == "row 1 ANSWER");
  CHECK(with(call(a).undo(undo).retry({.retry_on = {"4xx"}, .fail_on = {"409"}})) == "ok");
  CHECK(with(call(a).undo(undo).retry({.retry_on = {"409"}, .fail_on = {"409"}})) ==
        "row 1 RETRY_POLICY");
}

TEST_CASE("a request that would be refused when it is sent is refused here") {
  const auto sends = [](const operation& one) { return with(call(one).undo(undo)); };
  CHECK(sends(operation("a").post("p", "/a b")) == "row 1 HTTP");
  CHECK(sends(operation("a").post("p", "/a/%2e%2E/b")) == "row 1 HTTP");
  CHECK(sends(a.header("X-Way", "1").header("x-way", "2")) == "row 1 HEADER");
  CHECK(sends(a.header("Content-Encoding", "gzip")) == "row 1 HEADER");
  CHECK(sends(a.header("X-Key", "${secrets.my key}")) == "row 1 HEADER");
  CHECK(sends(a.header("X-Key", "${secrets.my-key}")) == "ok");
}

TEST_CASE("a saga that always starts itself never completes") {
  const auto again = operation("again").child("test");
  CHECK(findings(*"A"_s + on_entry<_> / call(again).no_undo("x"), "A"_s + done(again) = "B"_s,
                 "B"_s = X) == "row 1 CHILD_LOOP");
  CHECK(findings(*"A"_s + on_entry<_> / call(again).no_undo("x"), "A"_s + done(again) = "B"_s,
                 "A"_s + event<told> = "B"_s, "B"_s = X) == "ok");
}

TEST_CASE("a signal is no outcome of a step") {
  const auto one = operation("one").post("p", "/one").raises<went_well, went_wrong>();
  const auto table = make_transition_table(*"A"_s + on_entry<_> / call(one).undo(undo),
                                           "A"_s + event<went_well> = "B"_s, "B"_s = X);
  auto top = heading();
  top.signals = accepts(signal<went_well>);
  CHECK(findings_of(top, table) == "test SHARED_EVENT");
}

TEST_CASE("a row that says nothing, or says it in the wrong place, is refused") {
  CHECK(findings(* "A"_s = X, X + event<told> = "A"_s) == "row 2 ROW");
  CHECK(findings(*"A"_s / note, "A"_s = X) == "row 1 ROW");
  CHECK(findings(*"A"_s + event<told>, "A"_s = X) == "row 1 ROW");
  CHECK(findings(*"A"_s + event<told> = X, "A"_s / note = X) == "row 2 ROW");
  CHECK(findings(*"A"_s + on_entry<_>[sometimes] / note, "A"_s = X) == "row 1 ROW");
  CHECK(findings(*"A"_s + event<told> / fail = "B"_s, "B"_s = X) == "row 1 ROW");
  CHECK(findings(*"A"_s[sometimes] / defer, "A"_s = X) == "row 1 ROW");
}

struct NoStart {
  auto operator()() const { return make_transition_table("P"_s = X); }
};
struct Inner {
  auto operator()() const { return make_transition_table(*"Shared"_s = X); }
};
namespace elsewhere {
struct Inner {
  auto operator()() const { return make_transition_table(*"Other"_s = X); }
};
}  // namespace elsewhere

TEST_CASE("a composite state has an initial state, and a name and states of its own") {
  CHECK(findings(*state<NoStart> + join<_> = "B"_s, "B"_s = X) == "row 1 NO_INITIAL_STATE");
  CHECK(findings(*"Shared"_s + event<told> = state<Inner>, state<Inner> + join<_> = "B"_s,
                 "B"_s = X) == "ok");
  CHECK(findings(*"Inner"_s + event<told> = state<Inner>, "Inner"_s + event<struct other> = "B"_s,
                 "B"_s = X) == "row 1 STATE");
  CHECK(findings(*state<Inner> + join<_> = state<elsewhere::Inner>,
                 state<elsewhere::Inner> + event<told> = "B"_s,
                 "B"_s = X) == "row 1 STATE, row 2 STATE");
  CHECK(findings(*"A"_s + event<told> = state<class B>, "B"_s + event<told> = "C"_s, "C"_s = X) ==
        "row 2 STATE");
}

TEST_CASE("everything wrong in the rows is said at once") {
  CHECK(findings(*"A"_s + event<told>, "A"_s / note, "A"_s + event<told> / fail = "A"_s,
                 "A"_s = X) == "row 1 ROW, row 2 ROW, row 3 ROW");
}

}  // namespace

}  // namespace skald::test
