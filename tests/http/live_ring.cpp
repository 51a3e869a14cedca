#include <doctest/doctest.h>

#include "http/live/change_ring.hpp"
#include "http/live/cursor.hpp"
#include "http/live/sse.hpp"

using namespace skald;
using namespace skald::http;

namespace {

SagaRow row(std::int64_t key, Status status, std::optional<Status> before = std::nullopt) {
  SagaRow row;
  row.key = SagaKey{key};
  row.id = {"s" + std::to_string(key)};
  row.definition = {"transfer", 1};
  row.business_key = "alice";
  row.status = status;
  row.before = before;
  row.instance = "0123456789";
  return row;
}

std::vector<SagaRow> rows(std::int64_t first, std::int64_t last) {
  std::vector<SagaRow> all;
  for (auto key = first; key <= last; ++key) all.push_back(row(key, Status::running));
  return all;
}

std::string places(const std::vector<Change>& changes) {
  std::string text;
  for (const auto& change : changes)
    text += std::to_string(change.place) + ":" + change.row->id.value + " ";
  return text;
}

}  // namespace

TEST_CASE("the ring holds the newest changes, and knows how far back") {
  ChangeRing ring(3, 1000);
  CHECK(ring.newest() == 0);
  CHECK(ring.reaches(0));
  ring.push(rows(1, 2));
  CHECK(places(ring.after(0)) == "1:s1 2:s2 ");
  ring.push(rows(3, 5));
  CHECK(ring.newest() == 5);
  CHECK_FALSE(ring.reaches(1));
  CHECK(ring.reaches(2));
  CHECK_FALSE(ring.reaches(6));
  CHECK(places(ring.after(4)) == "5:s5 ");
  CHECK(ring.after(5).empty());
}

TEST_CASE("the ring is bounded by the size of what it holds, too") {
  ChangeRing ring(1000, 25);
  ring.push(rows(1, 4));
  CHECK(places(ring.after(2)) == "3:s3 4:s4 ");
  CHECK_FALSE(ring.reaches(1));
}

TEST_CASE("changes that were skipped are missed by whoever was before them") {
  ChangeRing ring(10, 1000);
  ring.push(rows(1, 2));
  ring.skip(3);
  CHECK(ring.newest() == 5);
  CHECK_FALSE(ring.reaches(4));
  CHECK(ring.reaches(5));
  ring.skip(0);
  CHECK(ring.reaches(5));
}

TEST_CASE("of each saga only the newest change is told, in the order of changes") {
  ChangeRing ring(10, 1000);
  ring.push(rows(1, 3));
  ring.push({row(1, Status::completed, Status::running)});
  const auto told = coalesced(ring.after(0), {});
  CHECK(places(told) == "2:s2 3:s3 4:s1 ");
  CHECK(told.back().row->status == Status::completed);
}

TEST_CASE("every condition of a filter must hold") {
  const auto one = row(1, Status::running);
  CHECK(concerns({}, one));
  CHECK(concerns({{Status::stuck, Status::running}, "transfer", "alice", "s1"}, one));
  CHECK_FALSE(concerns({{Status::stuck}, "", "", ""}, one));
  CHECK_FALSE(concerns({{}, "other", "", ""}, one));
  CHECK_FALSE(concerns({{}, "", "bob", ""}, one));
  CHECK_FALSE(concerns({{}, "", "", "s2"}, one));
}

TEST_CASE("a saga that leaves the statuses looked at is told once more") {
  const LiveFilter running{{Status::running}, "", "", ""};
  CHECK(concerns(running, row(1, Status::stuck, Status::running)));
  CHECK_FALSE(concerns(running, row(1, Status::compensating, Status::stuck)));
  ChangeRing ring(10, 1000);
  ring.push({row(1, Status::stuck, Status::running)});
  ring.push({row(1, Status::compensating, Status::stuck)});
  CHECK(places(coalesced(ring.after(0), running)) == "2:s1 ");
  CHECK(coalesced(ring.after(1), running).empty());
}

TEST_CASE("cursors read back as they were written, and nothing else is one") {
  const auto back = read_cursor(to_text({0xfedcba9876543210, 42}));
  REQUIRE(back);
  CHECK(back->process == 0xfedcba9876543210);
  CHECK(back->place == 42);
  for (const auto* text : {"", "-", "1-", "-1", "1", "x-1", "1-1 ", "1-1-1", "11111111111111111-1"})
    CHECK_FALSE(read_cursor(text));
}

TEST_CASE("events have the form of an event stream") {
  CHECK(sse_event("saga", "a-1", "{}") == "id: a-1\nevent: saga\ndata: {}\n\n");
  CHECK(sse_heartbeat("a-1") == ": heartbeat\nid: a-1\n\n");
}
