#include <doctest/doctest.h>

#include "tests/engine/core_build.hpp"
#include "tests/engine/orchestrator_fixture.hpp"

/// What happens between sagas: locks, publications, children, and other versions.
namespace skald::test {

namespace {

/// A bench that also knows the definitions given.
struct Between : Bench {
  explicit Between(std::vector<Definition> definitions) {
    for (auto& definition : definitions) CHECK(registry.add(std::move(definition)).ok());
  }
  SagaId begin(const std::string& name, const std::string& input = "{}", std::string id = "") {
    StartRequest request{.definition = registry.find(name), .input = *Json::parse(input)};
    if (!id.empty()) request.id = SagaId{id};
    return start(std::move(request))->value().id;
  }
  [[nodiscard]] Instance saga(const SagaId& id) const { return stored(id); }
  [[nodiscard]] Status status(const SagaId& id) const { return saga(id).status; }
  /// Steps until nothing moves by itself.
  void rest() {
    for (int i = 0; i < 20; ++i) step();
  }
  Invocation reply(Outcome outcome) {
    const auto invocation = participant.answer(std::move(outcome));
    rest();
    return invocation;
  }
  std::optional<Result<Published>> publish(Publication publication) {
    std::optional<Result<Published>> answer;
    engine->publish(std::move(publication), [&](Result<Published> p) { answer = std::move(p); });
    step();
    return answer;
  }
};

/// Books, holding the lock of the account in the input.
Definition locked() {
  Build b("locked");
  b.initial("Booking").calls("Booking", "book").final("Done").final("Gone", Final::failure);
  b.row("Booking", "book.done", "Done");
  b.row("Booking", "book.failed", "Gone").actions = {UnwindAll{}};
  b.d.locks = {{[](const SagaView& saga, const EventView&) {
                  return "account:" + saga.input().at("account").get<std::string>();
                },
                {}}};
  return b.d;
}

TEST_CASE("sagas that need the same key run one after the other, in order, across a crash") {
  Between bench({locked()});
  const auto first = bench.begin("locked", R"({"account":"a"})");
  const auto other = bench.begin("locked", R"({"account":"b"})");
  const auto second = bench.begin("locked", R"({"account":"a"})");
  const auto third = bench.begin("locked", R"({"account":"a"})");
  CHECK(bench.saga(first).locked);
  CHECK(bench.saga(other).locked);
  CHECK_FALSE(bench.saga(second).locked);
  CHECK(bench.participant.held.size() == 2);
  bench.restart();
  CHECK(bench.participant.held.size() == 2);
  bench.reply(done());
  CHECK(bench.status(first) == Status::completed);
  CHECK(bench.saga(second).locked);
  CHECK_FALSE(bench.saga(third).locked);
  bench.act(second, Cancel{"enough"});
  bench.reply(done());  // other's
  bench.reply(done());  // second's booking, then its undo
  bench.reply(done());
  CHECK(bench.status(second) == Status::cancelled);
  CHECK(bench.saga(third).locked);
  bench.reply(done());
  CHECK(bench.status(third) == Status::completed);
}

TEST_CASE("a lock is given on in the very transaction that ends its holder") {
  Between bench({locked()});
  bench.begin("locked", R"({"account":"a"})");
  const auto second = bench.begin("locked", R"({"account":"a"})");
  bench.participant.answer(done());
  CHECK(bench.step() == 2);
  CHECK(bench.saga(second).locked);
}

TEST_CASE("a batch that could not be stored has given no lock on") {
  Between bench({locked()});
  const auto first = bench.begin("locked", R"({"account":"a"})");
  const auto second = bench.begin("locked", R"({"account":"a"})");
  bench.disk->fail_next_commits(ErrorCode::disk_full);
  bench.participant.answer(done());
  bench.step();
  CHECK(bench.status(first) == Status::running);
  CHECK_FALSE(bench.saga(second).locked);
  bench.pass(1s);
  CHECK(bench.status(first) == Status::completed);
  CHECK(bench.saga(second).locked);
}

/// Waits for "approved" by its order, then for "paid".
Definition approval() {
  Build b("approval");
  b.signal("approved").correlation = {
      [](const SagaView& saga, const EventView&) { return saga.input().at("order"); }, {}};
  b.signal("paid", WhenUnexpected::refuse);
  b.initial("Waiting").final("Done").row("Waiting", "approved", "Approved");
  b.row("Approved", "paid", "Done");
  return b.d;
}

/// Publishes "approved" for the order in its input.
Definition approver() {
  Build b("approver");
  b.initial("Telling").calls("Telling", "tell").final("Told");
  b.of("tell").call.target = PublishTarget{"approved"};
  b.of("tell").call.address = {
      [](const SagaView& saga, const EventView&) { return saga.input().at("order"); }, {}};
  b.of("tell").kind = StepKind::retriable;
  b.row("Telling", "tell.done", "Told");
  return b.d;
}

TEST_CASE("a repeated publication is answered as the first time, whatever has changed since") {
  Between bench({approval()});
  const auto first = bench.begin("approval", R"({"order":"o-1"})");
  const auto early = bench.begin("approval", R"({"order":"o-2"})");
  CHECK(bench.publish({"approved", "o-1", {}, ""})->value().delivered == 1);
  const Publication paid{"paid", "", {}, "event-1"};
  const auto check = [&] {
    const auto answer = bench.publish(paid)->value();
    CHECK(answer.delivered == 1);
    CHECK(answer.refused == 1);
  };
  check();
  CHECK(bench.status(first) == Status::completed);
  // The one that took it has ended, the one that refused it waits for it now, and another has come.
  CHECK(bench.publish({"approved", "o-2", {}, ""})->value().delivered == 1);
  const auto later = bench.begin("approval", R"({"order":"o-3"})");
  CHECK(bench.publish({"approved", "o-3", {}, ""})->value().delivered == 1);
  check();
  bench.restart();
  check();
  CHECK(bench.status(early) == Status::running);
  CHECK(bench.status(later) == Status::running);
}

TEST_CASE("a publication that nobody hears is answered alike when it is repeated") {
  Between bench({approval()});
  const Publication approved{"approved", "o-1", {}, "event-1"};
  CHECK(bench.publish(approved)->value().delivered == 0);
  bench.restart();
  const auto late = bench.begin("approval", R"({"order":"o-1"})");
  CHECK(bench.publish(approved)->value().delivered == 0);
  CHECK(bench.saga(late).revision == 1);
}

TEST_CASE("a publication finds sagas by their key, and each takes it once") {
  Between bench({approval()});
  const auto one = bench.begin("approval", R"({"order":"o-1"})");
  const auto two = bench.begin("approval", R"({"order":"o-1"})");
  const auto other = bench.begin("approval", R"({"order":"o-2"})");
  const Publication approved{"approved", "o-1", {}, "event-1"};
  CHECK(bench.publish(approved)->value().delivered == 2);
  CHECK(bench.saga(one).revision == 2);
  CHECK(bench.saga(other).revision == 1);
  CHECK(bench.publish(approved)->value().delivered == 2);
  bench.restart();
  CHECK(bench.publish(approved)->value().delivered == 2);
  CHECK(bench.saga(two).revision == 2);
  CHECK(bench.publish({"approved", "o-3", {}, ""})->value().delivered == 0);
  CHECK(bench.publish({"approved", "o-1", Json(json{{"by", "me"}}), "event-1"})->error().code ==
        ErrorCode::idempotency_mismatch);
  const auto paid = bench.publish({"paid", "", {}, ""})->value();
  CHECK(paid.delivered == 2);
  CHECK(paid.refused == 1);
  CHECK(bench.status(one) == Status::completed);
}

TEST_CASE("a saga publishes to others") {
  Between bench({approval(), approver()});
  const auto waiting = bench.begin("approval", R"({"order":"o-1"})");
  const auto telling = bench.begin("approver", R"({"order":"o-1"})");
  bench.rest();
  CHECK(bench.status(telling) == Status::completed);
  CHECK(bench.saga(telling).log.front().output.text() == R"({"delivered":1,"refused":0})");
  CHECK(bench.saga(waiting).revision == 2);
}

TEST_CASE("a signal with a known idempotency key is answered again, not delivered again") {
  Between bench({approval()});
  const auto saga = bench.begin("approval", R"({"order":"o-1"})");
  const auto send = [&](const std::string& payload) {
    std::optional<Result<Acted>> answer;
    bench.engine->act(
        saga, {Receive{"approved", Json::from_stored(payload)}, 0},
        [&](Result<Acted> acted) { answer = std::move(acted); }, "key-1");
    bench.step();
    return *answer;
  };
  CHECK(send("{}")->revision == 2);
  CHECK(send("{}")->revision == 2);
  CHECK(send(R"({"other":1})").error().code == ErrorCode::idempotency_mismatch);
  CHECK(bench.saga(saga).revision == 2);
}

/// The child books and pays; its output is what the booking gave.
Definition child(StepKind pay = StepKind::compensatable) {
  Build b("child");
  b.initial("Booking").calls("Booking", "book").final("Done").final("Gone", Final::failure);
  b.row("Booking", "book.done", "Paying");
  b.row("Booking", "book.failed", "Gone").actions = {UnwindAll{}};
  b.calls("Paying", "pay");
  b.of("pay").kind = pay;
  b.row("Paying", "pay.done", "Done");
  b.row("Paying", "pay.failed", "Gone").actions = {UnwindAll{}};
  b.d.output = {[](const SagaView& saga, const EventView&) { return saga.output("book"); }, {}};
  return b.d;
}

/// The parent has its child run, then ships.
Definition parent() {
  Build b("parent");
  b.initial("Travelling").calls("Travelling", "travel");
  b.final("Done").final("Gone", Final::failure);
  b.of("travel").call.target = ChildTarget{"child", 0};
  b.of("travel").undo->target = ChildTarget{"child", 0};
  b.row("Travelling", "travel.done", "Shipping");
  b.row("Travelling", "travel.failed", "Gone").actions = {UnwindAll{}};
  b.calls("Shipping", "ship");
  b.row("Shipping", "ship.done", "Done");
  b.row("Shipping", "ship.failed", "Gone").actions = {UnwindAll{}};
  return b.d;
}

TEST_CASE("a child runs as a saga of its own, and its output is its step's") {
  Between bench({child(), parent()});
  const auto id = bench.begin("parent", "{}", "p");
  bench.rest();
  const Instance started = bench.saga(SagaId{"p.travel"});
  CHECK(started.parent == Parent{SagaId{"p"}, "travel", 1});
  CHECK(bench.reply(Done{Json(json{{"room", 3}})}).saga.value == "p.travel");
  bench.reply(done());
  CHECK(bench.status(SagaId{"p.travel"}) == Status::completed);
  CHECK(bench.saga(id).log.front().output.text() == R"({"room":3})");
  bench.reply(done());
  CHECK(bench.status(id) == Status::completed);
}

TEST_CASE("a completed child is undone as a unit, in its own reverse order, across a crash") {
  Between bench({child(), parent()});
  const auto id = bench.begin("parent", "{}", "p");
  bench.rest();
  bench.reply(done());
  bench.reply(done());
  bench.reply(Failed{"no", "refused", false, {}});
  CHECK(bench.status(id) == Status::compensating);
  CHECK(bench.status(SagaId{"p.travel"}) == Status::compensating);
  bench.restart();
  bench.rest();
  CHECK(bench.reply(done()).idempotency_key == "p.travel/pay/undo");
  CHECK(bench.reply(done()).idempotency_key == "p.travel/book/undo");
  CHECK(bench.status(SagaId{"p.travel"}) == Status::compensated);
  CHECK(bench.status(id) == Status::compensated);
}

TEST_CASE("a child that fails fails its step, and a crash in between starts no second one") {
  Between bench({child(), parent()});
  const auto id = bench.begin("parent", "{}", "p");
  bench.rest();
  bench.restart();
  bench.rest();
  CHECK(bench.participant.held.size() == 1);
  bench.reply(Failed{"full", "no room", false, {}});
  CHECK(bench.status(SagaId{"p.travel"}) == Status::failed);
  CHECK(bench.status(id) == Status::failed);
  CHECK(json::parse(bench.saga(id).error.text()).at("code") == "child_failed");
  CHECK(bench.stored_count() == 2);
}

TEST_CASE("cancelling the parent unwinds the child under way") {
  Between bench({child(), parent()});
  const auto id = bench.begin("parent", "{}", "p");
  bench.rest();
  bench.reply(done());
  bench.act(id, Cancel{"enough"});
  bench.rest();
  CHECK(bench.status(SagaId{"p.travel"}) == Status::compensating);
  bench.reply(done());  // pay, in flight
  CHECK(bench.reply(done()).idempotency_key == "p.travel/pay/undo");
  bench.reply(done());
  CHECK(bench.status(SagaId{"p.travel"}) == Status::compensated);
  CHECK(bench.status(id) == Status::cancelled);
}

TEST_CASE("a child past its pivot cannot be undone: the parent is stuck and says so") {
  Between bench({child(StepKind::pivot), parent()});
  const auto id = bench.begin("parent", "{}", "p");
  bench.rest();
  bench.reply(done());
  bench.reply(done());
  bench.reply(Failed{"no", "refused", false, {}});
  CHECK(bench.status(id) == Status::stuck);
  CHECK(bench.status(SagaId{"p.travel"}) == Status::completed);
}

TEST_CASE("a child whose definition nobody registered is a defect of the step") {
  Between bench({parent()});
  const auto id = bench.begin("parent");
  bench.rest();
  CHECK(bench.status(id) == Status::failed);
}

TEST_CASE("a saga is moved to another version, dry run first; both last over a crash") {
  Definition next = child();
  next.ref.version = 2;
  Between bench({child(), next});
  StartRequest request{.definition = bench.registry.find("child", 1),
                       .version_asked = 1,
                       .input = *Json::parse("{}")};
  const auto id = bench.start(std::move(request))->value().id;
  const auto migrate = [&](bool dry_run) {
    std::optional<Result<Migrated>> answer;
    bench.engine->migrate(id, bench.registry.find("child", 2), dry_run,
                          [&](Result<Migrated> migrated) { answer = std::move(migrated); });
    bench.step();
    return *answer;
  };
  CHECK(migrate(true)->active == std::vector<std::string>{"Booking"});
  CHECK(bench.saga(id).definition.version == 1);
  bench.disk->fail_next_commits(ErrorCode::disk_full);
  CHECK(migrate(false).error().code == ErrorCode::disk_full);
  bench.pass(1s);
  CHECK(bench.saga(id).definition.version == 1);
  CHECK(migrate(false).ok());
  CHECK(bench.saga(id).definition.version == 2);
  bench.restart();
  bench.reply(done());
  bench.reply(done());
  CHECK(bench.status(id) == Status::completed);
  CHECK(migrate(true).error().code == ErrorCode::action_not_allowed);
}

TEST_CASE("a definition is registered once it is stored; the same again is known, another not") {
  Between bench({});
  Definition document = child();
  document.hash = "abc";
  document.document = Json(json{{"saga", "child"}});
  const auto add = [&](const Definition& definition) {
    std::optional<Result<Registered>> answer;
    bench.engine->add_definition(definition,
                                 [&](Result<Registered> added) { answer = std::move(added); });
    bench.step();
    return *answer;
  };
  bench.disk->fail_next_commits(ErrorCode::disk_full);
  CHECK(add(document).error().code == ErrorCode::disk_full);
  CHECK_FALSE(bench.registry.find("child"));
  CHECK_FALSE(add(document)->replayed);
  CHECK(bench.registry.find("child"));
  CHECK(add(document)->replayed);
  document.hash = "def";
  CHECK(add(document).error().code == ErrorCode::id_conflict);
  std::vector<std::string> stored;
  CHECK(bench.store->writer()
            .for_each_definition([&](const DefinitionRow& row) { stored.push_back(row.hash); })
            .ok());
  CHECK(stored == std::vector<std::string>{"abc"});
}

}  // namespace

}  // namespace skald::test
