#include <doctest/doctest.h>

#include "tests/engine/orchestrator_fixture.hpp"

using namespace skald;
using namespace skald::test;

namespace {

StartRequest with_key(const Bench& bench, std::string key, int amount = 100) {
  auto request = bench.transfer(amount);
  request.idempotency_key = std::move(key);
  return request;
}

StartRequest with_id(const Bench& bench, std::string id, int amount = 100) {
  auto request = bench.transfer(amount);
  request.id = SagaId{std::move(id)};
  return request;
}

void run_to_end(Bench& bench) {
  while (!bench.participant.held.empty()) {
    bench.participant.answer(done());
    bench.step();
  }
}

}  // namespace

TEST_CASE("a repeated key with the same content names the first saga") {
  Bench bench;
  const auto first = bench.start(with_key(bench, "k"))->value();
  const auto again = bench.start(with_key(bench, "k"))->value();
  CHECK(!first.replayed);
  CHECK(again.replayed);
  CHECK(again.id == first.id);
  CHECK(bench.stored_count() == 1);
}

TEST_CASE("a repeated key is recognised within one batch, after the end, and after a crash") {
  Bench bench;
  std::vector<Started> answers;
  for (int i = 0; i < 2; ++i)
    bench.engine->start(with_key(bench, "k"),
                        [&](const Result<Started>& r) { answers.push_back(*r); });
  bench.step();
  REQUIRE(answers.size() == 2);
  CHECK(answers[1].replayed);
  CHECK(answers[1].id == answers[0].id);

  run_to_end(bench);
  CHECK(bench.start(with_key(bench, "k"))->value().id == answers[0].id);
  bench.restart();
  CHECK(bench.start(with_key(bench, "k"))->value().replayed);
  CHECK(bench.stored_count() == 1);
}

TEST_CASE("a key or id used with other content is refused") {
  Bench bench;
  REQUIRE(bench.start(with_key(bench, "k"))->ok());
  CHECK(bench.start(with_key(bench, "k", 101))->error().code == ErrorCode::idempotency_mismatch);
  REQUIRE(bench.start(with_id(bench, "t-1"))->ok());
  CHECK(bench.start(with_id(bench, "t-1"))->value().replayed);
  CHECK(bench.start(with_id(bench, "t-1", 101))->error().code == ErrorCode::id_conflict);
  CHECK(bench.stored_count() == 2);
}

TEST_CASE("a key of a start that could not be stored is free again") {
  Bench bench;
  bench.disk->fail_next_commits(ErrorCode::disk_full);
  REQUIRE(!bench.start(with_key(bench, "k"))->ok());
  const auto second = bench.start(with_key(bench, "k", 7));
  REQUIRE(second->ok());
  CHECK(!second->value().replayed);
}

TEST_CASE("ids that Skald makes, or that need escaping, cannot be chosen") {
  Bench bench;
  for (const char* id : {"sk_1", "", "a b", "ä", "../x"}) {
    const auto refused = bench.start(with_id(bench, id));
    REQUIRE(refused.has_value());
    REQUIRE(!refused->ok());
    CHECK(refused->error().findings.front().where == "/id");
  }
}

TEST_CASE("all findings about the input come at once") {
  Bench bench;
  auto request = bench.transfer();
  request.input = Json(json{{"source", 7}, {"amount", 0}, {"extra", true}});
  const auto refused = bench.start(std::move(request));
  REQUIRE(!refused->ok());
  std::vector<std::string> places;
  for (const auto& finding : refused->error().findings) places.push_back(finding.where);
  CHECK(places == std::vector<std::string>{"/input/source", "/input/target", "/input/amount",
                                           "/input/extra"});
  CHECK(bench.stored_count() == 0);
}

TEST_CASE("the business key comes from the input when none is given") {
  Bench bench;
  const SagaId id = bench.start(bench.transfer())->value().id;
  CHECK(bench.stored(id).business_key == "a");
}

TEST_CASE("actions on sagas that do not exist or have ended are refused") {
  Bench bench;
  CHECK(bench.act({"nobody"}, Cancel{})->error().code == ErrorCode::not_found);
  const SagaId id = bench.start(bench.transfer())->value().id;
  run_to_end(bench);
  const auto refused = bench.act(id, Cancel{});
  CHECK(refused->error().code == ErrorCode::action_not_allowed);
  CHECK(refused->error().message.find("completed") != std::string::npos);
}

TEST_CASE("a cancelled saga is unwound and ends as cancelled") {
  Bench bench;
  const SagaId id = bench.start(bench.transfer())->value().id;
  CHECK(bench.act(id, Cancel{"changed my mind"})->value().status == Status::compensating);
  bench.participant.answer(done());
  bench.step();
  const auto undo = bench.participant.answer(done());
  CHECK(undo.phase == Phase::undo);
  CHECK(undo.idempotency_key == id.value + "/debit-source/undo");
  bench.step();
  CHECK(bench.stored(id).status == Status::cancelled);
}

TEST_CASE("waiting for the end is told once, after it is stored; at once when it is over") {
  Bench bench;
  const SagaId id = bench.start(bench.transfer())->value().id;
  int told = 0;
  bench.engine->watch(id, [&] {
    CHECK(is_end(bench.stored(id).status));
    ++told;
  });
  const WatchId given_up = bench.engine->watch(id, [&] { told += 100; });
  bench.engine->unwatch(given_up, id);
  bench.step();
  CHECK(told == 0);
  run_to_end(bench);
  CHECK(told == 1);
  bench.engine->watch(id, [&] { ++told; });
  bench.step();
  CHECK(told == 2);
}

TEST_CASE("a wait that begins in the batch that ends the saga is told after the commit") {
  Bench bench;
  const SagaId id = bench.start(bench.transfer())->value().id;
  bench.participant.answer(done());
  bench.step();
  bool told = false;
  bench.participant.answer(done());
  bench.engine->watch(id, [&] { told = is_end(bench.stored(id).status); });
  bench.step();
  CHECK(told);
}

TEST_CASE("a reply to an older attempt moves nothing and is counted") {
  Bench bench;
  const SagaId id = bench.start(bench.transfer())->value().id;
  const auto late = bench.participant.held.front().on_outcome;
  bench.participant.answer(Unknown{.reason = "timeout"});
  bench.step();
  bench.pass(1s);
  const auto revision = bench.stored(id).revision;
  late(done());
  bench.step();
  CHECK(bench.stored(id).revision == revision);
  CHECK(bench.engine->metrics().late_replies == 1);
}

TEST_CASE("draining refuses clients, sends nothing new, and the next process goes on") {
  Bench bench;
  const SagaId id = bench.start(bench.transfer())->value().id;
  bench.participant.answer(done());
  bench.engine->drain(0ms);
  bench.step();
  CHECK(bench.participant.held.empty());
  std::optional<ErrorCode> code;
  bench.engine->start(bench.transfer(), [&](const Result<Started>& r) { code = r.error().code; });
  CHECK(code == ErrorCode::shutting_down);
  bench.restart();
  REQUIRE(bench.participant.held.size() == 1);
  CHECK(bench.participant.held.front().invocation.step == "credit-target");
  run_to_end(bench);
  CHECK(bench.stored(id).status == Status::completed);
}
