#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/http/server_client.hpp"

using namespace skald::http;
using namespace skald::http::test;
using namespace std::chrono_literals;

namespace {

const std::string host = "Host: localhost\r\n";

/// Sends `bytes` on a connection of its own and expects this refusal, and then the end.
void expect_refusal(TestServer& server, std::string_view bytes, int status, std::string_view code) {
  CAPTURE(bytes.substr(0, 200));
  Client client(server.port());
  const auto answer = client.exchange(bytes);
  REQUIRE(answer.status == status);
  CHECK(answer.field("content-type") == "application/problem+json");
  CHECK(answer.field("Connection") == "close");
  CHECK(answer.field("X-Content-Type-Options") == "nosniff");
  CHECK(answer.field("Cache-Control") == "no-store");
  const auto body = nlohmann::json::parse(answer.body);
  CHECK(body.at("type") == "about:blank");
  CHECK(body.at("status") == status);
  CHECK(body.at("code") == code);
  CHECK_FALSE(body.at("title").get<std::string>().empty());
  CHECK_FALSE(body.at("detail").get<std::string>().empty());
  CHECK(client.closed_by_server());
}

std::string post(const std::string& fields, const std::string& body = "") {
  return "POST / HTTP/1.1\r\n" + host + fields + "\r\n" + body;
}

}  // namespace

TEST_CASE("requests that two servers could read differently are refused, and the next not read") {
  int handled = 0;
  TestServer server([&](Request request, Respond respond) {
    ++handled;
    echo(std::move(request), std::move(respond));
  });
  const std::string smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\n" + host + "\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const auto code = "AMBIGUOUS_FRAMING";
  expect_refusal(server, post("Content-Length: 5\r\n" + chunked, smuggled), 400, code);
  expect_refusal(server, post("Content-Length: 0\r\nContent-Length: 44\r\n", smuggled), 400, code);
  expect_refusal(server, post("Content-Length: 1e1\r\n", smuggled), 400, code);
  expect_refusal(server, post("Content-Length: 99999999999999999999\r\n", smuggled), 400, code);
  expect_refusal(server, post("Transfer-Encoding: xchunked\r\n", smuggled), 400, code);
  expect_refusal(server, "POST / HTTP/1.0\r\n" + chunked + "\r\n" + smuggled, 400, code);
  expect_refusal(server, post("X: a\r\n Transfer-Encoding: chunked\r\n", smuggled), 400, code);
  expect_refusal(server, post("X: a\nTransfer-Encoding: chunked\r\n", smuggled), 400, code);
  expect_refusal(server, "GET / HTTP/1.1\nHost: localhost\n\n", 400, code);
  expect_refusal(server, post("X: a\rY: b\r\n", smuggled), 400, code);
  expect_refusal(server, post("Transfer-Encoding : chunked\r\n", smuggled), 400, code);
  expect_refusal(server, post(chunked, "5;ext\r\nhello\r\n" + smuggled), 400, "MALFORMED_CHUNK");
  expect_refusal(server, post(chunked, "5\nhello\r\n" + smuggled), 400, "MALFORMED_CHUNK");
  expect_refusal(server, post(chunked, "0\r\nX: y\r\n\r\n" + smuggled), 400, "MALFORMED_CHUNK");
  server->stop();
  CHECK(handled == 0);
}

TEST_CASE("malformed requests are refused") {
  TestServer server(echo);
  const auto code = "MALFORMED_REQUEST";
  expect_refusal(server, post(std::string("X: a\0b\r\n", 8)), 400, code);
  expect_refusal(server, post("X: \x01\r\n"), 400, code);
  expect_refusal(server, "GET / HTTP/1.1\r\n\r\n", 400, code);
  expect_refusal(server, post(host), 400, code);
  expect_refusal(server, "GET /\r\n\r\n", 400, code);
  expect_refusal(server, "GET http://localhost/ HTTP/1.1\r\n" + host + "\r\n", 400, code);
  expect_refusal(server, "GET /#x HTTP/1.1\r\n" + host + "\r\n", 400, code);
  expect_refusal(server, "\x16\x03\x01\x02\r\n\r\n", 400, code);
}

TEST_CASE("versions, methods and expectations that are not served are named as such") {
  TestServer server(echo);
  expect_refusal(server, "GET / HTTP/2.0\r\n" + host + "\r\n", 505, "VERSION_NOT_SUPPORTED");
  expect_refusal(server, "TRACE / HTTP/1.1\r\n" + host + "\r\n", 501, "METHOD_UNKNOWN");
  expect_refusal(server, post("Expect: magic\r\n"), 417, "EXPECTATION_UNKNOWN");
}

