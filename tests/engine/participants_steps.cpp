// What a step says about its call (path, headers, rules, policy), over a real connection.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "engine/participants/function_participant.hpp"
#include "engine/participants/router.hpp"
#include "tests/engine/participants_calls.hpp"

using namespace skald;
using namespace skald::test;
using namespace std::chrono_literals;

namespace {

Secrets secrets() {
  Secrets known;
  REQUIRE(known.add("token", "s3cr3t"));
  return known;
}

std::unique_ptr<HttpParticipants> start_with(const FakePeer& peer, Secrets known) {
  auto started = HttpParticipants::start(
      {options_for(peer)}, 1, [] { return fixed_now; }, std::move(known));
  return std::move(started).value();
}

Operation with_headers(std::vector<Header> headers) {
  return {"debit-source", HttpTarget{"peer", "POST", "/debits", std::move(headers)}, {}};
}

Operation with_rules(std::vector<OutcomeRule> rules) {
  Operation operation = http_operation();
  operation.outcomes = std::move(rules);
  return operation;
}

/// A transport that would let everything pass.
class TakesAll final : public Participant {
 public:
  void invoke(const Operation&, Invocation, OnOutcome) override {}
  void stop() override {}
};

Invocation to(std::string address) {
  Invocation attempt = invocation();
  attempt.address = std::move(address);
  return attempt;
}

Failed failed(const Outcome& outcome) {
  REQUIRE(std::holds_alternative<Failed>(outcome));
  return std::get<Failed>(outcome);
}

/// The outcome of one attempt under `policy`, which is gone when the outcome comes.
Outcome under(Participant& participant, RetryPolicy policy, const Operation& operation,
              Duration timeout = patience) {
  Outcomes outcomes;
  {
    const auto held = std::make_unique<RetryPolicy>(std::move(policy));
    Invocation attempt = invocation(timeout);
    attempt.retry = held.get();
    participant.invoke(operation, std::move(attempt), outcomes.receiver());
  }
  const auto received = outcomes.wait(1);
  REQUIRE(received.size() == 1);
  return received.front();
}

}  // namespace

TEST_CASE("a computed path is requested instead of the target's, with its query") {
  FakePeer peer(always(answer(200, "{}")));
  const auto http = start_http({options_for(peer)});
  call(*http, http_operation(), to("/accounts/A%2F1/debits?dry=1&x=/../y"));
  call(*http, http_operation("peer", ""), to("/only-computed"));
  REQUIRE(peer.requests().size() == 2);
  CHECK(peer.requests()[0].head.starts_with(
      "POST /base/accounts/A%2F1/debits?dry=1&x=/../y HTTP/1.1\r\n"));
  CHECK(peer.requests()[1].head.starts_with("POST /base/only-computed HTTP/1.1\r\n"));
}

