#include "http/live/live_feed.hpp"

#include <doctest/doctest.h>

#include "tests/http/server_client.hpp"

using namespace skald;
using namespace skald::http;
using namespace skald::http::test;
using namespace std::chrono_literals;

namespace {

std::vector<SagaRow> moved(std::int64_t first, std::int64_t last, Status status = Status::running) {
  std::vector<SagaRow> rows;
  for (auto key = first; key <= last; ++key) {
    auto& row = rows.emplace_back();
    row.key = SagaKey{key};
    row.id = {"s" + std::to_string(key)};
    row.status = status;
  }
  return rows;
}

std::string render(const SagaRow& row) {
  return '"' + row.id.value + ' ' + std::string(name_of(row.status)) + '"';
}

/// Limits for a test: nothing is paced but what the test asks for.
LiveLimits quick() {
  LiveLimits limits;
  limits.burst_every = limits.resync_every = 1ms;
  return limits;
}

/// Reads a stream like a connection does.
struct Reader {
  std::shared_ptr<ResponseStream> stream = std::make_shared<ResponseStream>();
  std::string text;

  bool reads(std::string_view part) {
    return eventually([&] {
      text += stream->take();
      return text.find(part) != std::string::npos;
    });
  }
  std::string cursor() {
    REQUIRE(reads("{\"cursor\":\""));
    const auto from = text.find("{\"cursor\":\"") + 11;
    return text.substr(from, text.find('"', from) - from);
  }
};

LiveAnswer polled(LiveFeed& feed, const std::string& after, std::chrono::milliseconds wait = 5s,
                  LiveFilter filter = {}) {
  Awaited<LiveAnswer> answer;
  REQUIRE(feed.poll(std::move(filter), after, wait,
                    [&](LiveAnswer told) { answer.set(std::move(told)); }));
  auto told = answer.get();
  REQUIRE(told);
  return *told;
}

}  // namespace

TEST_CASE("a stream says hello, and then what moves") {
  LiveFeed feed(render, quick());
  Reader reader;
  REQUIRE(feed.open_stream({}, "", reader.stream));
  const auto cursor = reader.cursor();
  CHECK(reader.text ==
        "id: " + cursor + "\nevent: hello\ndata: {\"cursor\":\"" + cursor + "\"}\n\n");
  feed.on_committed(moved(1, 2));
  CHECK(reader.reads("event: saga\ndata: \"s1 running\"\n\n"));
  CHECK(reader.reads("event: saga\ndata: \"s2 running\"\n\n"));
  CHECK(feed.stream_clients() == 1);
}

TEST_CASE("who comes back is told what it missed, once") {
  LiveFeed feed(render, quick());
  Reader first;
  REQUIRE(feed.open_stream({}, "", first.stream));
  const auto cursor = first.cursor();
  feed.on_committed(moved(1, 1));
  REQUIRE(first.reads("s1"));
  first.stream->abandon();
  feed.on_committed(moved(2, 2));
  Reader again;
  REQUIRE(feed.open_stream({}, cursor, again.stream));
  CHECK(again.reads("s2 running"));
  CHECK(again.text.find("s1 running") < again.text.find("s2 running"));
  CHECK(again.text.find("resync") == std::string::npos);
  CHECK(polled(feed, cursor).changes.size() == 2);
}

TEST_CASE("a cursor of another process, of the future or of nothing asks to load anew") {
  LiveFeed other(render, quick());
  const auto foreign = polled(other, "").cursor;
  LiveFeed feed(render, quick());
  auto future = polled(feed, "").cursor;
  future.back() = '9';
  for (const auto& cursor : {foreign, future, std::string("what?")}) {
    Reader reader;
    REQUIRE(feed.open_stream({}, cursor, reader.stream));
    CHECK(reader.reads("event: resync\ndata: {}\n\n"));
    feed.on_committed(moved(1, 1));
    CHECK(reader.reads("s1 running"));
    CHECK(polled(feed, cursor).resync);
  }
}

TEST_CASE("who is behind what is held is asked to load anew, and then hears on") {
  auto limits = quick();
  limits.changes_max = 2;
  LiveFeed feed(render, limits);
  const auto cursor = polled(feed, "").cursor;
  feed.on_committed(moved(1, 3));
  const auto answer = polled(feed, cursor);
  CHECK(answer.resync);
  CHECK(answer.changes.empty());
  feed.on_committed(moved(4, 4));
  const auto next = polled(feed, answer.cursor);
  CHECK_FALSE(next.resync);
  CHECK(next.changes == std::vector<std::string>{"\"s4 running\""});
}