TEST_CASE("a page whose name was rebound to this machine is refused by its Host") {
  TestServer server(echo);
  expect_refusal(server, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, "MISDIRECTED");
  expect_refusal(server, "GET / HTTP/1.1\r\nHost: 10.0.0.1:80\r\n\r\n", 421, "MISDIRECTED");
  Client client(server.port());
  CHECK(client.exchange("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n").status == 200);
  CHECK(client.exchange("GET / HTTP/1.1\r\nHost: 127.0.0.2\r\n\r\n").status == 200);
}

TEST_CASE("a header beyond the limit is refused, whether it ends or not") {
  ServerOptions options;
  options.header_bytes_max = 300;
  TestServer server(echo, options);
  expect_refusal(server, post("X: " + std::string(300, 'a')), 431, "HEADER_TOO_LARGE");
  expect_refusal(server, "GET /" + std::string(300, 'a'), 431, "HEADER_TOO_LARGE");
  const auto frame = post("X: \r\n").size();
  expect_refusal(server, post("X: " + std::string(301 - frame, 'a') + "\r\n"), 431,
                 "HEADER_TOO_LARGE");
  Client client(server.port());
  CHECK(client.exchange(post("X: " + std::string(300 - frame, 'a') + "\r\n")).status == 200);
}

TEST_CASE("a header that drips in is refused when its time is up") {
  ServerOptions options;
  options.header_timeout = 100ms;
  TestServer server(echo, options);
  expect_refusal(server, "GET / HTTP/1.1\r\nHost: loc", 408, "HEADER_TIMEOUT");
  Client client(server.port());
  // Each byte comes well within the time, so only a limit for all of them together can end this.
  int bytes = 0;
  for (; bytes < 500 && !client.answered_within(10ms); ++bytes) client.send("G");
  CHECK(bytes > 1);
  CHECK(client.receive().status == 408);
}

TEST_CASE("the time for a header is also counted for the second request of a connection") {
  ServerOptions options;
  options.header_timeout = 100ms;
  TestServer server(echo, options);
  Client client(server.port());
  CHECK(client.exchange("GET / HTTP/1.1\r\n" + host + "\r\nGET").status == 200);
  CHECK(client.receive().status == 408);
  CHECK(client.closed_by_server());
}

TEST_CASE("a body that does not come is refused when its time is up") {
  ServerOptions options;
  options.body_timeout = 100ms;
  TestServer server(echo, options);
  expect_refusal(server, post("Content-Length: 5\r\n", "hell"), 408, "BODY_TIMEOUT");
  expect_refusal(server, post("Transfer-Encoding: chunked\r\n", "5\r\nh"), 408, "BODY_TIMEOUT");
}

TEST_CASE("a connection that stays silent is closed without a word") {
  ServerOptions options;
  options.idle_timeout = 100ms;
  TestServer server(echo, options);
  Client silent(server.port());
  CHECK(silent.closed_by_server());
  Client served(server.port());
  CHECK(served.exchange("GET / HTTP/1.1\r\n" + host + "\r\n").status == 200);
  CHECK(served.closed_by_server());
}

TEST_CASE("a body beyond the limit is refused from its announcement alone") {
  ServerOptions options;
  options.body_bytes_max = 10;
  TestServer server(echo, options);
  expect_refusal(server, post("Content-Length: 11\r\n"), 413, "BODY_TOO_LARGE");
  expect_refusal(server, post("Content-Length: 18446744073709551615\r\n"), 413, "BODY_TOO_LARGE");
  expect_refusal(server, post("Content-Length: 11\r\nExpect: 100-continue\r\n"), 413,
                 "BODY_TOO_LARGE");
  expect_refusal(server, post("Transfer-Encoding: chunked\r\n", "b\r\n"), 413, "BODY_TOO_LARGE");
  Client client(server.port());
  CHECK(client.exchange(post("Content-Length: 10\r\n", "0123456789")).status == 200);
}

TEST_CASE("a client that sends a huge body anyway can send all of it and read the refusal") {
  TestServer server(echo);
  Client client(server.port());
  // Many clients take a failed send for the end and never look for an answer.
  CHECK(client.send(post("Content-Length: 10485760\r\n", std::string(10 << 20, 'x'))));
  CHECK(client.receive().status == 413);
  CHECK(client.closed_by_server());
}
