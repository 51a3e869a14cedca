#include <doctest/doctest.h>

#include "engine/participants/function_participant.hpp"
#include "engine/participants/router.hpp"
#include "tests/engine/participants_calls.hpp"

using namespace skald;
using namespace skald::test;
using namespace std::chrono_literals;

namespace {

Operation function(std::function<Outcome(const Invocation&)> body) {
  return {"debit-source", FunctionTarget{std::move(body)}, {}};
}

}  // namespace

TEST_CASE("a function is called with its invocation on another thread") {
  FunctionParticipant functions(2);
  const auto caller = std::this_thread::get_id();
  std::thread::id callee;
  const Outcome outcome = call(functions, function([&](const Invocation& invocation) -> Outcome {
                                 callee = std::this_thread::get_id();
                                 return Failed{invocation.step, invocation.body.text(), false, {}};
                               }));
  REQUIRE(std::holds_alternative<Failed>(outcome));
  CHECK(std::get<Failed>(outcome).code == "debit");
  CHECK(std::get<Failed>(outcome).message == R"({"amount":5})");
  CHECK(callee != caller);
}

TEST_CASE("an exception is unknown with its text") {
  FunctionParticipant functions(1);
  const Outcome thrown =
      call(functions,
           function([](const Invocation&) -> Outcome { throw std::runtime_error("disk\nfull"); }));
  CHECK(reason_of(thrown) == "disk full");
  CHECK(may_have_run(thrown));
  const Outcome odd = call(functions, function([](const Invocation&) -> Outcome { throw 7; }));
  CHECK(reason_of(odd) == "the function threw something that is no std::exception");
  CHECK(may_have_run(call(functions, function({}))));
}

TEST_CASE("the workers run side by side") {
  FunctionParticipant functions(2);
  Gate second;
  Outcomes outcomes;
  functions.invoke(function([&](const Invocation&) -> Outcome {
                     return second.wait() ? Outcome{Done{}} : Outcome{Unknown{}};
                   }),
                   invocation(), outcomes.receiver());
  functions.invoke(function([&](const Invocation&) -> Outcome {
                     second.open();
                     return Done{};
                   }),
                   invocation(), outcomes.receiver());
  for (const Outcome& outcome : outcomes.wait(2)) CHECK(std::holds_alternative<Done>(outcome));
}

TEST_CASE("a call that finds the queue full is certainly not executed") {
  FunctionParticipant functions(1, 2);
  Gate running, go_on;
  Outcomes accepted, refused;
  functions.invoke(function([&](const Invocation&) -> Outcome {
                     running.open();
                     go_on.wait();
                     return Done{};
                   }),
                   invocation(), accepted.receiver());
  REQUIRE(running.wait());
  const Operation quick = function([](const Invocation&) -> Outcome { return Done{}; });
  functions.invoke(quick, invocation(), accepted.receiver());
  functions.invoke(quick, invocation(), accepted.receiver());
  functions.invoke(quick, invocation(), refused.receiver());
  const auto outcomes = refused.wait(1);
  REQUIRE(outcomes.size() == 1);
  CHECK(reason_of(outcomes.front()) == "queue full");
  CHECK(certainly_not_run(outcomes.front()));
  go_on.open();
  CHECK(accepted.wait(3).size() == 3);
}

TEST_CASE("a function that runs over its time is unknown, and what it returns later is dropped") {
  FunctionParticipant functions(1);
  Gate go_on;
  Outcomes outcomes;
  functions.invoke(function([&](const Invocation&) -> Outcome {
                     go_on.wait();
                     return Done{};
                   }),
                   invocation(30ms), outcomes.receiver());
  const auto first = outcomes.wait(1);
  REQUIRE(first.size() == 1);
  CHECK(reason_of(first.front()) == "timeout after 30 ms; the function is still running");
  CHECK(may_have_run(first.front()));
  go_on.open();
  // The only worker is free again when the next call is done; nothing came in between.
  CHECK(std::holds_alternative<Done>(
      call(functions, function([](const Invocation&) -> Outcome { return Done{}; }))));
  CHECK(outcomes.count() == 1);
}

TEST_CASE("stop() waits for what runs and never begins what waits") {
  FunctionParticipant functions(1);
  Gate running;
  std::atomic<int> ran = 0;
  Outcomes outcomes;
  const Operation count = function([&](const Invocation&) -> Outcome {
    ++ran;
    running.open();
    return Done{};
  });
  Gate stopping;
  functions.invoke(function([&](const Invocation&) -> Outcome {
                     running.open();
                     stopping.wait();
                     return Done{};
                   }),
                   invocation(), outcomes.receiver());
  REQUIRE(running.wait());
  functions.invoke(count, invocation(), outcomes.receiver());
  std::jthread stopper([&] { functions.stop(); });
  stopping.open();
  stopper.join();
  CHECK(outcomes.count() >= 1);
  const std::size_t at_stop = outcomes.count();
  functions.invoke(count, invocation(), outcomes.receiver());
  CHECK(outcomes.count() == at_stop);
  functions.stop();
}

TEST_CASE("the router sends each operation over the transport of its target") {
  FakePeer peer(always(answer(200, R"("http")")));
  const auto http = start_http({options_for(peer)});
  FunctionParticipant functions(1);
  ParticipantRouter router(*http, functions);
  const Outcome by_function = call(router, function([](const Invocation&) -> Outcome {
                                     return Done{Json::from_stored("\"function\"")};
                                   }));
  CHECK(std::get<Done>(by_function).output.text() == "\"function\"");
  const Outcome by_http = call(router);
  REQUIRE(std::holds_alternative<Done>(by_http));
  CHECK(std::get<Done>(by_http).output.text() == R"("http")");
  router.stop();
}