TEST_CASE("a computed path that is none is a defect that shows it, and is not sent") {
  FakePeer peer(always(answer(200, "{}")));
  const auto http = start_http({options_for(peer)});
  for (const char* path :
       {"accounts", "http://evil/x", "/a b", "/a\r\nEvil: 1", "/a#b", "/a\\..\\b", "/a/../b",
        "/a/%2e%2E/b", "/a/..%2fb", "/a%5c..%5Cb", "/gr\xC3\xBCn", "/%", "/%2", "/%zz", "/a|b"}) {
    CAPTURE(path);
    const Failed refused = failed(call(*http, http_operation(), to(path)));
    CHECK(refused.defect);
    CHECK(refused.code == "invalid_target");
    CHECK(refused.message.find("that the step made for this saga") != std::string::npos);
    CHECK(refused.message.find("\r") == std::string::npos);
  }
  const std::string longest = "/" + std::string(7'999, 'x');
  CHECK(std::holds_alternative<Done>(call(*http, http_operation(), to(longest))));
  const Failed too_long = failed(call(*http, http_operation(), to(longest + "x")));
  CHECK(too_long.message.find("is over 8000 bytes") != std::string::npos);
  CHECK(too_long.message.size() < 500);
  CHECK(failed(call(*http, http_operation("peer", ""), invocation())).code == "invalid_target");
  CHECK(peer.requests().size() == 1);
}

TEST_CASE("a step's headers are sent beside those of the contract, with secrets filled in") {
  FakePeer peer(always(answer(200, "{}")));
  const auto http = start_with(peer, secrets());
  call(*http, with_headers({{"Authorization", "Bearer ${secrets.token}"}, {"X-Tenant", "7"}}));
  REQUIRE(peer.requests().size() == 1);
  const PeerRequest request = peer.requests().front();
  CHECK(request.field("Authorization") == "Bearer s3cr3t");
  CHECK(request.field("X-Tenant") == "7");
  CHECK(request.field("Saga-Id") == "s-1");
  CHECK(request.body == R"({"amount":5})");
}

TEST_CASE("a header that cannot be sent is a defect, and no secret is told") {
  FakePeer peer(always(answer(200, "{}")));
  const auto http = start_with(peer, secrets());
  const Failed missing = failed(call(*http, with_headers({{"X-Key", "${secrets.other}"}})));
  CHECK(missing.defect);
  CHECK(missing.code == "secret_not_configured");
  CHECK(missing.message ==
        "The header 'X-Key' needs the secret 'other', which this node does not have. Start it with "
        "--secret other=env:VARIABLE.");
  for (const Header& header :
       {Header{"Saga-Id", "${secrets.token}"}, Header{"X Y", "${secrets.token}"},
        Header{"X-Key", "${secrets.token}\r\nEvil: 1"},
        Header{"X-Key", "${secrets.token}" + std::string(8192, 'x')}}) {
    const Failed refused = failed(call(*http, with_headers({header})));
    CHECK(refused.defect);
    CHECK(refused.code == "invalid_target");
    CHECK(refused.message.find("s3cr3t") == std::string::npos);
  }
  CHECK(peer.connections() == 0);
}

TEST_CASE("a probe says so and carries its idempotency key") {
  FakePeer peer(always(answer(404, R"({"code":"no_such_debit"})")));
  const auto http = start_http({options_for(peer)});
  Operation probe{"ask", HttpTarget{"peer", "GET", "/debits/7"}, {}};
  probe.outcomes = {{"404", std::nullopt, OutcomeRule::As::failed, "not_executed"}};
  Invocation asked = invocation();
  asked.phase = Phase::probe;
  asked.idempotency_key = "s-1/debit/probe";
  asked.body = {};
  const Failed denied = failed(call(*http, probe, asked));
  CHECK(denied.code == "not_executed");
  CHECK_FALSE(denied.defect);
  REQUIRE(peer.requests().size() == 1);
  CHECK(peer.requests()[0].head.starts_with("GET /base/debits/7 HTTP/1.1\r\n"));
  CHECK(peer.requests()[0].field("Saga-Phase") == "probe");
  CHECK(peer.requests()[0].field("Idempotency-Key") == "\"s-1/debit/probe\"");
  CHECK(peer.requests()[0].field("Content-Length").empty());
}

TEST_CASE("outcome rules decide over real answers, and the counters follow them") {
  FakePeer peer(always(answer(200, R"({"state":"declined"})")));
  const auto http = start_http({options_for(peer)});
  const Guard declined{"event.state == 'declined'",
                       [](const SagaView&, const EventView& event) {
                         return event.payload.at("state") == "declined";
                       },
                       true};
  CHECK(failed(call(*http, with_rules({{"200", declined, OutcomeRule::As::failed, "declined"}})))
            .code == "declined");
  const Outcome done =
      call(*http, with_rules({{"201", declined, OutcomeRule::As::failed, "declined"},
                              {"2xx", std::nullopt, OutcomeRule::As::done, "taken"}}));
  REQUIRE(std::holds_alternative<Done>(done));
  CHECK(std::get<Done>(done).outcome == "taken");
  CHECK(http->snapshot().front().failed == 1);
  CHECK(http->snapshot().front().done == 1);
}

TEST_CASE("rules belong to their call, also when calls wait for each other") {
  FakePeer peer(always(answer(200, "{}")));
  auto options = options_for(peer);
  options.concurrent_max = 1;
  const auto http = start_http({options});
  std::vector<Outcomes> outcomes(20);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto name = std::to_string(i);
    http->invoke(with_rules({{"200", std::nullopt, OutcomeRule::As::done, name}}), invocation(),
                 outcomes[i].receiver());
  }
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto received = outcomes[i].wait(1);
    REQUIRE(received.size() == 1);
    CHECK(std::get<Done>(received.front()).outcome == std::to_string(i));
  }
}

