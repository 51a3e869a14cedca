#include <doctest/doctest.h>

#include "tests/engine/orchestrator_fixture.hpp"

using namespace skald;
using namespace skald::test;

TEST_CASE("a call goes out only after the transition that records it is stored") {
  Bench bench;
  int seen = 0;
  bench.participant.on_invoke = [&](const Invocation& invocation) {
    const Instance saga = bench.stored(invocation.saga);
    REQUIRE(saga.pending.size() == 1);
    CHECK(saga.pending.front().wait == Pending::Wait::reply);
    CHECK(saga.pending.front().attempt == invocation.attempt);
    ++seen;
  };
  REQUIRE(bench.start(bench.transfer()).has_value());
  bench.participant.answer(done());
  bench.step();
  CHECK(seen == 2);
}

TEST_CASE("a start is answered after its commit, and found at once") {
  Bench bench;
  const auto started = bench.start(bench.transfer());
  REQUIRE(started.has_value());
  REQUIRE(started->ok());
  CHECK(bench.stored(started->value().id).status == Status::running);
}

TEST_CASE("everything that waits is committed once") {
  Bench bench;
  int answered = 0;
  for (int i = 0; i < 50; ++i)
    bench.engine->start(bench.transfer(i + 1),
                        [&](const Result<Started>& r) { answered += r.ok(); });
  CHECK(bench.step() == 50);
  CHECK(answered == 50);
  CHECK(bench.engine->metrics().commit_seconds.count == 1);
}

TEST_CASE("on a full disk a start is refused, leaves no trace, and works again by itself") {
  Bench bench;
  bench.disk->fail_next_commits(ErrorCode::disk_full);
  const auto refused = bench.start(bench.transfer());
  REQUIRE(refused.has_value());
  CHECK(refused->error().code == ErrorCode::disk_full);
  CHECK(bench.participant.held.empty());
  CHECK(bench.stored_count() == 0);
  CHECK(bench.engine->health() == Health::disk_full);
  CHECK(bench.start(bench.transfer())->ok());
  CHECK(bench.engine->health() == Health::ready);
}

TEST_CASE("a reply that met a full disk is not lost and not asked for again") {
  Bench bench;
  const SagaId id = bench.start(bench.transfer())->value().id;
  bench.disk->fail_next_commits(ErrorCode::disk_full, 2);
  bench.participant.answer(done());
  bench.step();
  CHECK(bench.stored(id).log.empty());
  bench.pass(250ms);
  CHECK(bench.stored(id).log.empty());
  bench.pass(250ms);
  CHECK(bench.stored(id).log.size() == 1);
  REQUIRE(bench.participant.held.size() == 1);
  CHECK(bench.participant.held.front().invocation.step == "credit-target");
}

TEST_CASE("a retry that is due on a full disk waits for space without spinning") {
  Bench bench;
  const SagaId id = bench.start(bench.transfer())->value().id;
  bench.participant.answer(Unknown{.reason = "HTTP 503"});
  bench.step();
  bench.disk->fail_next_commits(ErrorCode::disk_full);
  bench.pass(10s);
  CHECK(bench.stored(id).pending.front().attempt == 1);
  const auto commits = bench.engine->metrics().commit_seconds.count;
  bench.step();
  bench.step();
  CHECK(bench.engine->metrics().commit_seconds.count == commits);
  bench.pass(250ms);
  CHECK(bench.stored(id).pending.front().attempt == 2);
}

TEST_CASE("after a failed write nothing is acknowledged any more") {
  Bench bench;
  const SagaId id = bench.start(bench.transfer())->value().id;
  bench.disk->fail_next_commits(ErrorCode::storage_failed);
  CHECK(bench.start(bench.transfer())->error().code == ErrorCode::storage_failed);
  CHECK(bench.engine->health() == Health::storage_failed);
  CHECK(bench.start(bench.transfer())->error().code == ErrorCode::storage_failed);
  bench.participant.answer(done());
  bench.step();
  CHECK(bench.participant.held.empty());

  bench.restart();
  CHECK(bench.engine->health() == Health::ready);
  REQUIRE(bench.participant.held.size() == 1);
  CHECK(bench.participant.held.front().invocation.saga == id);
}

TEST_CASE("after a crash what was in flight is asked for again, as the same attempt and key") {
  Bench bench;
  REQUIRE(bench.start(bench.transfer())->ok());
  const Invocation before = bench.participant.held.front().invocation;
  bench.restart();
  REQUIRE(bench.participant.held.size() == 1);
  const Invocation after = bench.participant.held.front().invocation;
  CHECK(after.idempotency_key == before.idempotency_key);
  CHECK(after.attempt == before.attempt);
  CHECK(after.body == before.body);
}

TEST_CASE("a call sent before a crash counts as possibly executed after it") {
  Bench bench;
  const SagaId id = bench.start(bench.transfer())->value().id;
  bench.restart();
  bench.participant.answer(Unknown{.reason = "refused", .possibly_executed = false});
  bench.step();
  CHECK(bench.stored(id).pending.front().possibly_executed);
}

TEST_CASE("recovery with nothing to do changes nothing") {
  Bench bench;
  const SagaId id = bench.start(bench.transfer())->value().id;
  const std::string before = bench.store->reader().find(id).value()->instance;
  bench.restart();
  bench.restart();
  CHECK(bench.store->reader().find(id).value()->instance == before);
}

TEST_CASE("retries survive a crash and fire at their time") {
  Bench bench;
  REQUIRE(bench.start(bench.transfer())->ok());
  bench.participant.answer(Unknown{.reason = "HTTP 503"});
  bench.step();
  bench.restart();
  CHECK(bench.participant.held.empty());
  bench.pass(1s);
  REQUIRE(bench.participant.held.size() == 1);
  CHECK(bench.participant.held.front().invocation.attempt == 2);
}

TEST_CASE("a store with a saga of an unknown definition is refused, by name") {
  Bench bench;
  const SagaId id = bench.start(bench.transfer())->value().id;
  Registry empty;
  const auto store = open_memory_store(bench.disk);
  Orchestrator engine({.definitions = empty, .store = *store, .participants = bench.participant});
  const auto recovered = engine.recover();
  REQUIRE(!recovered.ok());
  CHECK(recovered.error().message.find(id.value) != std::string::npos);
  CHECK(recovered.error().message.find("money-transfer") != std::string::npos);
}
