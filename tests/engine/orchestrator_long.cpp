#include <doctest/doctest.h>

#include <algorithm>

#include "engine/model/codec.hpp"
#include "tests/engine/core_build.hpp"
#include "tests/engine/orchestrator_fixture.hpp"

/// A saga whose completion log is so long that its history holds most of it.
namespace skald::test {

namespace {

constexpr std::size_t turns = 5 * CompletionLog::chunk_size + 7;

/// Turns until it is told to stop.
Definition turning(std::uint32_t version = 1, const char* step = "turn") {
  Build b("turning");
  b.d.ref.version = version;
  b.signal("stop");
  b.initial("Turning").calls("Turning", step).final("Over");
  b.row("Turning", std::string(step) + ".done", "Turning");
  b.row("Turning", "stop", "Over");
  if (version > 1) b.d.migrations = {{.from = 1, .steps = {{"turn", step}}}};
  return b.d;
}

struct Turning : Bench {
  Turning() {
    CHECK(registry.add(turning()).ok());
    CHECK(registry.add(turning(2, "spin")).ok());
    id =
        start({.definition = registry.find("turning", 1), .input = *Json::parse("{}")})->value().id;
  }
  void turn(std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) {
      participant.answer(done());
      step();
    }
  }
  [[nodiscard]] SagaRow row() const { return *store->reader().find(id).value(); }
  [[nodiscard]] Instance saga() const { return stored(id); }

  SagaId id;
};

TEST_CASE("a saga's row does not grow with its steps, and reads back whole") {
  Turning bench;
  bench.turn(CompletionLog::chunk_size - 1);
  const auto early = bench.row().instance.size();
  bench.turn(turns - CompletionLog::chunk_size + 1);
  CHECK(bench.row().instance.size() < early);
  const Instance saga = bench.saga();
  REQUIRE(saga.log.size() == turns);
  for (std::size_t i = 0; i < turns; ++i) {
    CHECK(saga.log[i].run == i + 1);
    CHECK(saga.log[i].output.text() == R"({"ok":true})");
  }
  CHECK(read_progress(bench.registry, bench.row()).ok());
}

TEST_CASE("after a crash it goes on, and every step that ran is undone") {
  Turning bench;
  bench.turn(turns / 2);
  bench.restart();
  bench.turn(turns - turns / 2);
  REQUIRE(bench.saga().log.size() == turns);
  CHECK(bench.act(bench.id, Cancel{"enough"})->ok());
  bench.turn(1);  // the call that was out
  std::vector<std::string> keys;
  for (std::size_t i = 0; i <= turns; ++i) {
    if (i == turns / 3) bench.restart();
    REQUIRE(bench.participant.held.size() == 1);
    keys.push_back(bench.participant.answer(done()).idempotency_key);
    bench.step();
  }
  CHECK(bench.saga().status == Status::cancelled);
  CHECK(bench.saga().log.count(UndoState::undone) == turns + 1);
  std::sort(keys.begin(), keys.end());
  CHECK(std::unique(keys.begin(), keys.end()) == keys.end());
}

TEST_CASE("another version takes the whole of it over") {
  Turning bench;
  bench.turn(turns);
  bench.act(bench.id, Receive{"nothing", {}});
  std::optional<Result<Migrated>> answer;
  bench.engine->migrate(bench.id, bench.registry.find("turning", 2), false,
                        [&](Result<Migrated> migrated) { answer = std::move(migrated); });
  bench.step();
  REQUIRE(answer);
  REQUIRE_MESSAGE(answer->ok(), answer->error().message);
  bench.turn(3);
  bench.restart();
  const Instance saga = bench.saga();
  REQUIRE(saga.log.size() == turns + 3);
  CHECK(saga.definition.version == 2);
  CHECK(saga.log.runs(*bench.registry.find("turning", 2)->find_step("spin")) == turns + 3);
  CHECK(bench.row().instance.size() < 100 * CompletionLog::chunk_size);
}

TEST_CASE("a record that an older program wrote with all of its log gives it to the history") {
  Turning bench;
  bench.turn(turns);
  Instance saga = bench.saga();
  const auto definition = bench.registry.find("turning", 1);
  saga.log.change_all([](LogEntry&) {});
  const auto plain = encode_instance(*definition, saga, RecordForm::for_store);
  const auto history = history_of(*definition, saga, bench.now, {});
  CHECK(encode_instance(*definition, saga, RecordForm::for_store).size() < plain.size() / 3);
  CHECK_FALSE(decode_chunks_in(history.entries)->empty());
}

}  // namespace

}  // namespace skald::test
