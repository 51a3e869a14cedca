#include "tests/engine/core_build.hpp"
#include "tests/engine/core_driver.hpp"

/// Events from outside, and events that come before a state handles them.
namespace skald::test {

namespace {

Receive told(std::string signal, std::string payload = "{}") {
  return {std::move(signal), Json::from_stored(std::move(payload))};
}

/// "Waiting" until "approved"; then "Approved" until "paid"; then done.
Definition approval(WhenUnexpected unexpected = WhenUnexpected::keep) {
  Build b;
  b.signal("approved", unexpected);
  b.signal("paid", unexpected);
  b.initial("Waiting").final("Done");
  b.row("Waiting", "approved", "Approved");
  b.row("Approved", "paid", "Done");
  return b.d;
}

TEST_CASE("a saga that waits for a signal is not stuck, and goes on when it comes") {
  Driver driver(approval());
  driver.start();
  CHECK(driver.saga.status == Status::running);
  driver.send(told("approved"));
  CHECK(where(driver) == "Approved");
  driver.send(told("paid"));
  CHECK(driver.saga.status == Status::completed);
}

TEST_CASE("an early signal is kept until a state handles it, in order of arrival") {
  Driver driver(approval());
  driver.start();
  driver.send(told("paid"));
  CHECK(where(driver) == "Waiting");
  CHECK(driver.saga.kept.size() == 1);
  driver.send(told("approved"));
  CHECK(driver.saga.status == Status::completed);
  CHECK(driver.states == std::vector<std::string>{"Waiting", "Approved", "Done"});
}

TEST_CASE("an early signal is refused or dropped where the definition says so") {
  Driver refusing(approval(WhenUnexpected::refuse));
  refusing.start();
  const auto decision = refusing.send(told("paid"));
  REQUIRE(decision.refusal);
  CHECK(decision.refusal->code == ErrorCode::action_not_allowed);
  CHECK(decision.refusal->message ==
        "Nothing waits for the signal 'paid' now; its status is 'running'.");
  CHECK(refusing.saga.revision == 1);
  Driver ignoring(approval(WhenUnexpected::ignore));
  ignoring.start();
  CHECK(ignoring.send(told("paid")).changed);
  CHECK(ignoring.saga.kept.empty());
  ignoring.send(told("approved"));
  CHECK(where(ignoring) == "Approved");
}

TEST_CASE("a signal nobody declared, a payload that does not fit, a saga that has ended") {
  Build b;
  b.signal("approved").payload.check = [](const nlohmann::json& value, const std::string& base) {
    return value.contains("by") ? std::vector<Finding>{}
                                : std::vector<Finding>{{base + "/by", "is missing", "MISSING"}};
  };
  b.initial("Waiting").final("Done").row("Waiting", "approved", "Done");
  Driver driver(b.d);
  driver.start();
  CHECK(driver.send(told("aproved")).refusal->code == ErrorCode::not_found);
  const auto refusal = driver.send(told("approved")).refusal;
  REQUIRE(refusal);
  CHECK(refusal->findings.front().where == "/payload/by");
  driver.send(told("approved", R"({"by":"me"})"));
  CHECK(driver.saga.status == Status::completed);
  CHECK(driver.send(told("approved", R"({"by":"me"})")).refusal->code ==
        ErrorCode::action_not_allowed);
}

TEST_CASE("so many early signals are kept and no more") {
  Driver driver(approval());
  driver.start();
  for (int i = 0; i < 1000; ++i) REQUIRE(driver.send(told("paid")).changed);
  CHECK(driver.send(told("paid")).refusal->code == ErrorCode::overloaded);
}

TEST_CASE("a deferred event comes again after the state has changed") {
  Build b;
  b.signal("tea");
  b.signal("next");
  b.initial("Busy").final("Done");
  b.row("Busy", "tea").actions = {DeferEvent{}};
  b.row("Busy", "next", "Idle");
  b.row("Idle", "tea", "Drinking");
  b.row("Drinking", "tea", "Done");
  Driver driver(b.d);
  driver.start();
  driver.send(told("tea"));
  driver.send(told("tea"));
  CHECK(driver.saga.kept.size() == 2);
  CHECK(driver.saga.kept.front().deferred == false);
  driver.send(told("next"));
  CHECK(driver.saga.status == Status::completed);
  CHECK(driver.states == std::vector<std::string>{"Busy", "Idle", "Drinking", "Done"});
}

TEST_CASE("signals that come while the saga unwinds are kept, and drive what comes after") {
  Build b;
  b.signal("seen");
  b.initial("Booking").calls("Booking", "book").final("Gone", Final::failure);
  b.row("Booking", "book.failed", "Gone").actions = {UnwindAll{}};
  b.row("Booking", "book.done", "Paying");
  b.calls("Paying", "pay");
  b.row("Paying", "pay.done", "Gone");
  b.row("Paying", "pay.failed", "Undone").actions = {UnwindAll{}};
  b.row("Undone", "seen", "Gone");
  Driver driver(b.d);
  driver.start();
  driver.answer("book", done());
  driver.answer("pay", refused());
  CHECK(driver.saga.status == Status::compensating);
  driver.send(told("seen"));
  CHECK(driver.saga.kept.size() == 1);
  driver.answer("undo book", done());
  CHECK(driver.saga.status == Status::compensated);
}

TEST_CASE("keys that sagas are found by come from the input") {
  Build b;
  b.signal("approved").correlation = {
      [](const SagaView& saga, const EventView&) { return saga.input().at("order"); }, Json()};
  b.initial("Waiting").final("Done").row("Waiting", "approved", "Done");
  Driver driver(b.d, {}, R"({"order":"o-1"})");
  driver.start();
  CHECK(driver.saga.correlations.at("approved") == "o-1");
  Driver without(b.d);
  without.start();
  CHECK(without.saga.correlations.empty());
  CHECK(without.saga.status == Status::running);
}

}  // namespace

}  // namespace skald::test