TEST_CASE(
    "a client that reads slowly keeps nothing but one burst, and hears the newest in the end") {
  auto limits = quick();
  limits.burst_max = 10;
  LiveFeed feed(render, limits);
  Reader reader;
  REQUIRE(feed.open_stream({}, "", reader.stream));
  for (std::int64_t i = 1; i <= 1000; ++i) feed.on_committed(moved(i, i));
  const auto waiting = reader.stream->pending();
  CHECK(waiting < 200);  // the hello, and no more, because that was not read
  CHECK(reader.reads("event: resync"));
  feed.on_committed(moved(1, 1, Status::completed));
  CHECK(reader.reads("s1 completed"));
}

TEST_CASE("a burst tells of each saga only the newest, and bursts keep their distance") {
  LiveLimits limits;
  limits.burst_every = 100ms;
  LiveFeed feed(render, limits);
  Reader reader;
  REQUIRE(feed.open_stream({}, "", reader.stream));
  feed.on_committed(moved(100, 100));
  REQUIRE(reader.reads("s100"));
  const auto begun = std::chrono::steady_clock::now();
  int bursts = 0;
  std::string all;
  while (std::chrono::steady_clock::now() < begun + 400ms) {
    feed.on_committed(moved(1, 1));
    const auto text = reader.stream->take();
    if (text.empty()) continue;
    ++bursts;
    CHECK(text.find("s1") == text.rfind("s1"));
  }
  CHECK(bursts >= 1);
  CHECK(bursts <= 6);
}

TEST_CASE("a quiet stream has its heartbeat, with a cursor that moves on") {
  auto limits = quick();
  limits.heartbeat_every = 5ms;
  LiveFeed feed(render, limits);
  Reader reader;
  REQUIRE(feed.open_stream({{}, "", "", "s2"}, "", reader.stream));
  const auto cursor = reader.cursor();
  CHECK(reader.reads(": heartbeat\nid: " + cursor + "\n\n"));
  feed.on_committed(moved(1, 1));
  auto later = cursor;
  later.back() = '1';
  CHECK(reader.reads(": heartbeat\nid: " + later + "\n\n"));
  CHECK(reader.text.find("s1") == std::string::npos);
}

TEST_CASE("a poll without changes is answered when its time is up, and others at once") {
  LiveFeed feed(render, quick());
  const auto cursor = polled(feed, "").cursor;
  const auto none = polled(feed, cursor, 20ms);
  CHECK(none.changes.empty());
  CHECK_FALSE(none.resync);
  CHECK(none.cursor == cursor);
  Awaited<LiveAnswer> answer;
  REQUIRE(feed.poll({}, cursor, 60s, [&](LiveAnswer told) { answer.set(std::move(told)); }));
  feed.on_committed(moved(1, 1));
  const auto told = answer.get();
  REQUIRE(told);
  CHECK(told->changes.size() == 1);
}

TEST_CASE("nothing is held while nobody looks") {
  auto limits = quick();
  limits.kept_for = 0ms;
  LiveFeed feed(render, limits);
  const auto cursor = polled(feed, "").cursor;
  CHECK(eventually([&] {
    feed.on_committed(moved(1, 1));
    return polled(feed, cursor).resync;
  }));
}

TEST_CASE("there is a limit of clients, and room again when one has gone") {
  auto limits = quick();
  limits.clients_max = 1;
  LiveFeed feed(render, limits);
  Reader first;
  REQUIRE(feed.open_stream({}, "", first.stream));
  Reader second;
  CHECK_FALSE(feed.open_stream({}, "", second.stream));
  CHECK_FALSE(feed.poll({}, "", 0ms, [](const LiveAnswer&) { FAIL_CHECK("answered"); }));
  first.stream->abandon();
  CHECK(eventually([&] { return feed.open_stream({}, "", second.stream); }));
}

TEST_CASE("closing ends streams and answers polls") {
  LiveFeed feed(render, quick());
  Reader reader;
  REQUIRE(feed.open_stream({}, "", reader.stream));
  const auto cursor = reader.cursor();
  Awaited<LiveAnswer> answer;
  REQUIRE(feed.poll({}, cursor, 60s, [&](LiveAnswer told) { answer.set(std::move(told)); }));
  feed.close();
  CHECK(reader.stream->ended());
  const auto told = answer.get();
  REQUIRE(told);
  CHECK(told->cursor == cursor);
  CHECK_FALSE(feed.open_stream({}, "", reader.stream));
}
