#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "http/server/header_guard.hpp"

using skald::http::check_header;
using skald::http::header_length;
using skald::http::is_loopback_host;

namespace {

const std::string host = "Host: localhost\r\n";

/// A block with `fields` between a good request line and the end.
std::string with(const std::string& fields) {
  return "POST /v1/sagas HTTP/1.1\r\n" + host + fields + "\r\n";
}

std::string line(const std::string& request_line) { return request_line + "\r\n" + host + "\r\n"; }

struct Case {
  const char* what;
  std::string block;
  int status;  // 0: accepted
};

std::vector<Case> framing_cases() {
  return {
      {"no body", with(""), 0},
      {"a length", with("Content-Length: 5\r\n"), 0},
      {"a length with blanks around", with("Content-Length: \t5 \r\n"), 0},
      {"the greatest length", with("Content-Length: 18446744073709551615\r\n"), 0},
      {"chunked", with("transfer-ENCODING: chunked\r\n"), 0},
      {"both", with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"both, other order", with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
      {"two lengths", with("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
      {"two equal lengths", with("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
      {"a list of lengths", with("Content-Length: 5, 5\r\n"), 400},
      {"no length", with("Content-Length:\r\n"), 400},
      {"a plus", with("Content-Length: +5\r\n"), 400},
      {"a minus", with("Content-Length: -5\r\n"), 400},
      {"a hexadecimal length", with("Content-Length: 0x5\r\n"), 400},
      {"a fraction", with("Content-Length: 5.0\r\n"), 400},
      {"a length of 2^64", with("Content-Length: 18446744073709551616\r\n"), 400},
      {"gzip, chunked", with("Transfer-Encoding: gzip, chunked\r\n"), 400},
      {"identity", with("Transfer-Encoding: identity\r\n"), 400},
      {"quoted chunked", with("Transfer-Encoding: \"chunked\"\r\n"), 400},
      {"Chunked", with("Transfer-Encoding: Chunked\r\n"), 400},
      {"a vertical tab", with("Transfer-Encoding: \vchunked\r\n"), 400},
      {"chunked twice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"empty encoding", with("Transfer-Encoding:\r\n"), 400},
      {"encoding in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"100-continue", with("Expect: 100-Continue\r\n"), 0},
      {"another expectation", with("Expect: tea\r\n"), 417},
  };
}

std::vector<Case> line_cases() {
  return {
      {"a query", line("GET /a?b=c&d HTTP/1.1"), 0},
      {"PATCH", line("PATCH / HTTP/1.1"), 0},
      {"1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 0},
      {"1.1 without Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", with(host), 400},
      {"two Hosts in 1.0", "GET / HTTP/1.0\r\n" + host + host + "\r\n", 400},
      {"no version", line("GET /"), 400},
      {"one word", line("GET"), 400},
      {"empty line", line(""), 400},
      {"no method", line(" / HTTP/1.1"), 400},
      {"two blanks", line("GET  / HTTP/1.1"), 400},
      {"a blank at the end", line("GET / HTTP/1.1 "), 400},
      {"a tab", line("GET\t/ HTTP/1.1"), 400},
      {"a blank in the target", line("GET /a b HTTP/1.1"), 400},
      {"absolute form", line("GET http://localhost/ HTTP/1.1"), 400},
      {"asterisk form", line("OPTIONS * HTTP/1.1"), 400},
      {"a fragment", line("GET /a#b HTTP/1.1"), 400},
      {"raw UTF-8", line("GET /\xc3\xa4 HTTP/1.1"), 400},
      {"lower-case version", line("GET / http/1.1"), 400},
      {"a long version", line("GET / HTTP/1.10"), 400},
      {"1.2", line("GET / HTTP/1.2"), 505},
      {"2.0", "PRI * HTTP/2.0\r\n\r\n", 505},
      {"0.9", line("GET / HTTP/0.9"), 505},
      {"TRACE", line("TRACE / HTTP/1.1"), 501},
      {"CONNECT", line("CONNECT localhost:80 HTTP/1.1"), 501},
      {"lower-case method", line("get / HTTP/1.1"), 501},
      {"a method that is no token", line("G(T / HTTP/1.1"), 400},
  };
}

std::vector<Case> field_cases() {
  return {
      {"an empty value", with("X:\r\n"), 0},
      {"UTF-8 in a value", with("X: \xc3\xa4\r\n"), 0},
      {"a folded line", with("X: a\r\n b\r\n"), 400},
      {"a first line that is folded", "GET / HTTP/1.1\r\n X: a\r\n" + host + "\r\n", 400},
      {"a tab fold", with("X: a\r\n\tb\r\n"), 400},
      {"a blank before the colon", with("Content-Length : 5\r\n"), 400},
      {"a tab before the colon", with("X\t: a\r\n"), 400},
      {"a blank in the name", with("X Y: a\r\n"), 400},
      {"no name", with(": a\r\n"), 400},
      {"no colon", with("X\r\n"), 400},
      {"NUL", with(std::string("X: a\0b\r\n", 8)), 400},
      {"NUL in the name", with(std::string("X\0: a\r\n", 7)), 400},
      {"escape", with("X: \x1b\r\n"), 400},
      {"delete", with("X: \x7f\r\n"), 400},
      {"bare CR in a value", with("X: a\rContent-Length: 5\r\n"), 400},
      {"bare LF after a line", "GET / HTTP/1.1\n" + host + "\r\n", 400},
      {"bare LF in a value", with("X: a\nY: b\r\n"), 400},
      {"bare LF at the end", "GET / HTTP/1.1\r\n" + host + "\n", 400},
      {"only line feeds", "GET / HTTP/1.1\nHost: localhost\n\n", 400},
  };
}

void check(const std::vector<Case>& cases) {
  for (const auto& [what, block, status] : cases) {
    CAPTURE(what);
    const auto refusal = check_header(block);
    CHECK((refusal ? refusal->status : 0) == status);
    if (refusal) CHECK_FALSE(refusal->why.empty());
    // The server only gives complete blocks to the check: it must find the same end.
    CHECK(header_length(block + "GET") == block.size());
  }
}

}  // namespace

TEST_CASE("the guard lets only unambiguous framing through") { check(framing_cases()); }
TEST_CASE("the guard lets only request lines of the served kind through") { check(line_cases()); }
TEST_CASE("the guard lets only clean fields through") { check(field_cases()); }

TEST_CASE("the end of a header is found however its lines end") {
  CHECK(header_length("") == std::nullopt);
  CHECK(header_length("GET / HTTP/1.1\r\nHost: a\r\n") == std::nullopt);
  CHECK(header_length("GET / HTTP/1.1\r\nHost: a\r\n\r") == std::nullopt);
  CHECK(header_length("a\r\n\r\nb") == 5);
  CHECK(header_length("a\n\nb") == 3);
  CHECK(header_length("a\n\r\nb") == 4);
  CHECK(header_length("a\r\n\nb") == 4);
}

TEST_CASE("only loopback names count as this machine") {
  for (const auto* good : {"localhost", "LocalHost:80", "localhost:", "127.0.0.1", "127.0.0.1:8080",
                           "127.255.1.2", "[::1]", "[::1]:65535"}) {
    CAPTURE(good);
    CHECK(is_loopback_host(good));
  }
  for (const auto* bad : {"",
                          ":80",
                          "evil.example",
                          "localhost.evil.example",
                          "127.0.0.1.evil.example",
                          "127.0.0.1.5",
                          "127.0.0",
                          "127.0.0.1.",
                          "127.0.0.256",
                          "127.0.0.0001",
                          "128.0.0.1",
                          "10.0.0.1",
                          "0.0.0.0",
                          "[::1",
                          "[::1]x",
                          "[::1].evil.example",
                          "[::2]",
                          "::1",
                          "localhost:8a",
                          "localhost:123456",
                          "localhost:80:80",
                          "user@localhost",
                          "localhost,evil.example",
                          "1270.0.1"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_loopback_host(bad));
  }
}