TEST_CASE("the policy of the phase decides before the wire contract, over real answers") {
  FakePeer peer(always(answer(409, R"({"code":"locked"})")));
  const auto http = start_http({options_for(peer)});
  CHECK(certainly_not_run(under(*http, {.retry_on = {"locked"}}, http_operation())));
  CHECK(failed(under(*http, {.retry_on = {"locked"}, .fail_on = {"409"}}, http_operation())).code ==
        "locked");
  CHECK(failed(under(*http, {}, http_operation())).code == "locked");
}

TEST_CASE("a timeout and a dead participant end the attempts where the policy says so") {
  FakePeer hanging([](PeerConnection& connection) {
    connection.read_request();
    connection.client_closes();
  });
  const auto slow = start_http({options_for(hanging)});
  const Outcome late = under(*slow, {.fail_on = {"timeout"}}, http_operation(), 30ms);
  CHECK(may_have_run(late));
  CHECK(std::get<Unknown>(late).last);
  CHECK(std::get<Unknown>(late).reason == "timeout after 30 ms");
  CHECK(may_have_run(under(*slow, {.fail_on = {"connection"}}, http_operation(), 30ms)));

  FakePeer closing([](PeerConnection& connection) { connection.read_request(); });
  const auto broken = start_http({options_for(closing)});
  const Outcome dead = under(*broken, {.fail_on = {"connection"}}, http_operation());
  CHECK(std::get<Unknown>(dead).last);
  CHECK(may_have_run(under(*broken, {.fail_on = {"timeout", "5xx"}}, http_operation())));
}

TEST_CASE("a function's refusal and timeout follow its policy, which it does not see") {
  FunctionParticipant functions(2);
  std::atomic<bool> saw_policy = false;
  const auto refusing = [&](const Invocation& attempt) -> Outcome {
    saw_policy = attempt.retry != nullptr;
    return Failed{"locked", "later", false, {}};
  };
  const Operation refuse{"f", FunctionTarget{refusing}, {}};
  CHECK(certainly_not_run(under(functions, {.retry_on = {"locked"}}, refuse)));
  CHECK(failed(under(functions, {.retry_on = {"other"}}, refuse)).code == "locked");
  CHECK_FALSE(saw_policy);
  Gate go_on;
  const auto waiting = [&](const Invocation&) -> Outcome { return go_on.wait(), Done{}; };
  const Operation slow{"f", FunctionTarget{waiting}, {}};
  CHECK(std::get<Unknown>(under(functions, {.fail_on = {"timeout"}}, slow, 20ms)).last);
  go_on.open();
}

TEST_CASE("a child or publication that reaches the router breaks an invariant") {
  for (const Target& target : {Target{ChildTarget{"other"}}, Target{PublishTarget{"topic"}}}) {
    const pid_t child = ::fork();
    if (child == 0) {
      std::signal(SIGABRT, SIG_DFL);
      ::close(STDERR_FILENO);
      TakesAll transport;
      ParticipantRouter router(transport, transport);
      router.invoke({"x", target, {}}, invocation(), [](const Outcome&) {});
      ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGABRT);
  }
}
