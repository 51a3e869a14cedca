#include <doctest/doctest.h>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/http/server_client.hpp"

using namespace skald::http;
using namespace skald::http::test;
using namespace std::chrono_literals;

namespace {

const std::string host = "Host: localhost\r\n";

std::string get(const std::string& target, const std::string& fields = "") {
  return "GET " + target + " HTTP/1.1\r\n" + host + fields + "\r\n";
}

}  // namespace

TEST_CASE("a request reaches the handler as it was sent") {
  Awaited<Request> seen;
  TestServer server([&](Request request, Respond respond) {
    seen.set(std::move(request));
    respond({});
  });
  Client client(server.port());
  client.send(
      "PUT /a%20b//c?x=1&y=%2F HTTP/1.1\r\nHost: localhost:1\r\nX-Two:  a b \r\n"
      "x-two: c\r\nContent-Length: 3\r\n\r\nb");
  client.send({"\0y", 2});
  const auto request = seen.get();
  REQUIRE(request);
  CHECK(request->method == "PUT");
  CHECK(request->path == "/a%20b//c");
  CHECK(request->query == "x=1&y=%2F");
  CHECK(request->headers.find("x-TWO") == "a b");
  CHECK(request->headers.find("absent") == std::nullopt);
  CHECK(request->headers.fields.size() == 4);
  CHECK(request->body == std::string("b\0y", 3));
}

TEST_CASE("an answer carries the server's own fields") {
  TestServer server(echo);
  Client client(server.port());
  const auto answer = client.exchange(get("/"));
  CHECK(answer.head.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(answer.field("Content-Length") == "6");
  CHECK(answer.field("Server") == "skald");
  CHECK(answer.field("X-Content-Type-Options") == "nosniff");
  CHECK(answer.field("Cache-Control") == "no-store");
  CHECK(answer.field("Connection") == std::nullopt);
  CHECK(answer.field("Date").value_or("").ends_with(" GMT"));
  CHECK(answer.body == "GET /|");
}

TEST_CASE("a connection serves many requests until one says close") {
  TestServer server(echo);
  Client client(server.port());
  for (int i = 0; i < 100; ++i) {
    const auto path = "/" + std::to_string(i);
    CHECK(client.exchange(get(path)).body == "GET " + path + "|");
  }
  const auto last = client.exchange(get("/", "Connection: close\r\n"));
  CHECK(last.field("Connection") == "close");
  CHECK(client.closed_by_server());
}

TEST_CASE("HTTP/1.0 closes after the answer unless it asks to be kept") {
  TestServer server(echo);
  Client kept(server.port());
  const auto answer = kept.exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(answer.status == 200);
  CHECK(answer.field("Connection") == "keep-alive");
  CHECK(kept.exchange("GET / HTTP/1.0\r\n\r\n").field("Connection") == "close");
  CHECK(kept.closed_by_server());
}

TEST_CASE("pipelined requests are answered in their order, one at a time") {
  std::mutex mutex;
  std::vector<std::jthread> answering;
  std::atomic<int> running{0};
  std::atomic<bool> overlapped{false};
  TestServer server([&](Request request, Respond respond) {
    if (++running > 1) overlapped = true;
    const std::lock_guard lock(mutex);
    answering.emplace_back([&, request = std::move(request), respond = std::move(respond)] {
      --running;
      echo(request, respond);
    });
  });
  Client client(server.port());
  std::string requests;
  for (int i = 0; i < 200; ++i) {
    const auto number = std::to_string(i);
    requests += "POST /" + number + " HTTP/1.1\r\n" + host +
                "Content-Length: " + std::to_string(number.size()) + "\r\n\r\n" + number;
  }
  client.send(requests);
  for (int i = 0; i < 200; ++i) {
    const auto number = std::to_string(i);
    CHECK(client.receive().body == "POST /" + number + "|" + number);
  }
  CHECK_FALSE(overlapped);
}

TEST_CASE("an empty line in front of a request is ignored, once") {
  TestServer server(echo);
  Client client(server.port());
  CHECK(client.exchange("\r\n" + get("/a")).body == "GET /a|");
  CHECK(client.exchange("\r\n" + get("/b")).body == "GET /b|");
  CHECK(client.exchange("\r\n\r\n" + get("/c")).status == 400);
}

TEST_CASE("HEAD is answered with the header of GET and no body") {
  TestServer server(echo);
  Client client(server.port());
  client.send("HEAD /a HTTP/1.1\r\n" + host + "\r\n");
  const auto answer = client.receive(true);
  CHECK(answer.status == 200);
  CHECK(answer.field("Content-Length") == "8");
  CHECK(client.exchange(get("/b")).body == "GET /b|");
}

TEST_CASE("a body of 10 MB arrives whole") {
  ServerOptions options;
  options.body_bytes_max = 10 << 20;
  TestServer server(echo, options);
  std::string body(10 << 20, ' ');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i * 7 % 26);
  Client client(server.port());
  // From a thread of its own, since the answer is as large and both directions have their limits.
  std::jthread sender([&] {
    client.send("POST /a HTTP/1.1\r\n" + host + "Content-Length: 10485760\r\n\r\n" + body);
  });
  const auto answer = client.receive();
  CHECK(answer.status == 200);
  CHECK(answer.body == "POST /a|" + body);
}

TEST_CASE("a chunked body arrives whole, also byte by byte") {
  TestServer server(echo);
  Client client(server.port());
  const auto head = "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string chunks = "5\r\nhello\r\nA\r\n, chunked \r\n0\r\n\r\n";
  CHECK(client.exchange(head + chunks + get("/next")).body == "POST /|hello, chunked ");
  CHECK(client.receive().body == "GET /next|");
  for (const char c : head + "0\r\n\r\n") client.send(std::string(1, c));
  CHECK(client.receive().body == "POST /|");
}

TEST_CASE("a client that expects 100-continue is asked for its body") {
  TestServer server(echo);
  Client client(server.port());
  const auto head = "POST / HTTP/1.1\r\n" + host + "Expect: 100-continue\r\n";
  const auto invited = client.exchange(head + "Content-Length: 2\r\n\r\n");
  CHECK(invited.status == 100);
  CHECK(client.exchange("ab").body == "POST /|ab");
  // The body came along: there is nothing to ask for.
  CHECK(client.exchange(head + "Content-Length: 2\r\n\r\ncd").body == "POST /|cd");
  CHECK(client.exchange(head + "Content-Length: 0\r\n\r\n").body == "POST /|");
}

TEST_CASE("a client that finishes sending after its request still gets the answer") {
  TestServer server(echo);
  Client client(server.port());
  client.send(get("/half"));
  client.finish_sending();
  CHECK(client.receive().body == "GET /half|");
  CHECK(client.closed_by_server());
}

TEST_CASE("many clients are served by several threads at once") {
  ServerOptions options;
  options.threads = 4;
  TestServer server(echo, options);
  std::atomic<int> right{0};
  std::vector<std::jthread> clients;
  for (int i = 0; i < 16; ++i) {
    clients.emplace_back([&, i] {
      Client client(server.port());
      for (int n = 0; n < 50; ++n) {
        const auto path = "/" + std::to_string(i) + "/" + std::to_string(n);
        if (client.exchange(get(path)).body == "GET " + path + "|") ++right;
      }
    });
  }
  clients.clear();
  CHECK(right == 16 * 50);
}
