#include <doctest/doctest.h>

#include "engine/participants/http_answer_reader.hpp"

using namespace skald;
using State = HttpAnswerReader::State;

namespace {

struct Reading {
  State state = State::more;
  std::string refusal;
  bool reusable = false;
  HttpAnswer answer;
};

Reading conclude(HttpAnswerReader& reader, State state) {
  Reading reading{.state = state, .refusal = reader.refusal(), .reusable = false, .answer = {}};
  if (state != State::complete) return reading;
  reading.reusable = reader.reusable();
  reading.answer = reader.take();
  return reading;
}

/// Reads `bytes` in pieces of `piece` bytes, then the end of the connection.
Reading read(std::string_view bytes, std::size_t piece, AnswerLimits limits = {}) {
  HttpAnswerReader reader(limits);
  while (!bytes.empty()) {
    const State state = reader.feed(bytes.substr(0, piece));
    if (state != State::more) return conclude(reader, state);
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  return conclude(reader, reader.end());
}

Reading read(std::string_view bytes) { return read(bytes, bytes.size()); }

std::string refusal_of(std::string_view bytes, AnswerLimits limits = {}) {
  const Reading reading = read(bytes, 7, limits);
  CHECK(reading.state == State::refused);
  return reading.refusal;
}

}  // namespace

TEST_CASE("an answer reads the same however it is cut into pieces") {
  const std::string_view chunked =
      "HTTP/1.1 200 OK\r\nRetry-After: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;ext=1\r\n{\"a\r\n4\r\n\":1}\r\n0\r\nTrailer: x\r\n\r\n";
  const std::string_view sized = "HTTP/1.1 409 No\r\nContent-Length: 7\r\n\r\n{\"a\":1}";
  for (std::size_t piece = 1; piece <= chunked.size(); ++piece) {
    CAPTURE(piece);
    const Reading one = read(chunked, piece);
    CHECK(one.state == State::complete);
    CHECK(one.answer.status == 200);
    CHECK(one.answer.retry_after == "5");
    CHECK(one.answer.body == "{\"a\":1}");
    CHECK(one.reusable);
    const Reading two = read(sized, piece);
    CHECK(two.answer.status == 409);
    CHECK(two.answer.body == "{\"a\":1}");
    CHECK(two.reusable);
  }
}

TEST_CASE("a connection is used again only after a delimited, final answer without more bytes") {
  CHECK(read("HTTP/1.1 204 No\r\n\r\n").reusable);
  CHECK_FALSE(read("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").reusable);
  CHECK_FALSE(read("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").reusable);
  CHECK_FALSE(read("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n12").reusable);
  CHECK_FALSE(read("HTTP/1.1 100 Continue\r\n\r\n").reusable);
  const Reading closed = read("HTTP/1.1 200 OK\r\n\r\n{}");
  CHECK(closed.state == State::complete);
  CHECK(closed.answer.ended_by_close);
  CHECK(closed.answer.body == "{}");
  CHECK_FALSE(closed.reusable);
}

TEST_CASE("an answer to HEAD has no body") {
  HttpAnswerReader reader({}, true);
  CHECK(reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n") == State::complete);
  CHECK(reader.take().body.empty());
}

TEST_CASE("an answer that stops early is refused") {
  CHECK(refusal_of("") == "the connection was closed before an answer came");
  for (const char* bytes :
       {"HTT", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a"}) {
    CAPTURE(bytes);
    CHECK(refusal_of(bytes) == "the connection was closed in the middle of the answer");
  }
}

TEST_CASE("what is not HTTP or ambiguous in its framing is refused") {
  for (const char* bytes : {
           "SSH-2.0-OpenSSH_9.2\r\n",
           "HTTP/2.0 200 OK\r\n\r\n",
           "HTTP/1.1 20 OK\r\n\r\n",
           "HTTP/1.1 200 OK\r\nBad Name: 1\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12",
           "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
       }) {
    CAPTURE(bytes);
    CHECK_FALSE(refusal_of(bytes).empty());
  }
}

TEST_CASE("headers, bodies, chunk extensions and trailers over the limits are refused") {
  const AnswerLimits limits{.header_bytes = 200, .body_bytes = 10};
  const std::string large(1000, 'x');
  const std::string start = "HTTP/1.1 200 OK\r\n";
  const std::string chunked = start + "Transfer-Encoding: chunked\r\n\r\n";
  CHECK(refusal_of(start + "A: " + large, limits) == "the header is over 200 bytes");
  CHECK(refusal_of("HTTP/1.1 200 " + large, limits) == "the header is over 200 bytes");
  CHECK(refusal_of(start + "Content-Length: 11\r\n\r\n", limits) == "the body is over 10 bytes");
  CHECK(refusal_of(start + "\r\n" + large, limits) == "the body is over 10 bytes");
  CHECK(refusal_of(chunked + "b\r\n", limits) == "the body is over 10 bytes");
  CHECK(refusal_of(chunked + "9\r\n123456789\r\n2\r\n", limits) == "the body is over 10 bytes");
  const std::string refusal = "a chunk extension or trailer is over 200 bytes";
  CHECK(refusal_of(chunked + "1;" + large, limits) == refusal);
  CHECK(refusal_of(chunked + "0\r\nT: " + large, limits) == refusal);
}

TEST_CASE("every damaged answer is read to an end within the limits") {
  const std::string sound =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"
      "3;e=\"1\"\r\n{\"a\r\n4\r\n\":1}\r\n0\r\nTrailer: x\r\n\r\n";
  for (std::size_t at = 0; at < sound.size(); ++at) {
    for (const char byte : {'\0', '\r', '\n', ' ', '0', 'f', ':', ';', '\xff'}) {
      std::string damaged = sound;
      damaged[at] = byte;
      const Reading whole = read(damaged);
      const Reading pieces = read(damaged, 3);
      CHECK(whole.state != State::more);
      CHECK(whole.state == pieces.state);
      CHECK(whole.answer.body == pieces.answer.body);
    }
  }
}
