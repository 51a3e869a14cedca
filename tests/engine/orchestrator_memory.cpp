#include <doctest/doctest.h>

#include "tests/engine/core_build.hpp"
#include "tests/engine/orchestrator_fixture.hpp"

/// Which sagas are in memory, and how those that wait in the store come back.
namespace skald::test {

namespace {

/// Waits an hour, or for "nudged", and then calls "book".
Definition sleeper() {
  Build b("sleeper");
  b.signal("nudged");
  b.initial("Asleep").calls("Booking", "book").final("Done");
  b.after("Asleep", 1h, "Booking");
  b.row("Asleep", "nudged", "Booking");
  b.row("Booking", "book.done", "Done");
  return b.d;
}

struct Sleepers : Bench {
  Sleepers() { CHECK(registry.add(sleeper()).ok()); }
  SagaId begin() {
    return start({.definition = registry.find("sleeper"), .input = *Json::parse(R"({"a":1})")})
        ->value()
        .id;
  }
  [[nodiscard]] std::uint64_t in_memory() const { return engine->metrics().in_memory; }
  [[nodiscard]] Instance saga(const SagaId& id) const {
    return read_saga(registry, store->reader(), *store->reader().find(id).value())->instance;
  }
};

TEST_CASE("a saga that waits for time leaves memory, and comes back when its time has come") {
  Sleepers bench;
  const auto id = bench.begin();
  CHECK(bench.in_memory() == 0);
  bench.pass(59min);
  CHECK(bench.participant.held.empty());
  bench.pass(1min);
  REQUIRE(bench.participant.held.size() == 1);
  CHECK(bench.in_memory() == 1);
  bench.participant.answer(done());
  bench.step();
  CHECK(bench.in_memory() == 0);
  CHECK(bench.saga(id).status == Status::completed);
  CHECK(bench.saga(id).input.text() == R"({"a":1})");
}

TEST_CASE("a node that starts reads no saga that only waits, and wakes it all the same") {
  Sleepers bench;
  const auto id = bench.begin();
  bench.restart();
  CHECK(bench.in_memory() == 0);
  CHECK(bench.engine->metrics().timers == 1);
  bench.pass(1h);
  CHECK(bench.participant.held.size() == 1);
  CHECK(bench.saga(id).status == Status::running);
}

TEST_CASE("a saga in the store takes signals, actions and publications to all") {
  Sleepers bench;
  const auto one = bench.begin(), two = bench.begin(), three = bench.begin();
  CHECK(bench.act(one, Receive{"nudged", {}})->ok());
  CHECK(bench.act(two, Cancel{"enough"})->ok());
  std::optional<Result<Published>> answer;
  bench.engine->publish({"nudged", "", {}, ""}, [&](Result<Published> p) { answer = p; });
  bench.step();
  CHECK(answer->value().delivered == 2);
  CHECK(bench.saga(two).status == Status::cancelled);
  CHECK(bench.participant.held.size() == 2);
  CHECK(bench.saga(three).pending.size() == 1);
}

TEST_CASE("a publication to all reaches sagas that started in the same batch, once") {
  Sleepers bench;
  bench.engine->start({.definition = bench.registry.find("sleeper"), .input = *Json::parse("{}")},
                      [](const Result<Started>&) {});
  std::optional<Result<Published>> answer;
  bench.engine->publish({"nudged", "", {}, ""}, [&](Result<Published> p) { answer = p; });
  bench.step();
  CHECK(answer->value().delivered == 1);
  CHECK(bench.participant.held.size() == 1);
}

TEST_CASE("a saga that was woken and did not move leaves memory again, and keeps its time") {
  Sleepers bench;
  const auto id = bench.begin();
  CHECK_FALSE(bench.act(id, Retry{"nothing", ""})->ok());
  CHECK(bench.in_memory() == 0);
  std::optional<Result<Migrated>> answer;
  bench.engine->migrate(id, bench.registry.find("sleeper"), true,
                        [&](Result<Migrated> migrated) { answer = std::move(migrated); });
  bench.step();
  REQUIRE(answer.has_value());
  CHECK(bench.in_memory() == 0);
  bench.pass(1h);
  CHECK(bench.participant.held.size() == 1);
}

TEST_CASE("whoever waits for the end of a saga in the store is told of it") {
  Sleepers bench;
  const auto id = bench.begin();
  bool ended = false;
  static_cast<void>(bench.engine->watch(id, [&] { ended = true; }));
  bench.step();
  CHECK_FALSE(ended);
  CHECK(bench.act(id, Cancel{""})->ok());
  CHECK(ended);
}

TEST_CASE("a commit that fails leaves a saga that was woken for it where it was") {
  Sleepers bench;
  const auto id = bench.begin();
  bench.disk->fail_next_commits(ErrorCode::disk_full);
  bench.pass(1h);
  CHECK(bench.participant.held.empty());
  CHECK(bench.saga(id).revision == 1);
  bench.pass(1s);
  CHECK(bench.participant.held.size() == 1);
  CHECK(bench.saga(id).revision == 2);
}

TEST_CASE("calls that were out are sent again, each once, however many sagas have them") {
  Sleepers bench;
  constexpr std::size_t sagas = 600;  // more than are woken at a time
  for (std::size_t i = 0; i < sagas; ++i) bench.start(bench.transfer());
  CHECK(bench.participant.held.size() == sagas);
  bench.restart();
  CHECK(bench.participant.held.size() < sagas);
  for (int i = 0; i < 5; ++i) bench.step();
  CHECK(bench.participant.held.size() == sagas);
  CHECK(bench.in_memory() == sagas);
}

TEST_CASE("an action that comes before the calls are sent again neither loses nor doubles them") {
  Sleepers bench;
  std::vector<SagaId> ids;
  for (int i = 0; i < 600; ++i) ids.push_back(bench.start(bench.transfer())->value().id);
  bench.restart();
  CHECK(bench.act(ids.back(), Cancel{"enough"})->ok());
  for (int i = 0; i < 5; ++i) bench.step();
  CHECK(bench.participant.held.size() == ids.size());
  CHECK(bench.stored(ids.back()).pending.front().possibly_executed);
}

}  // namespace

}  // namespace skald::test
