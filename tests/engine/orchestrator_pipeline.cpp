#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/engine/core_build.hpp"
#include "tests/engine/orchestrator_fixture.hpp"

/// The next batch is applied while one is on its way to the disk. The commits wait here until the
/// test lets them through, so that the two really meet.
namespace skald::test {

namespace {

/// A writer whose commits wait for the test.
class GatedWriter final : public StoreWriter {
 public:
  explicit GatedWriter(StoreWriter& inner) : inner_(inner) {}

  /// Waits until `count` commits in all have come to the gate.
  void wait_for(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return come_ >= count; });
  }
  void let_through(int count) {
    const std::lock_guard lock(mutex_);
    allowed_ += count;
    changed_.notify_all();
  }

  Result<void> commit(Epoch epoch, const Batch& batch) override {
    std::unique_lock lock(mutex_);
    const int mine = ++come_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return allowed_ >= mine; });
    return inner_.commit(epoch, batch);
  }
  Epoch epoch() const override { return inner_.epoch(); }
  Result<void> for_each_live(const std::function<void(const LiveRow&)>& visit) override {
    return inner_.for_each_live(visit);
  }
  Result<void> for_each_request(const std::function<void(const RequestRow&)>& visit) override {
    return inner_.for_each_request(visit);
  }
  Result<std::optional<RequestRow>> find_request(const std::string& key) override {
    return inner_.find_request(key);
  }
  Result<void> for_each_definition(
      const std::function<void(const DefinitionRow&)>& visit) override {
    return inner_.for_each_definition(visit);
  }
  Result<SagaKey> last_key() override { return inner_.last_key(); }

 private:
  StoreWriter& inner_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int come_ = 0;
  int allowed_ = 0;
};

class GatedStore final : public Store {
 public:
  explicit GatedStore(std::unique_ptr<Store> inner)
      : inner_(std::move(inner)), gate(inner_->writer()) {}
  StoreWriter& writer() override { return gate; }
  StoreReader& reader() override { return inner_->reader(); }

 private:
  std::unique_ptr<Store> inner_;

 public:
  GatedWriter gate;
};

/// Waits for a signal, or until cancelled.
Definition waiting() {
  Build b("waiting");
  b.initial("Waiting").final("Done").final("Gone", Final::failure);
  b.d.signals = {{"go"}};
  b.row("Waiting", "go", "Done");
  return b.d;
}

/// Counts a call once it is held, so that another thread may look at it then.
struct CountedParticipant final : HeldParticipant {
  void invoke(const Operation& operation, Invocation invocation, OnOutcome on_outcome) override {
    HeldParticipant::invoke(operation, std::move(invocation), std::move(on_outcome));
    ++calls;
  }
  std::atomic<int> calls{0};
};

/// An orchestrator on its own thread, with the gate before its store.
struct Pipeline {
  Registry registry;
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  GatedStore store{open_memory_store(disk)};
  CountedParticipant participant;
  std::atomic<int> answers{0};
  std::optional<Orchestrator> engine;

  Pipeline() {
    CHECK(registry.add(sagas::money_transfer().value()).ok());
    CHECK(registry.add(waiting()).ok());
    engine.emplace(OrchestratorParts{
        .definitions = registry, .store = store, .participants = participant, .large_batch = 1});
    REQUIRE(engine->recover().ok());
    engine->run();
  }
  ~Pipeline() {
    store.gate.let_through(1000);
    engine->drain(0ms);
  }

  void start(StartRequest request, std::optional<Result<Started>>& answer) {
    engine->start(std::move(request), [&](Result<Started> started) {
      answer = std::move(started);
      ++answers;
    });
  }
  [[nodiscard]] StartRequest transfer(std::string key = "") const {
    return {.definition = registry.find("money-transfer"),
            .idempotency_key = std::move(key),
            .input = Json(json{{"source", "a"}, {"target", "b"}, {"amount", 5}})};
  }
  void act(const SagaId& saga, decltype(Event::what) what, std::optional<Result<Acted>>& answer) {
    engine->act(saga, {std::move(what), 0}, [&](Result<Acted> acted) {
      answer = std::move(acted);
      ++answers;
    });
  }
  void wait_until(const std::function<bool()>& holds) const {
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    while (!holds()) {
      REQUIRE(std::chrono::steady_clock::now() < give_up);
      std::this_thread::yield();
    }
  }
  /// Waits until everything that was asked has been applied, on top of the commit under way.
  void wait_until_applied(std::uint64_t in_memory) const {
    wait_until([&] {
      const auto metrics = engine->metrics();
      return metrics.in_memory == in_memory && metrics.queue_depth == 0;
    });
  }
};

