#include "engine/orchestrator/retention.hpp"

#include <doctest/doctest.h>

#include "tests/engine/orchestrator_fixture.hpp"

/// Ended sagas leave in small commits, oldest first, and not before they are archived.
namespace skald::test {

namespace {

/// Keeps what it is given, or refuses.
class Shelf : public SagaArchive {
 public:
  Result<void> append(std::span<const std::string> lines) override {
    if (full) return Error{ErrorCode::disk_full, "the shelf is full", {}, {}};
    kept.insert(kept.end(), lines.begin(), lines.end());
    return {};
  }
  std::vector<std::string> kept;
  bool full = false;
};

/// A bench with sagas "s1", "s2", … that are kept as `rules` say.
struct Keeping : Bench {
  explicit Keeping(RetentionRules rules)
      : retention({.orchestrator = *engine,
                   .reader = store->reader(),
                   .definitions = registry,
                   .archive = &shelf,
                   .line = [](const SagaRow& row) -> Result<std::string> { return row.id.value; },
                   .now = [this] { return now; },
                   .at_crash_point = {}},
                  rules) {}

  /// Starts a saga and lets it end, unless it is to go on.
  SagaId run(const std::string& id, bool ends = true, const std::string& key = "") {
    auto request = transfer();
    request.id = SagaId{id};
    request.idempotency_key = key;
    REQUIRE(start(std::move(request)));
    while (ends && !participant.held.empty()) {
      participant.answer(done());
      step();
    }
    return SagaId{id};
  }

  /// One slice, with the engine beside it as in production.
  std::size_t slice() {
    std::atomic<bool> over{false};
    std::size_t removed = 0;
    std::jthread thread([&] {
      const auto result = retention.step();
      removed = result ? *result : 0;
      failed = !result;
      over = true;
    });
    while (!over) step();
    return removed;
  }

  [[nodiscard]] std::string left() const {
    std::string ids;
    const auto rows = store->reader().oldest(SagaKey{}, 100);
    for (const auto& row : *rows) ids.append(ids.empty() ? "" : " ").append(row.id.value);
    return ids;
  }

  Shelf shelf;
  Retention retention;
  bool failed = false;
};

TEST_CASE("sagas that ended long enough ago are archived and removed, oldest first") {
  Keeping bench({.age = 1h, .slice = 2});
  for (const auto* id : {"s1", "s2", "s3"}) bench.run(id);
  bench.now += 2h;
  bench.run("s4");
  CHECK(bench.slice() == 2);
  CHECK(bench.left() == "s3 s4");
  CHECK(bench.slice() == 1);
  CHECK(bench.left() == "s4");
  CHECK(bench.slice() == 0);
  CHECK(bench.shelf.kept == std::vector<std::string>{"s1", "s2", "s3"});
  CHECK(bench.retention.removed() == 3);
  CHECK(bench.retention.archived() == 3);
}

TEST_CASE("of more ended sagas than are kept the oldest go, and those that go on stay") {
  Keeping bench({.count_max = 1});
  bench.run("s1");
  bench.run("s2", false);
  bench.participant.held.clear();
  for (const auto* id : {"s3", "s4", "s5"}) bench.run(id);
  CHECK(bench.slice() == 3);
  CHECK(bench.left() == "s2 s5");
  const auto counts = bench.store->reader().count().value();
  CHECK(counts.size() == 2);
  CHECK(bench.slice() == 0);
}

TEST_CASE("the newest saga stays, so that its key is not given again") {
  Keeping bench({.count_max = 0});
  bench.run("s1");
  bench.run("s2");
  CHECK(bench.slice() == 1);
  CHECK(bench.slice() == 0);
  CHECK(bench.left() == "s2");
}

TEST_CASE("what cannot be archived stays") {
  Keeping bench({.age = 1h});
  bench.run("s1");
  bench.now += 2h;
  bench.run("s2");
  bench.shelf.full = true;
  CHECK(bench.slice() == 0);
  CHECK(bench.failed);
  CHECK(bench.left() == "s1 s2");
  bench.shelf.full = false;
  CHECK(bench.slice() == 1);
  CHECK(bench.left() == "s2");
}

TEST_CASE("a commit that fails removes nothing, and what was archived is archived again") {
  Keeping bench({.age = 1h});
  bench.run("s1");
  bench.now += 2h;
  bench.run("s2");
  bench.disk->fail_next_commits(ErrorCode::disk_full);
  CHECK(bench.slice() == 0);
  CHECK(bench.left() == "s1 s2");
  bench.now += 1s;
  CHECK(bench.slice() == 1);
  CHECK(bench.shelf.kept == std::vector<std::string>{"s1", "s1"});
}

TEST_CASE("the idempotency keys of a removed saga leave with it") {
  Keeping bench({.age = 1h});
  bench.run("s1", true, "key-1");
  bench.now += 2h;
  bench.run("s2", true, "key-2");
  REQUIRE(bench.slice() == 1);
  auto request = bench.transfer();
  request.idempotency_key = "key-1";
  const auto again = bench.start(std::move(request));
  REQUIRE(again->ok());
  CHECK_FALSE((*again)->replayed);
  auto known = bench.transfer();
  known.idempotency_key = "key-2";
  known.id = SagaId{"s2"};
  CHECK((*bench.start(std::move(known)))->replayed);
}

TEST_CASE("a child stays while its parent may still undo it") {
  Keeping bench({.age = 1h});
  const auto parent = bench.run("parent", false);
  bench.participant.held.clear();
  auto request = bench.transfer();
  request.id = SagaId{"child"};
  request.parent = Parent{parent, "debit-source", 1};
  REQUIRE(bench.start(std::move(request)));
  while (!bench.participant.held.empty()) {
    bench.participant.answer(done());
    bench.step();
  }
  REQUIRE(is_end(bench.stored(SagaId{"child"}).status));
  bench.now += 2h;
  bench.run("newest");
  CHECK(bench.slice() == 0);
  REQUIRE(bench.act(parent, Terminate{"enough"})->ok());
  CHECK(bench.slice() == 1);
  CHECK(bench.left() == "parent newest");
}

}  // namespace

}  // namespace skald::test
