#include <doctest/doctest.h>

#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/http/server_client.hpp"

using namespace skald::http;
using namespace skald::http::test;
using namespace std::chrono_literals;

namespace {

const std::string get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

Response ok(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

/// Collects what a server reports, from its threads.
class Reports {
 public:
  [[nodiscard]] ServerOptions options() {
    ServerOptions options;
    options.on_defect = [this](std::string_view what) {
      const std::lock_guard lock(mutex_);
      texts_.emplace_back(what);
    };
    return options;
  }
  [[nodiscard]] bool mention(std::string_view part) {
    return eventually([&] {
      const std::lock_guard lock(mutex_);
      return std::any_of(texts_.begin(), texts_.end(), [&](const std::string& text) {
        return text.find(part) != std::string::npos;
      });
    });
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> texts_;
};

void expect_internal_problem(const Answer& answer) {
  REQUIRE(answer.status == 500);
  CHECK(answer.field("content-type") == "application/problem+json");
  CHECK(nlohmann::json::parse(answer.body).at("code") == "INTERNAL");
}

}  // namespace

TEST_CASE("only loopback addresses are listened on") {
  for (const auto* address : {"0.0.0.0", "::", "192.0.2.1", "::ffff:127.0.0.1"}) {
    CAPTURE(address);
    ServerOptions options;
    options.address = address;
    Server server(options, echo);
    const auto port = server.start();
    REQUIRE_FALSE(port.ok());
    CHECK(port.error().code == skald::ErrorCode::invalid_argument);
    CHECK(port.error().message.find("other addresses need authentication") != std::string::npos);
  }
  ServerOptions options;
  options.address = "localhost";
  CHECK_FALSE(Server(options, echo).start().ok());
}

TEST_CASE("an address in use is named together with the option that changes it") {
  TestServer first(echo);
  ServerOptions options;
  options.port = first.port();
  Server second(options, echo);
  const auto port = second.start();
  REQUIRE_FALSE(port.ok());
  CHECK(port.error().code == skald::ErrorCode::invalid_argument);
  CHECK(port.error().message.find("127.0.0.1:" + std::to_string(first.port())) !=
        std::string::npos);
  CHECK(port.error().message.find("--listen") != std::string::npos);
  first->stop();
  CHECK(second.start().ok());
  CHECK_FALSE(second.start().ok());
}

TEST_CASE("who connects while the server only listens is answered when it serves") {
  Server server({}, echo);
  const auto port = server.listen();
  REQUIRE(port.ok());
  CHECK_FALSE(server.listen().ok());
  Client early(*port);
  REQUIRE(early.send(get));
  CHECK_FALSE(early.answered_within(50ms));
  const auto serving = server.start();
  REQUIRE(serving.ok());
  CHECK(*serving == *port);
  CHECK(early.receive().status == 200);
}

TEST_CASE("a server that listens and never serves gives its address back") {
  std::uint16_t port = 0;
  {
    Server server({}, echo);
    port = server.listen().value();
  }
  ServerOptions options;
  options.port = port;
  CHECK(Server(options, echo).listen().ok());
}

TEST_CASE("an answer may be given from another thread") {
  std::vector<std::jthread> threads;
  TestServer server([&](const Request&, Respond respond) {
    threads.emplace_back([respond = std::move(respond)] { respond(ok("from afar")); });
  });
  Client client(server.port());
  for (int i = 0; i < 50; ++i) CHECK(client.exchange(get).body == "from afar");
}

TEST_CASE("an answer may be given after the client has gone") {
  Awaited<Respond> held;
  TestServer server([&](const Request& request, Respond respond) {
    if (request.method == "POST") return held.set(std::move(respond));
    respond(ok("alive"));
  });
  Client client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto respond = held.get();
  REQUIRE(respond);
  client.reset();
  (*respond)(ok(std::string(1 << 20, 'x')));
  CHECK(eventually([&] { return server->connections() == 0; }));
  CHECK(Client(server.port()).exchange(get).body == "alive");
}

TEST_CASE("an answer may be given after the server has gone") {
  std::optional<Respond> respond;
  {
    Awaited<Respond> held;
    TestServer server([&](const Request&, Respond given) { held.set(std::move(given)); });
    Client client(server.port());
    client.send(get);
    respond = held.get();
    REQUIRE(respond);
  }
  (*respond)(ok("too late"));
  respond.reset();
}

TEST_CASE("answers that race with the end of the server are safe") {
  for (int round = 0; round < 50; ++round) {
    Awaited<Respond> held;
    std::optional<TestServer> server;
    server.emplace([&](const Request&, Respond given) { held.set(std::move(given)); });
    Client client(server->port());
    client.send(get);
    auto respond = held.get();
    REQUIRE(respond);
    std::jthread racer([given = std::move(*respond)] { given(ok("now or never")); });
    server.reset();
  }
}

TEST_CASE("a handler that drops its Respond is answered for, and the connection lives on") {
  Reports reports;
  std::atomic<int> calls{0};
  TestServer server(
      [&](const Request&, const Respond& respond) {
        if (calls++ > 0) respond(ok("fine"));
      },
      reports.options());
  Client client(server.port());
  expect_internal_problem(client.exchange(get));
  CHECK(client.exchange(get).body == "fine");
  CHECK(reports.mention("dropped its Respond"));
}

TEST_CASE("a Respond dropped later, on another thread, is answered for too") {
  Reports reports;
  Awaited<Respond> held;
  TestServer server([&](const Request&, Respond respond) { held.set(std::move(respond)); },
                    reports.options());
  Client client(server.port());
  client.send(get);
  auto respond = held.get();
  REQUIRE(respond);
  respond.reset();
  expect_internal_problem(client.receive());
}

TEST_CASE("a handler that throws is answered for without telling the client why") {
  Reports reports;
  TestServer server(
      [](const Request& request, const Respond& respond) {
        if (request.path == "/odd") throw 42;
        if (request.path == "/late") respond(ok("answered"));
        throw std::runtime_error("the password is swordfish");
      },
      reports.options());
  Client client(server.port());
  const auto answer = client.exchange(get);
  expect_internal_problem(answer);
  CHECK(answer.body.find("swordfish") == std::string::npos);
  CHECK(reports.mention("swordfish"));
  expect_internal_problem(client.exchange("GET /odd HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  CHECK(client.exchange("GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n").body == "answered");
}

TEST_CASE("of two answers the first is sent and the second reported") {
  Reports reports;
  TestServer server(
      [](const Request&, const Respond& respond) {
        respond(ok("first"));
        respond(ok("second"));
      },
      reports.options());
  Client client(server.port());
  CHECK(client.exchange(get).body == "first");
  CHECK(client.exchange(get).body == "first");
  CHECK(reports.mention("second answer"));
}

TEST_CASE("an answer that would forge header lines is not sent") {
  Reports reports;
  TestServer server(
      [](const Request&, const Respond& respond) {
        auto response = ok("x");
        response.headers.add("Location", "/a\r\nSet-Cookie: b=c");
        respond(response);
      },
      reports.options());
  Client client(server.port());
  expect_internal_problem(client.exchange(get));
  CHECK(reports.mention("bad status, field name or field value"));
}

TEST_CASE("connections beyond the limit are told to come later") {
  ServerOptions options;
  options.connections_max = 2;
  TestServer server(echo, options);
  std::optional<Client> first(std::in_place, server.port());
  Client second(server.port());
  CHECK(first->exchange(get).status == 200);
  CHECK(second.exchange(get).status == 200);
  CHECK(server->connections() == 2);
  {
    Client third(server.port());
    const auto answer = third.receive();
    CHECK(answer.status == 503);
    CHECK(answer.field("Retry-After") == "1");
    CHECK(nlohmann::json::parse(answer.body).at("code") == "TOO_MANY_CONNECTIONS");
    CHECK(third.closed_by_server());
  }
  CHECK(second.exchange(get).status == 200);
  first.reset();
  CHECK(eventually([&] { return server->connections() == 1; }));
  CHECK(Client(server.port()).exchange(get).status == 200);
}

TEST_CASE("a flood beyond the limit leaves no more than a few refusals open") {
  ServerOptions options;
  options.connections_max = 1;
  TestServer server(echo, options);
  Client kept(server.port());
  CHECK(kept.exchange(get).status == 200);
  std::vector<std::unique_ptr<Client>> flood;
  for (int i = 0; i < 200; ++i) {
    flood.push_back(std::make_unique<Client>(server.port()));
    CHECK(server->connections() <= 65);
  }
  CHECK(kept.exchange(get).status == 200);
  flood.clear();
  CHECK(eventually([&] { return server->connections() == 1; }));
}

TEST_CASE("stopping closes idle connections at once and answers what has begun") {
  Awaited<Respond> held;
  TestServer server([&](const Request& request, Respond respond) {
    if (request.method == "POST") return held.set(std::move(respond));
    respond(ok("quick"));
  });
  Client idle(server.port());
  CHECK(idle.exchange(get).status == 200);
  Client busy(server.port());
  busy.send("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n" + get);
  const auto respond = held.get();
  REQUIRE(respond);

  std::jthread stopping([&] { server->stop(60s); });
  CHECK(idle.closed_by_server());
  (*respond)(ok("in time"));
  const auto answer = busy.receive();
  CHECK(answer.body == "in time");
  CHECK(answer.field("Connection") == "close");
  CHECK(busy.closed_by_server());
  busy.finish_sending();
  stopping.join();
  CHECK(server->connections() == 0);
}

TEST_CASE("stopping gives up on a busy request when the grace is over") {
  Awaited<Respond> held;
  TestServer server([&](const Request&, Respond respond) { held.set(std::move(respond)); });
  Client busy(server.port());
  busy.send(get);
  const auto respond = held.get();
  REQUIRE(respond);
  server->stop(50ms);
  CHECK(busy.closed_by_server());
  CHECK(server->connections() == 0);
  (*respond)(ok("too late"));
}

TEST_CASE("a client that does not read its answer is given up") {
  ServerOptions options;
  options.body_timeout = 100ms;
  options.idle_timeout = 100ms;
  TestServer server(
      [](const Request&, const Respond& respond) { respond(ok(std::string(64 << 20, 'x'))); },
      options);
  Client client(server.port());
  client.send(get);
  CHECK(eventually([&] { return server->connections() == 1; }));
  CHECK(eventually([&] { return server->connections() == 0; }));
}
