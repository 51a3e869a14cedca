#include <doctest/doctest.h>

#include <string>

#include "http/server/chunked_body.hpp"

using skald::http::ChunkedBody;
using State = ChunkedBody::State;

namespace {

struct Decoded {
  State state;
  std::string body;
  std::size_t used;
};

Decoded decode(std::string_view bytes, std::size_t limit = 100) {
  ChunkedBody chunks(limit);
  std::string body;
  const auto progress = chunks.feed(bytes, body);
  return {progress.state, body, progress.used};
}

}  // namespace

TEST_CASE("chunks are joined and the bytes after them are left alone") {
  const std::string_view bytes = "5\r\nhello\r\n00A\r\n, chunked \r\n0\r\n\r\nGET /";
  const auto whole = decode(bytes);
  CHECK(whole.state == State::done);
  CHECK(whole.body == "hello, chunked ");
  CHECK(bytes.substr(whole.used) == "GET /");
  CHECK(decode("0\r\n\r\n").state == State::done);
}

TEST_CASE("chunks may be cut between any two bytes") {
  ChunkedBody chunks(100);
  std::string body;
  const std::string_view bytes = "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto progress = chunks.feed(bytes.substr(i, 1), body);
    CHECK(progress.used == 1);
    CHECK(progress.state == (i + 1 < bytes.size() ? State::more : State::done));
  }
  CHECK(body == "hello!");
}

TEST_CASE("the limit counts the decoded bytes of all chunks") {
  CHECK(decode("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 5).state == State::done);
  CHECK(decode("3\r\nabc\r\n3\r\n", 5).state == State::too_large);
  CHECK(decode("6\r\n", 5).state == State::too_large);
  CHECK(decode("FFFFFFFFFFFFFFFFF\r\n").state == State::too_large);
  CHECK(decode("10000000000000005\r\n", ~std::size_t{0}).state == State::too_large);
}

TEST_CASE("a chunk that another reader could cut elsewhere is malformed") {
  for (const auto* bytes :
       {"\r\n", "g\r\n", "0x5\r\n", "+5\r\n", "-5\r\n", " 5\r\n", "5 \r\n", "5;a=b\r\nhello\r\n",
        "5;\n\r\n", "5\nhello", "5\r\rhello", "5\r\nhelloX", "5\r\nhello\n", "5\r\nhello\rX",
        "0\r\nTrailer: a\r\n\r\n", "0\r\n\n", "0\n\n", "0\r\n\rX"}) {
    CAPTURE(bytes);
    CHECK(decode(bytes).state == State::malformed);
  }
}
