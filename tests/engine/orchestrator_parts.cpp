#include <doctest/doctest.h>

#include <regex>
#include <set>

#include "engine/orchestrator/inbox.hpp"
#include "engine/orchestrator/random_source.hpp"
#include "engine/orchestrator/timers.hpp"
#include "tests/engine/orchestrator_fixture.hpp"

using namespace skald;
using namespace skald::test;

TEST_CASE("a timer fires once, at its time, in order, and not when moved or cleared") {
  Timers timers;
  const auto at = [](int ms) { return Timestamp{Duration{ms}}; };
  timers.set(SagaKey{1}, at(30));
  timers.set(SagaKey{2}, at(10));
  timers.set(SagaKey{3}, at(20));
  timers.set(SagaKey{3}, at(40));
  timers.set(SagaKey{4}, at(5));
  timers.set(SagaKey{4}, std::nullopt);
  CHECK(timers.next() == at(10));
  CHECK(timers.take_due(at(9), 10).empty());
  CHECK(timers.take_due(at(30), 10) == std::vector{SagaKey{2}, SagaKey{1}});
  CHECK(timers.take_due(at(30), 10).empty());
  CHECK(timers.take_due(at(99), 10) == std::vector{SagaKey{3}});
  CHECK(!timers.next());
  CHECK(timers.size() == 0);
}

TEST_CASE("a timer set again to an earlier time and back fires once") {
  Timers timers;
  timers.set(SagaKey{1}, Timestamp{20ms});
  timers.set(SagaKey{1}, Timestamp{10ms});
  timers.set(SagaKey{1}, Timestamp{20ms});
  CHECK(timers.take_due(Timestamp{15ms}, 10).empty());
  CHECK(timers.take_due(Timestamp{20ms}, 10).size() == 1);
  CHECK(timers.take_due(Timestamp{99ms}, 10).empty());
}

TEST_CASE("made ids are UUIDv7 behind a prefix, grow with time and do not repeat") {
  RandomSource random;
  const std::regex form("sk_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> ids;
  std::string last;
  for (int i = 1; i <= 1000; ++i) {
    const SagaId id = random.make_saga_id(Timestamp{std::chrono::hours{500'000} + i * 1ms});
    CHECK(std::regex_match(id.value, form));
    CHECK(id.value > last);
    last = id.value;
    ids.insert(id.value);
  }
  CHECK(ids.size() == 1000);
}

TEST_CASE("a full inbox refuses clients but never replies") {
  Inbox inbox;
  std::size_t taken = 0;
  while (inbox.push(UnwatchCommand{}, true)) ++taken;
  CHECK(taken == 50'000);
  CHECK(inbox.push(ReplyCommand{}, false));
  CHECK(inbox.take(0ms, 1000).size() == 1000);
  CHECK(inbox.size() == 49'001);
}

TEST_CASE("requests differ in their fingerprint when any part of them differs") {
  const Bench bench;
  std::set<std::uint64_t> prints;
  auto request = bench.transfer();
  prints.insert(fingerprint(request));
  request.business_key = "b";
  prints.insert(fingerprint(request));
  request.tags = {{"a", "bc"}};
  prints.insert(fingerprint(request));
  request.tags = {{"ab", "c"}};
  prints.insert(fingerprint(request));
  request.version_asked = 1;
  prints.insert(fingerprint(request));
  request.id = SagaId{"x"};
  prints.insert(fingerprint(request));
  CHECK(prints.size() == 6);
  request.idempotency_key = "k";
  CHECK(prints.contains(fingerprint(request)));
}

TEST_CASE("counts follow the transitions that were stored, and only those") {
  Bench bench;
  bench.disk->fail_next_commits(ErrorCode::disk_full);
  REQUIRE(!bench.start(bench.transfer())->ok());
  REQUIRE(bench.start(bench.transfer())->ok());
  auto metrics = bench.engine->metrics();
  CHECK(metrics.started["money-transfer"] == 1);
  CHECK(metrics.live[{"money-transfer", Status::running}] == 1);
  CHECK(metrics.commit_failures == 1);
  bench.participant.answer(Failed{.code = "insufficient_funds"});
  bench.step();
  metrics = bench.engine->metrics();
  CHECK(metrics.live[{"money-transfer", Status::running}] == 0);
  CHECK(metrics.ended[{"money-transfer", Status::failed}] == 1);
  CHECK(
      metrics.attempts[{"money-transfer", "debit-source", Phase::forward, HistoryKind::refused}] ==
      1);
}
