#include <doctest/doctest.h>

#include <thread>

#include "http/server/response_stream.hpp"
#include "tests/http/server_client.hpp"

using namespace skald::http;
using namespace skald::http::test;
using namespace std::chrono_literals;

namespace {

const std::string get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// A server whose every answer is a stream, which the test writes.
struct Streaming {
  explicit Streaming(ServerOptions options = {})
      : server(
            [this](const Request&, const Respond& respond) {
              Response response;
              response.headers.add("Content-Type", "text/plain");
              response.stream = std::make_shared<ResponseStream>();
              response.stream->write("first");
              opened.set(std::weak_ptr(response.stream));
              respond(std::move(response));
            },
            std::move(options)) {}

  /// The stream of the one request; empty when its connection has gone.
  std::shared_ptr<ResponseStream> stream() {
    auto weak = opened.get();
    REQUIRE(weak);
    return weak->lock();
  }

  Awaited<std::weak_ptr<ResponseStream>> opened;
  TestServer server;
};

}  // namespace

TEST_CASE("a response that goes on is sent piece by piece, in chunks") {
  Streaming streaming;
  Client client(streaming.server.port());
  client.send(get);
  const auto head = client.receive_until("\r\n\r\n");
  CHECK(head.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
  CHECK(head.find("Connection: close\r\n") != std::string::npos);
  CHECK(head.find("Content-Length") == std::string::npos);
  CHECK(client.receive_until("first\r\n") == "5\r\nfirst\r\n");
}

TEST_CASE("each piece is a chunk, and the end is told") {
  Streaming streaming;
  Client client(streaming.server.port());
  client.send(get);
  CHECK(client.receive_until("5\r\nfirst\r\n").ends_with("\r\n\r\n5\r\nfirst\r\n"));
  const auto stream = streaming.stream();
  REQUIRE(stream);
  stream->write(std::string(26, 'x'));
  CHECK(client.receive_until("\r\n") == "1a\r\n");
  CHECK(client.receive_until("\r\n") == std::string(26, 'x') + "\r\n");
  CHECK(eventually([&] { return stream->pending() == 0; }));
  stream->write("last");
  stream->end();
  stream->write("too late");
  CHECK(client.receive_until("0\r\n\r\n") == "4\r\nlast\r\n0\r\n\r\n");
  CHECK(client.closed_by_server());
}

TEST_CASE("to HTTP/1.0 a stream goes as it is, up to the end of the connection") {
  Streaming streaming;
  Client client(streaming.server.port());
  client.send("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
  const auto stream = streaming.stream();
  REQUIRE(stream);
  stream->write(" second");
  stream->end();
  const auto all = client.receive_until("second");
  CHECK(all.ends_with("\r\n\r\nfirst second"));
  CHECK(all.find("chunked") == std::string::npos);
  CHECK(client.closed_by_server());
}

TEST_CASE("HEAD is told of a stream without opening it") {
  Streaming streaming;
  Client client(streaming.server.port());
  client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(client.receive(true).status == 200);
  CHECK(client.closed_by_server());
  const auto weak = streaming.opened.get();
  REQUIRE(weak);
  CHECK(eventually([&] { return weak->expired() || weak->lock()->ended(); }));
}

TEST_CASE("a stream ends when its client leaves") {
  Streaming streaming;
  {
    Client client(streaming.server.port());
    client.send(get);
    CHECK_FALSE(client.receive_until("first").empty());
    CHECK(streaming.server->connections() == 1);
  }
  CHECK(eventually([&] { return streaming.server->connections() == 0; }));
  const auto weak = streaming.opened.get();
  REQUIRE(weak);
  CHECK(eventually([&] { return weak->expired(); }));
}

TEST_CASE("what a client sends while it is told of something is dropped") {
  Streaming streaming;
  Client client(streaming.server.port());
  client.send(get + get);
  CHECK_FALSE(client.receive_until("first").empty());
  CHECK(client.send(std::string(100'000, 'x')));
  const auto stream = streaming.stream();
  REQUIRE(stream);
  stream->write("second");
  CHECK_FALSE(client.receive_until("second").empty());
}

TEST_CASE(
    "a client that reads nothing of a stream is given up; one to whom nothing is said stays") {
  ServerOptions options;
  options.body_timeout = options.idle_timeout = 100ms;
  Streaming streaming(options);
  Client client(streaming.server.port());
  client.send(get);
  CHECK_FALSE(client.receive_until("first\r\n").empty());
  const auto stream = streaming.stream();
  REQUIRE(stream);
  CHECK_FALSE(client.answered_within(300ms));
  CHECK_FALSE(stream->ended());
  stream->write(std::string(64 << 20, 'x'));
  CHECK(eventually([&] { return stream->ended(); }));
  CHECK(eventually([&] { return streaming.server->connections() == 0; }));
}

TEST_CASE("a server that stops ends its streams in order") {
  Streaming streaming;
  Client client(streaming.server.port());
  client.send(get);
  CHECK_FALSE(client.receive_until("first\r\n").empty());
  const auto stream = streaming.stream();
  REQUIRE(stream);
  std::jthread stopping([&] { streaming.server->stop(60s); });
  CHECK_FALSE(client.receive_until("0\r\n\r\n").empty());
  CHECK(client.closed_by_server());
  client.finish_sending();
  stopping.join();
  CHECK(stream->ended());
  CHECK(streaming.server->connections() == 0);
}
