#include <doctest/doctest.h>

#include "sagas/money_transfer.hpp"
#include "sagas/order_fulfilment.hpp"
#include "tests/engine/core_driver.hpp"
#include "tests/engine/core_explorer.hpp"

namespace skald::test {

namespace {

/// Generated: every call of a saga, and every undo that follows, fails in every way.
struct Subject {
  Definition definition;
  std::string input;
};

std::vector<Subject> subjects() {
  return {{with_attempts(3, *sagas::money_transfer()), R"({"source":"a","target":"b","amount":5})"},
          {with_attempts(3, *sagas::order_fulfilment()),
           R"({"order":"o","customer":"c","amount":5,"address":"d",)"
           R"("items":[{"sku":"s","quantity":1}]})"}};
}

Driver driver(const Subject& subject, Driver::Script script) {
  return Driver(subject.definition, std::move(script), subject.input);
}

/// The calls of a run in which everything goes well.
std::vector<std::string> trace(const Subject& subject) {
  Driver well = driver(subject, {});
  CHECK(well.run() == Status::completed);
  return well.calls;
}

std::vector<std::string> undos_of(const std::vector<std::string>& calls) {
  std::vector<std::string> undos;
  for (const auto& call : calls)
    if (call.rfind("undo ", 0) == 0 && (undos.empty() || undos.back() != call))
      undos.push_back(call);
  return undos;
}

/// The undos that must follow when `failed` fails after everything before it was done.
std::vector<std::string> expected_undos(const Subject& subject, const std::string& failed,
                                        bool failed_may_have_run) {
  std::vector<std::string> undos;
  const Step& at = subject.definition.at(*subject.definition.find_step(failed));
  if (failed_may_have_run && at.undo) undos.push_back("undo " + failed);
  const auto calls = trace(subject);
  // The two regions of the order begin together, so the other one is done although it comes later.
  const bool together = failed == "reserve-stock";
  if (together) undos.insert(undos.end(), "undo take-payment");
  for (std::size_t i = calls.size(); i-- > 0;) {
    const auto index = *subject.definition.find_step(calls[i]);
    const bool before = std::find(calls.begin(), calls.end(), failed) >
                        calls.begin() + static_cast<std::ptrdiff_t>(i);
    if (before && subject.definition.at(index).kind == StepKind::compensatable)
      undos.push_back("undo " + calls[i]);
  }
  return undos;
}

template <class Test>
void for_each_call(Test test) {
  for (const auto& subject : subjects())
    for (const auto& call : trace(subject)) {
      CAPTURE(call);
      test(subject, call, subject.definition.at(*subject.definition.find_step(call)));
    }
}

TEST_CASE("a reply lost once at any position changes nothing in the end") {
  for_each_call([](const Subject& subject, const std::string& call, const Step&) {
    Driver driven = driver(subject, {{call, {lost(), done()}}});
    CHECK(driven.run() == Status::completed);
    CHECK(undos_of(driven.calls).empty());
  });
}

TEST_CASE("a refusal at any position undoes what was done before it, or nothing after the pivot") {
  for_each_call([](const Subject& subject, const std::string& call, const Step& step) {
    Driver driven = driver(subject, {{call, {refused()}}});
    const Status status = driven.run();
    if (step.kind == StepKind::retriable) {
      CHECK(status == Status::completed);
      return;
    }
    const auto expected = expected_undos(subject, call, false);
    CHECK(undos_of(driven.calls) == expected);
    CHECK(status == (expected.empty() ? Status::failed : Status::compensated));
  });
}

TEST_CASE("a step that stays unknown at any position is undone too, or waits for an operator") {
  for_each_call([](const Subject& subject, const std::string& call, const Step& step) {
    Driver driven = driver(subject, {{call, {lost()}}});
    const Status status = driven.run();
    if (step.undo) {
      CHECK(status == Status::compensated);
      auto undos = undos_of(driven.calls);
      auto expected = expected_undos(subject, call, true);
      // Which region of the order gives up last depends on the retries; both must be undone.
      std::sort(undos.begin(), undos.end());
      std::sort(expected.begin(), expected.end());
      CHECK(undos == expected);
      return;
    }
    CHECK(status == Status::stuck);
    CHECK(driven.alarms.size() == 1);
    driven.script.clear();
    CHECK(driven.send(Retry{call, "it is up again"}).changed);
    CHECK(driven.run() == Status::completed);
  });
}

/// Runs until the undo `at` fails for good, then lets the operator act.
void fail_undo(const Subject& subject, const std::string& refused_call, const std::string& at,
               const Outcome& outcome) {
  const std::string step = at.substr(5);
  const auto stuck = [&] {
    Driver driven = driver(subject, {{refused_call, {refused()}}, {at, {outcome}}});
    CHECK(driven.run() == Status::stuck);
    CHECK(driven.alarms.size() == 1);
    CHECK(driven.calls.back() == at);
    driven.script.erase(at);
    return driven;
  };
  Driver retried = stuck();
  CHECK(retried.send(Retry{step, "it is up again"}).changed);
  CHECK(retried.run() == Status::compensated);
  CHECK(undos_of(retried.calls) == expected_undos(subject, refused_call, false));
  Driver settled = stuck();
  CHECK(settled.send(Skip{step, Skip::As::done, {}, "undone by phone"}).changed);
  CHECK(settled.run() == Status::compensated);
  Driver left = stuck();
  CHECK(left.send(Skip{step, Skip::As::skipped, {}, "the customer keeps it"}).changed);
  CHECK(left.run() == Status::terminated);
  Driver lied = stuck();
  CHECK(lied.send(Skip{step, Skip::As::failed, {}, "?"}).refusal);
}

TEST_CASE("an undo that fails at any position makes the saga stuck until an operator settles it") {
  for_each_call([](const Subject& subject, const std::string& call, const Step& step) {
    if (step.kind == StepKind::retriable) return;
    for (const auto& undo : expected_undos(subject, call, false)) {
      CAPTURE(undo);
      fail_undo(subject, call, undo, refused());
      fail_undo(subject, call, undo, lost());
      fail_undo(subject, call, undo, unreachable());
      fail_undo(subject, call, undo, defect());
    }
  });
}

}  // namespace

}  // namespace skald::test
