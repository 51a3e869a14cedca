#include <doctest/doctest.h>

#include "tests/engine/participants_calls.hpp"

using namespace skald;
using namespace skald::test;
using namespace std::chrono_literals;

namespace {

/// A script that holds all answers back until `gate` opens and notes how many wait at once.
FakePeer::Script held_back(Gate& gate, std::atomic<int>& most, std::atomic<int>& waiting) {
  return [&](PeerConnection& connection) {
    while (connection.read_request()) {
      const int now_waiting = ++waiting;
      for (int seen = most; now_waiting > seen && !most.compare_exchange_weak(seen, now_waiting);) {
      }
      gate.wait();
      --waiting;
      connection.send(answer(200, "{}"));
    }
  };
}

FakePeer::Script hang() {
  return [](PeerConnection& connection) {
    connection.read_request();
    connection.client_closes();
  };
}

}  // namespace

TEST_CASE("at most ten requests are in flight, and the others follow in order") {
  Gate gate;
  std::atomic<int> most = 0, waiting = 0;
  FakePeer peer(held_back(gate, most, waiting));
  const auto http = start_http({options_for(peer)});
  Outcomes outcomes;
  for (int i = 0; i < 40; ++i) {
    Invocation attempt = invocation();
    attempt.step = std::to_string(i);
    http->invoke(http_operation(), attempt, outcomes.receiver());
  }
  REQUIRE(peer.wait_for_requests(10));
  CHECK(http->snapshot().front().in_flight == 10);
  CHECK(http->snapshot().front().waiting == 30);
  CHECK(peer.requests().size() == 10);
  CHECK(outcomes.count() == 0);
  gate.open();
  for (const Outcome& outcome : outcomes.wait(40)) CHECK(std::holds_alternative<Done>(outcome));
  CHECK(most <= 10);
  CHECK(peer.connections() == 10);
  const HttpParticipantSnapshot after = http->snapshot().front();
  CHECK(after.in_flight == 0);
  CHECK(after.waiting == 0);
  CHECK(after.idle_connections == 10);
  CHECK(after.done == 40);
}

TEST_CASE("calls that wait are sent in the order they came") {
  FakePeer peer(always(answer(200, "{}")));
  auto options = options_for(peer);
  options.concurrent_max = 1;
  const auto http = start_http({options});
  Outcomes outcomes;
  for (int i = 0; i < 20; ++i) {
    Invocation attempt = invocation();
    attempt.step = std::to_string(i);
    http->invoke(http_operation(), attempt, outcomes.receiver());
  }
  REQUIRE(outcomes.wait(20).size() == 20);
  for (std::size_t i = 0; i < 20; ++i)
    CHECK(peer.requests()[i].field("Saga-Step") == std::to_string(i));
}

TEST_CASE("a call beyond the queue is refused as certainly not executed") {
  FakePeer peer(hang());
  auto options = options_for(peer, "accounts");
  options.concurrent_max = 1;
  options.queue_max = 2;
  const auto http = start_http({options});
  Outcomes hanging, refused;
  for (int i = 0; i < 3; ++i)
    http->invoke(http_operation("accounts"), invocation(), hanging.receiver());
  http->invoke(http_operation("accounts"), invocation(), refused.receiver());
  REQUIRE(refused.wait(1).size() == 1);
  CHECK(certainly_not_run(refused.wait(1).front()));
  CHECK(reason_of(refused.wait(1).front()) ==
        "participant 'accounts' is overloaded: 1 in flight, 2 waiting");
  CHECK(hanging.count() == 0);
  CHECK(http->snapshot().front().unknown == 1);
}

TEST_CASE("waiting for a place does not count towards the timeout") {
  Gate gate;
  std::atomic<int> most = 0, waiting = 0;
  FakePeer peer(held_back(gate, most, waiting));
  auto options = options_for(peer);
  options.concurrent_max = 1;
  const auto http = start_http({options});
  Outcomes first, second, timed_out;
  http->invoke(http_operation(), invocation(), first.receiver());
  http->invoke(http_operation(), invocation(20ms), second.receiver());
  // Another participant's call with a longer timeout shows that the 20 ms are long over.
  FakePeer other(hang());
  const auto elsewhere = start_http({options_for(other)});
  elsewhere->invoke(http_operation(), invocation(100ms), timed_out.receiver());
  CHECK(reason_of(timed_out.wait(1).front()) == "timeout after 100 ms");
  CHECK(second.count() == 0);
  gate.open();
  CHECK(std::holds_alternative<Done>(first.wait(1).front()));
  CHECK(second.wait(1).size() == 1);
}

TEST_CASE("a hanging and a dead participant do not delay another one") {
  std::string dead_url;
  {
    const Listener dead(1);
    dead_url = dead.url();
  }
  FakePeer slow(hang());
  FakePeer quick(always(answer(200, "{}")));
  const auto http = start_http({options_for(slow, "slow"),
                                {.name = "dead", .base_url = dead_url},
                                options_for(quick, "quick")});
  Outcomes hanging, refused, quick_ones;
  for (int i = 0; i < 100; ++i)
    http->invoke(http_operation("slow"), invocation(), hanging.receiver());
  for (int i = 0; i < 100; ++i)
    http->invoke(http_operation("dead"), invocation(), refused.receiver());
  for (int i = 0; i < 100; ++i)
    http->invoke(http_operation("quick"), invocation(), quick_ones.receiver());
  for (const Outcome& outcome : quick_ones.wait(100)) CHECK(std::holds_alternative<Done>(outcome));
  CHECK(quick_ones.count() == 100);
  CHECK(refused.wait(100).size() == 100);
  CHECK(hanging.count() == 0);
}

