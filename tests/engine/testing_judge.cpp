#include <doctest/doctest.h>

#include "engine/testing/judge.hpp"
#include "tests/engine/core_build.hpp"

/// Decisions no core should make, and participants no saga should leave behind: each is seen.
namespace skald::test {

namespace {

using testing::Fate;
using testing::Judge;
using testing::World;
using Broken = std::vector<std::string>;

/// Steps a and b (compensatable), p (pivot) and m (retriable).
Definition four() {
  Build b("four");
  for (const char* const id : {"a", "b", "p", "m"}) b.step(id);
  b.of("p").kind = StepKind::pivot;
  b.of("m").kind = StepKind::retriable;
  b.of("m").undo.reset();
  b.initial("S").calls("S", "a").row("S", "a.done", "E");
  b.final("E");
  return b.d;
}

constexpr StepIndex a{0}, b{1}, p{2}, m{3};

Instance saga_with(std::vector<LogEntry> log) {
  Instance saga;
  saga.id = SagaId{"s"};
  saga.revision = 5;
  saga.log = CompletionLog(std::move(log));
  return saga;
}

Call call(StepIndex step, Phase phase = Phase::forward, std::uint32_t attempt = 1,
          const char* body = "{}") {
  return {step, 1, phase, attempt, Json::from_stored(body), {}};
}

/// A decision from `saga` on, with `calls` and the entries of the history before each.
Decision decision(Instance saga, const std::vector<Call>& calls, bool unwinds = false) {
  Decision made;
  ++saga.revision;
  made.changed = true;
  if (unwinds) made.history.push_back({.kind = HistoryKind::unwinding});
  for (const auto& one : calls) {
    made.effects.emplace_back(one);
    made.history.push_back({.kind = HistoryKind::called});
  }
  made.instance = std::move(saga);
  return made;
}

/// What a judge says of one decision after another, each from the same `before`.
Broken judged(const Definition& definition, const Instance& before,
              const std::vector<Decision>& decisions, bool stale = false) {
  Judge judge(definition);
  for (const auto& one : decisions) judge.decided(before, one, stale);
  return judge.broken();
}

/// What a judge says of `saga` at rest, when participants were asked `calls`.
Broken rested(const Instance& saga, const std::vector<Call>& calls, Fate::Kind fate,
              bool barrier = true) {
  const Definition definition = four();
  World world(definition,
              {.script = [fate](const auto&) { return Fate{.kind = fate}; }, .barrier = barrier});
  for (const auto& one : calls) static_cast<void>(world.answer(one));
  world.arrive_loose();
  Judge judge(definition);
  judge.rested(saga, world);
  return judge.broken();
}

Instance ended(Status status, std::vector<LogEntry> log = {}) {
  Instance saga = saga_with(std::move(log));
  saga.status = status;
  return saga;
}

}  // namespace

TEST_CASE("what a saga does by the rules is not complained of") {
  const Instance saga = saga_with({{.step = a}, {.step = b}});
  CHECK(judged(four(), saga, {decision(saga, {call(p)}), decision(saga, {call(p, {}, 2)})}) ==
        Broken{});
  CHECK(judged(four(), saga, {decision(saga, {call(b, Phase::undo)}, true)}) == Broken{});
  CHECK(rested(ended(Status::completed, {{.step = a}}), {call(a)}, Fate::Kind::done) == Broken{});
  CHECK(rested(ended(Status::compensated), {call(a), call(a, Phase::undo)}, Fate::Kind::done) ==
        Broken{});
}

TEST_CASE("what must not move a saga is seen to") {
  const Instance saga = saga_with({}), end = ended(Status::completed);
  CHECK(judged(four(), saga, {decision(saga, {})}, true) ==
        Broken{"a reply that was late or came twice moved the saga"});
  CHECK(judged(four(), end, {decision(end, {})}) == Broken{"an end was not final"});
  CHECK(judged(four(), end, {decision(end, {call(m)})}) ==
        Broken{"an end was not final", "'m' was called after the end"});
  Decision gap = decision(saga, {});
  ++gap.instance.revision;
  CHECK(judged(four(), saga, {gap}) == Broken{"a transition has no revision of its own"});
  Decision refused = decision(saga, {});
  refused.refusal = Error{};
  CHECK(judged(four(), saga, {refused}) == Broken{"a refused request changed the saga"});
  Decision silent = decision(saga, {call(a)});
  silent.history.clear();
  CHECK(judged(four(), saga, {silent}) == Broken{"the history does not tell every call"});
}

TEST_CASE("attempts under one key are the same request, with rising numbers") {
  const Instance saga = saga_with({});
  CHECK(judged(four(), saga,
               {decision(saga, {call(a)}), decision(saga, {call(a, {}, 2, R"({"x":1})")})}) ==
        Broken{"'a' was asked for something else under the same idempotency key"});
  CHECK(
      judged(four(), saga, {decision(saga, {call(a, {}, 2)}), decision(saga, {call(a, {}, 2)})}) ==
      Broken{"'a' had an attempt whose number did not rise"});
}

TEST_CASE("nothing runs forward once the unwinding began, and only some steps after it") {
  Instance saga = saga_with({{.step = a}});
  saga.unwind = Unwind{};
  CHECK(judged(four(), saga, {decision(saga, {call(m)}, true)}) ==
        Broken{"'m' ran while the saga was unwinding"});
  saga.unwind->finished = true;
  CHECK(judged(four(), saga, {decision(saga, {call(m)}, true)}) == Broken{});
  CHECK(judged(four(), saga, {decision(saga, {call(b)}, true)}) ==
        Broken{"'b' ran after the unwinding, and is neither retriable nor readonly"});
}

TEST_CASE("nothing is undone that has not run, that is undone, or that the pivot has sealed") {
  CHECK(judged(four(), saga_with({}), {decision(saga_with({}), {call(a, Phase::undo)})}) ==
        Broken{"'a' is undone although it cannot have run"});
  const Instance twice = saga_with({{.step = a, .undo = UndoState::undone}});
  CHECK(judged(four(), twice, {decision(twice, {call(a, Phase::undo)})}) ==
        Broken{"'a' is undone twice"});
  Instance sealed = saga_with({{.step = a}});
  sealed.pivot_passed = true;
  CHECK(judged(four(), sealed, {decision(sealed, {call(a, Phase::undo)})}) ==
        Broken{"'a' is undone after the pivot"});
}

TEST_CASE("undos come in the declared order") {
  const Instance saga = saga_with({{.step = a}, {.step = b}});
  const std::vector<Decision> wrong{decision(saga, {call(a, Phase::undo)})};
  CHECK(judged(four(), saga, wrong) == Broken{"'a' is undone before 'b', which completed later"});
  Definition free = four();
  free.unwind_order = UnwindOrder::parallel;
  CHECK(judged(free, saga, wrong) == Broken{});
  Definition dependent = four();
  dependent.unwind_order = UnwindOrder::dependency;
  CHECK(judged(dependent, saga, wrong) == Broken{});
  dependent.steps[number(b)].depends_on = {a};
  CHECK(judged(dependent, saga, wrong) == Broken{"'a' is undone before 'b', which builds on it"});
  Definition going_on = four();
  going_on.on_undo_failure = OnUndoFailure::continue_with;
  Instance held = saga;
  held.pending.push_back({.step = b, .phase = Phase::undo, .wait = Pending::Wait::hand});
  CHECK(judged(going_on, held, {decision(held, {call(a, Phase::undo)})}) == Broken{});
}

TEST_CASE("an end that leaves an effect behind is a lie") {
  const auto lie = [](const char* status) {
    return Broken{"'a' has an effect that stands, and the saga ended as " + std::string(status)};
  };
  CHECK(rested(ended(Status::compensated), {call(a)}, Fate::Kind::done) == lie("compensated"));
  CHECK(rested(ended(Status::cancelled), {call(a)}, Fate::Kind::lost) == lie("cancelled"));
  CHECK(rested(ended(Status::failed), {call(a)}, Fate::Kind::unheard) == lie("failed"));
  CHECK(rested(ended(Status::failed), {call(a)}, Fate::Kind::unreachable) == Broken{});
  CHECK(rested(ended(Status::failed), {call(m)}, Fate::Kind::done) == Broken{});
  CHECK(rested(ended(Status::terminated), {call(a)}, Fate::Kind::done) == Broken{});
}

TEST_CASE("a completed saga has the effects it was told of, and no others") {
  const std::vector<LogEntry> log{{.step = a}};
  CHECK(rested(ended(Status::completed, log), {call(a)}, Fate::Kind::unreachable) ==
        Broken{"'a' has no effect, and the completed saga was told that it has"});
  CHECK(rested(ended(Status::completed), {call(a)}, Fate::Kind::done) ==
        Broken{"'a' has an effect that the completed saga knows nothing of"});
  CHECK(rested(ended(Status::completed, log), {call(a), call(a, Phase::undo)}, Fate::Kind::done) ==
        Broken{"'a' was undone, and the saga completed",
               "'a' has no effect, and the completed saga was told that it has"});
  const std::vector<LogEntry> abandoned{{.step = a, .abandoned = true}};
  CHECK(rested(ended(Status::completed, abandoned), {call(a), call(a, Phase::undo)},
               Fate::Kind::done) == Broken{});
  CHECK(rested(ended(Status::completed, abandoned), {call(a)}, Fate::Kind::done) ==
        Broken{"'a' was not needed any more and has an effect that stands"});
}

TEST_CASE("effects that come twice, undos that come twice, claims and silence are seen") {
  CHECK(rested(ended(Status::completed, {{.step = a}}), {call(a)}, Fate::Kind::twice, false) ==
        Broken{"'a' took effect 2 times under one key"});
  CHECK(rested(ended(Status::compensated), {call(a), call(a, Phase::undo), call(a, Phase::undo, 2)},
               Fate::Kind::done, false) == Broken{"'a' was undone 2 times under one key"});
  CHECK(rested(ended(Status::compensated, {{.step = a, .undo = UndoState::skipped}}), {},
               Fate::Kind::done) == Broken{"it claims an undo that an operator skipped"});
  CHECK(rested(ended(Status::stuck), {}, Fate::Kind::done) ==
        Broken{"it is stuck and does not say why"});
}

}  // namespace skald::test