TEST_CASE("the next batch is applied while one is stored, and each is told after its own commit") {
  Pipeline pipeline;
  std::optional<Result<Started>> first;
  std::optional<Result<Started>> second;
  pipeline.start(pipeline.transfer(), first);
  pipeline.store.gate.wait_for(1);
  pipeline.start(pipeline.transfer(), second);
  pipeline.wait_until_applied(2);
  CHECK(pipeline.answers == 0);
  CHECK(pipeline.participant.calls == 0);
  pipeline.store.gate.let_through(1);
  pipeline.store.gate.wait_for(2);
  CHECK(pipeline.answers == 1);
  CHECK(pipeline.participant.calls == 1);
  pipeline.store.gate.let_through(1);
  pipeline.wait_until([&] { return pipeline.participant.calls == 2; });
  CHECK(pipeline.answers == 2);
}

TEST_CASE("a request that repeats one on its way to the store is known") {
  Pipeline pipeline;
  std::optional<Result<Started>> first;
  std::optional<Result<Started>> again;
  pipeline.start(pipeline.transfer("key"), first);
  pipeline.store.gate.wait_for(1);
  pipeline.start(pipeline.transfer("key"), again);
  pipeline.wait_until_applied(1);
  pipeline.store.gate.let_through(1);
  pipeline.wait_until([&] { return pipeline.answers == 2; });
  CHECK(again->value().replayed);
  CHECK(again->value().id == first->value().id);
}

TEST_CASE("a definition that is on its way to the store is registered once") {
  Pipeline pipeline;
  std::atomic<int> answered = 0;
  std::atomic<int> replayed = 0;
  const auto add = [&] {
    Definition definition = waiting();
    definition.ref = {"added", 1};
    definition.hash = "0123";
    pipeline.engine->add_definition(std::move(definition), [&](const Result<Registered>& done) {
      CHECK(done.ok());
      replayed += done && done->replayed;
      ++answered;
    });
  };
  add();
  pipeline.store.gate.wait_for(1);
  add();
  pipeline.store.gate.let_through(1);
  pipeline.wait_until([&] { return answered == 2; });
  CHECK(replayed == 1);
}

TEST_CASE("what was applied on a batch that could not be stored is taken back with it") {
  Pipeline pipeline;
  std::optional<Result<Started>> started;
  pipeline.start(pipeline.transfer(), started);
  pipeline.store.gate.let_through(1);
  pipeline.wait_until([&] { return pipeline.participant.calls == 1; });
  pipeline.disk->fail_next_commits(ErrorCode::disk_full);
  pipeline.participant.answer(done());
  pipeline.store.gate.wait_for(2);
  std::optional<Result<Acted>> cancelled;
  std::optional<Result<Started>> other;
  pipeline.act(started->value().id, Cancel{"changed my mind"}, cancelled);
  pipeline.start(pipeline.transfer(), other);
  pipeline.wait_until_applied(2);
  pipeline.store.gate.let_through(1000);
  pipeline.wait_until([&] { return pipeline.answers == 3; });
  CHECK(cancelled->error().code == ErrorCode::disk_full);
  CHECK(other->error().code == ErrorCode::disk_full);
  // The reply is kept and applied again: the saga goes forward, as if nobody had cancelled.
  pipeline.wait_until([&] { return pipeline.participant.calls == 2; });
  const auto row = pipeline.store.reader().find(started->value().id).value().value();
  CHECK(row.status == Status::running);
  CHECK(read_saga(pipeline.registry, pipeline.store.reader(), row)->instance.log.size() == 1);
  CHECK(pipeline.store.reader().list({}, std::nullopt, 10)->size() == 1);
}

TEST_CASE("whoever waits for an end is not told of one that is only applied") {
  Pipeline pipeline;
  StartRequest request{.definition = pipeline.registry.find("waiting"),
                       .input = Json(json::object())};
  request.id = SagaId{"w"};
  std::optional<Result<Started>> started;
  std::optional<Result<Acted>> acted;
  std::atomic<bool> ended = false;
  pipeline.start(std::move(request), started);
  pipeline.store.gate.wait_for(1);
  static_cast<void>(pipeline.engine->watch(SagaId{"w"}, [&] { ended = true; }));
  pipeline.act(SagaId{"w"}, Receive{"go", {}}, acted);
  pipeline.wait_until_applied(1);
  pipeline.store.gate.let_through(1);
  pipeline.store.gate.wait_for(2);
  CHECK(pipeline.answers == 1);
  CHECK_FALSE(ended);
  pipeline.store.gate.let_through(1);
  pipeline.wait_until([&] { return ended.load(); });
  pipeline.wait_until([&] { return pipeline.answers == 2; });
  CHECK(acted->value().status == Status::completed);
}

}  // namespace

}  // namespace skald::test
