#include <doctest/doctest.h>
#include <fcntl.h>

#include "tests/engine/participants_calls.hpp"

using namespace skald;
using namespace skald::test;
using namespace std::chrono_literals;

TEST_CASE("each row of the wire contract holds over a real connection") {
  const auto got = [](std::string bytes) { return outcome_at(always(std::move(bytes))); };
  const Outcome done = got(answer(200, R"({"id":7})"));
  REQUIRE(std::holds_alternative<Done>(done));
  CHECK(std::get<Done>(done).output.text() == R"({"id":7})");
  CHECK(std::holds_alternative<Done>(got("HTTP/1.1 204 No\r\n\r\n")));

  const Outcome refused = got(answer(409, R"({"code":"insufficient_funds"})"));
  REQUIRE(std::holds_alternative<Failed>(refused));
  CHECK(std::get<Failed>(refused).code == "insufficient_funds");

  const Outcome working = got(answer(202, "", "Retry-After: 3\r\n"));
  REQUIRE(std::holds_alternative<StillWorking>(working));
  CHECK(std::get<StillWorking>(working).retry_after == 3s);

  const Outcome busy = got(answer(503, "", "Retry-After: Sat, 21 Nov 2026 00:00:09 GMT\r\n"));
  REQUIRE(std::holds_alternative<Unknown>(busy));
  CHECK(std::get<Unknown>(busy).retry_after == 9s);

  const Outcome missing = got(answer(404, ""));
  REQUIRE(std::holds_alternative<Failed>(missing));
  CHECK(std::get<Failed>(missing).defect);
  CHECK(std::get<Failed>(missing).code == "http_404");

  CHECK(may_have_run(got(answer(500, ""))));
  CHECK(may_have_run(got(answer(200, "oops"))));
}

TEST_CASE("the request reaches the participant under its base path with body and headers") {
  FakePeer peer(always(answer(200, "{}")));
  const auto http = start_http({options_for(peer)});
  call(*http);
  REQUIRE(peer.requests().size() == 1);
  const PeerRequest request = peer.requests().front();
  CHECK(request.head.starts_with("POST /base/debits HTTP/1.1\r\n"));
  CHECK("http://" + request.field("Host") == peer.url());
  CHECK(request.field("Saga-Id") == "s-1");
  CHECK(request.field("Saga-Attempt") == "2");
  CHECK(request.field("Idempotency-Key") == "\"s-1/debit/forward\"");
  CHECK(request.body == R"({"amount":5})");
}

TEST_CASE("a redirect is not followed") {
  FakePeer elsewhere(always(answer(200, "{}")));
  FakePeer peer(always(answer(307, "", "Location: " + elsewhere.url() + "/\r\n")));
  const auto http = start_http({options_for(peer)});
  CHECK(reason_of(call(*http)) == "HTTP 307: redirects are not followed");
  CHECK(elsewhere.connections() == 0);
}

TEST_CASE("a participant that accepts and hangs is unknown after the timeout") {
  std::atomic<bool> closed = false;
  const Outcome outcome = outcome_at(
      [&](PeerConnection& connection) {
        connection.read_request();
        closed = connection.client_closes();
      },
      50ms);
  CHECK(reason_of(outcome) == "timeout after 50 ms");
  CHECK(may_have_run(outcome));
  CHECK(closed);
}

TEST_CASE("an answer that drips for ever ends in the timeout") {
  const auto drip = [](PeerConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    do connection.send(" ");
    while (!connection.client_closes(2ms));
  };
  const Outcome outcome = outcome_at(drip, 100ms);
  CHECK(reason_of(outcome) == "timeout after 100 ms");
  CHECK(may_have_run(outcome));
}

TEST_CASE("a participant that does not read a large request is unknown after the timeout") {
  std::atomic<bool> closed = false;
  Gate checked;
  FakePeer peer([&](PeerConnection& connection) {
    checked.wait();
    closed = connection.client_closes();
  });
  const auto http = start_http({options_for(peer)});
  Invocation large = invocation(100ms);
  large.body = Json::from_stored('"' + std::string(std::size_t{32} << 20, 'x') + '"');
  const Outcome outcome = call(*http, http_operation(), large);
  CHECK(reason_of(outcome) == "timeout after 100 ms");
  CHECK(may_have_run(outcome));
  checked.open();
}

TEST_CASE("nothing that goes wrong after the request was sent is taken for an answer") {
  const auto after_request = [](auto play) {
    return outcome_at([play](PeerConnection& connection) {
      connection.read_request();
      play(connection);
    });
  };
  const auto sends = [&](std::string bytes) {
    return after_request([bytes](PeerConnection& connection) { connection.send(bytes); });
  };
  const std::string start = "HTTP/1.1 200 OK\r\n";
  struct Case {
    const char* name;
    Outcome outcome;
  };
  const Case cases[] = {
      {"closed without an answer", after_request([](PeerConnection&) {})},
      {"reset without an answer", after_request([](PeerConnection& c) { c.reset(); })},
      {"closed in the header", sends(start)},
      {"closed in the body", sends(start + "Content-Length: 9\r\n\r\n{\"a\"")},
      {"longer than it says", sends(start + "Content-Length: 1\r\n\r\n{}")},
      {"closed in a chunk", sends(start + "Transfer-Encoding: chunked\r\n\r\n5\r\n{}")},
      {"garbage", sends("\x16\x03\x01 this is TLS or so\r\n\r\n")},
      {"empty and without length", sends(start + "\r\n")},
  };
  for (const Case& each : cases) {
    CAPTURE(each.name);
    CAPTURE(reason_of(each.outcome));
    CHECK(may_have_run(each.outcome));
  }
}