TEST_CASE("calls one after the other use one connection") {
  FakePeer peer(always(answer(200, "{}")));
  const auto http = start_http({options_for(peer)});
  for (int i = 0; i < 5; ++i) CHECK(std::holds_alternative<Done>(call(*http)));
  CHECK(peer.requests().size() == 5);
  CHECK(peer.connections() == 1);
}

TEST_CASE("the connection used last is used next") {
  Gate both_there, first_done;
  FakePeer peer([&](PeerConnection& connection) {
    connection.read_request();
    (connection.number() == 0 ? both_there : first_done).wait();
    connection.send(answer(200, "{}"));
    while (connection.read_request()) connection.send(answer(200, "{}"));
  });
  const auto http = start_http({options_for(peer)});
  Outcomes outcomes;
  for (int i = 0; i < 2; ++i) http->invoke(http_operation(), invocation(), outcomes.receiver());
  REQUIRE(peer.wait_for_requests(2));
  both_there.open();
  outcomes.wait(1);
  first_done.open();
  outcomes.wait(2);
  call(*http);
  call(*http);
  REQUIRE(peer.requests().size() == 4);
  CHECK(peer.requests()[2].connection == 1);
  CHECK(peer.requests()[3].connection == 1);
}

TEST_CASE("an answer that asks to close is obeyed") {
  FakePeer peer(always(answer(200, "{}", "Connection: close\r\n")));
  const auto http = start_http({options_for(peer)});
  CHECK(std::holds_alternative<Done>(call(*http)));
  CHECK(std::holds_alternative<Done>(call(*http)));
  CHECK(peer.connections() == 2);
}

TEST_CASE("an idle connection that the peer has closed is not used") {
  Gate closed;
  FakePeer peer([&](PeerConnection& connection) {
    connection.read_request();
    connection.send(answer(200, "{}"));
    connection.close_for_sending();
    closed.open();
    connection.client_closes();
  });
  const auto http = start_http({options_for(peer)});
  CHECK(std::holds_alternative<Done>(call(*http)));
  REQUIRE(closed.wait());
  CHECK(std::holds_alternative<Done>(call(*http)));
  CHECK(peer.connections() == 2);
}

TEST_CASE("an idle connection on which the peer has spoken is not used") {
  Gate answered, spoken;
  FakePeer peer([&](PeerConnection& connection) {
    connection.read_request();
    connection.send(answer(200, R"("right")"));
    answered.wait();
    connection.send(answer(200, R"("smuggled")"));
    spoken.open();
    connection.client_closes();
  });
  const auto http = start_http({options_for(peer)});
  call(*http);
  answered.open();
  REQUIRE(spoken.wait());
  const Outcome second = call(*http);
  REQUIRE(std::holds_alternative<Done>(second));
  CHECK(std::get<Done>(second).output.text() == R"("right")");
  CHECK(peer.connections() == 2);
}

TEST_CASE("a connection that closes on a second request may have carried it") {
  FakePeer peer([](PeerConnection& connection) {
    connection.read_request();
    connection.send(answer(200, "{}"));
    connection.read_request();
  });
  const auto http = start_http({options_for(peer)});
  CHECK(std::holds_alternative<Done>(call(*http)));
  const Outcome second = call(*http);
  CHECK(may_have_run(second));
  CHECK(reason_of(second) == "unusable answer: the connection was closed before an answer came");
  CHECK(peer.connections() == 1);
}

TEST_CASE("a connection that is idle for too long is closed") {
  Gate closed;
  FakePeer peer([&](PeerConnection& connection) {
    while (connection.read_request()) connection.send(answer(200, "{}"));
    closed.open();
  });
  auto options = options_for(peer);
  options.idle_max = 40ms;
  const auto http = start_http({options});
  call(*http);
  CHECK(closed.wait());
  CHECK(std::holds_alternative<Done>(call(*http)));
  CHECK(peer.connections() == 2);
}

TEST_CASE("stop() closes connections in flight and no outcome comes after it") {
  FakePeer peer(hang());
  auto options = options_for(peer);
  options.concurrent_max = 3;
  const auto http = start_http({options}, 2);
  Outcomes outcomes;
  for (int i = 0; i < 10; ++i)
    http->invoke(http_operation(), invocation(20ms + 1h), outcomes.receiver());
  REQUIRE(peer.wait_for_requests(3));
  http->stop();
  http->stop();
  http->invoke(http_operation(), invocation(), outcomes.receiver());
  CHECK(outcomes.count() == 0);
  CHECK(http->snapshot().front().in_flight == 0);
}

TEST_CASE("stop() amid traffic leaves nothing behind") {
  FakePeer peer(always(answer(200, "{}")));
  const auto http = start_http({options_for(peer, "a"), options_for(peer, "b")}, 2);
  Outcomes outcomes;
  for (int i = 0; i < 400; ++i)
    http->invoke(http_operation(i % 2 == 0 ? "a" : "b"), invocation(), outcomes.receiver());
  outcomes.wait(50);
  http->stop();
  const std::size_t at_stop = outcomes.count();
  CHECK(outcomes.count() == at_stop);
  for (const Outcome& outcome : outcomes.wait(0)) CHECK(std::holds_alternative<Done>(outcome));
}