TEST_CASE("a reset in the middle of the body is unknown") {
  FakePeer peer([](PeerConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\"");
    connection.reset();
  });
  const auto http = start_http({options_for(peer)});
  const Outcome outcome = call(*http);
  CHECK(may_have_run(outcome));
  CHECK(reason_of(outcome).starts_with("the connection broke"));
}

TEST_CASE("answers over the limits are cut off, however long they would go on") {
  const auto for_ever = [](std::string start, std::string piece) {
    return [start, piece](PeerConnection& connection) {
      connection.read_request();
      connection.send(start);
      while (connection.send(piece)) {
      }
    };
  };
  const std::string start = "HTTP/1.1 200 OK\r\n";
  const std::string chunk = "1000\r\n" + std::string(4096, ' ') + "\r\n";
  CHECK(reason_of(outcome_at(for_ever(start + "\r\n", std::string(4096, ' ')))) ==
        "unusable answer: the body is over 1048576 bytes");
  CHECK(reason_of(outcome_at(for_ever(start + "Transfer-Encoding: chunked\r\n\r\n", chunk))) ==
        "unusable answer: the body is over 1048576 bytes");
  CHECK(reason_of(outcome_at(for_ever(start, "X: y\r\n"))) ==
        "unusable answer: the header is over 8192 bytes");
  CHECK(may_have_run(outcome_at(always(answer(200, std::string((1 << 20) + 1, ' '))))));
}

TEST_CASE("a refused connection is certainly not executed") {
  std::string url;
  {
    const Listener listener(1);
    url = listener.url();
  }
  const auto http = start_http({{.name = "peer", .base_url = url}});
  const Outcome outcome = call(*http);
  CHECK(certainly_not_run(outcome));
  CHECK(reason_of(outcome) == "cannot connect to " + url.substr(7) + ": Connection refused");
}

TEST_CASE("a connection that is never accepted times out and is certainly not executed") {
  // Connections beyond the backlog get no answer to their SYN.
  const Listener listener(0);
  std::vector<int> fillers;
  for (int i = 0; i < 4; ++i) {
    fillers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    ::connect(fillers.back(), reinterpret_cast<const sockaddr*>(&listener.address()),
              sizeof(sockaddr_in));
  }
  const auto http = start_http({{.name = "peer", .base_url = listener.url()}});
  const Outcome outcome = call(*http, http_operation(), invocation(100ms));
  CHECK(certainly_not_run(outcome));
  CHECK(reason_of(outcome) ==
        "timeout after 100 ms while connecting to " + listener.url().substr(7));
  for (const int fd : fillers) ::close(fd);
}

TEST_CASE("a host that cannot be found is certainly not executed") {
  // A label of more than 63 characters is refused by the resolver without asking any server.
  const auto http = start_http({{.name = "peer",
                                 .base_url = "http://" + std::string(64, 'a') + ".invalid",
                                 .allow_any_host = true}});
  const Outcome outcome = call(*http);
  CHECK(certainly_not_run(outcome));
  CHECK(reason_of(outcome).starts_with("cannot find the host 'aaaa"));
}

TEST_CASE("localhost is reached without a lookup") {
  FakePeer peer(always(answer(200, "{}")));
  auto options = options_for(peer);
  options.base_url.replace(options.base_url.find("127.0.0.1"), 9, "localhost");
  const auto http = start_http({options});
  CHECK(std::holds_alternative<Done>(call(*http)));
}

TEST_CASE("a participant that is not configured is a defect that names the configured ones") {
  FakePeer peer(always(answer(200, "{}")));
  const auto http = start_http({options_for(peer, "accounts"), options_for(peer, "stock")});
  const Outcome outcome = call(*http, http_operation("acounts"));
  REQUIRE(std::holds_alternative<Failed>(outcome));
  const Failed& failed = std::get<Failed>(outcome);
  CHECK(failed.defect);
  CHECK(failed.code == "participant_not_configured");
  CHECK(failed.message == "There is no participant 'acounts'; configured are: accounts, stock.");
  CHECK(std::holds_alternative<Failed>(call(*start_http({}))));
}

TEST_CASE("a target that makes no sound request is a defect and is not sent") {
  FakePeer peer(always(answer(200, "{}")));
  const auto http = start_http({options_for(peer)});
  const Outcome outcome = call(*http, http_operation("peer", "/../admin"));
  REQUIRE(std::holds_alternative<Failed>(outcome));
  CHECK(std::get<Failed>(outcome).defect);
  CHECK(std::get<Failed>(outcome).code == "invalid_target");
  CHECK(peer.connections() == 0);
}

TEST_CASE("participants that cannot be used do not start") {
  const auto started = HttpParticipants::start({{.name = "a", .base_url = "http://10.0.0.1"}}, 1,
                                               [] { return fixed_now; });
  REQUIRE_FALSE(started.ok());
  CHECK(started.error().code == ErrorCode::invalid_argument);
}
