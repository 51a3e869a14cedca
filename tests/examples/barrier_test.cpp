#include "engine/participants/barrier/barrier.hpp"

#include <doctest/doctest.h>
#include <SQLiteCpp/SQLiteCpp.h>

using namespace skald;
using barrier::Decision;

namespace {

barrier::Call call(const std::string& phase, const std::string& content = "content",
                   const std::string& step = "debit") {
  const std::string key = "saga-1/" + step + "/" + phase;
  return barrier::read_call({"saga-1", step, phase, key}, content).value();
}

/// A participant's database whose only business is to count.
struct Fixture {
  Fixture() {
    REQUIRE(barrier::prepare(db));
    db.exec("CREATE TABLE counter (n INTEGER)");
    db.exec("INSERT INTO counter VALUES (0)");
  }

  /// One request: an effect of `by` if the barrier lets it run, answered with `status`.
  Decision request(const barrier::Call& asked, int by, int status = 200) {
    SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
    const auto verdict = barrier::enter(db, asked);
    REQUIRE(verdict);
    last = verdict->stored;
    const bool run = verdict->decision == Decision::run_it;
    if (run && status == 200) db.exec("UPDATE counter SET n = n + " + std::to_string(by));
    if (run || verdict->decision == Decision::null_undo)
      REQUIRE(barrier::remember(db, asked, {status, "answer " + std::to_string(by)}));
    transaction.commit();
    return verdict->decision;
  }

  int count() { return db.execAndGet("SELECT n FROM counter").getInt(); }

  SQLite::Database db{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
  barrier::Answer last;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a repeated call has one effect and gets the first answer again") {
  CHECK(request(call("forward"), 5) == Decision::run_it);
  CHECK(request(call("forward"), 7) == Decision::replay);
  CHECK(last.status == 200);
  CHECK(last.body == "answer 5");
  CHECK(count() == 5);
}

TEST_CASE_FIXTURE(Fixture, "a refusal is repeated as the same refusal") {
  CHECK(request(call("forward"), 5, 409) == Decision::run_it);
  CHECK(request(call("forward"), 5) == Decision::replay);
  CHECK(last.status == 409);
  CHECK(count() == 0);
}

TEST_CASE_FIXTURE(Fixture, "an undo of a call that had an effect runs, once") {
  CHECK(request(call("forward"), 5) == Decision::run_it);
  CHECK(request(call("undo"), -5) == Decision::run_it);
  CHECK(request(call("undo"), -5) == Decision::replay);
  CHECK(count() == 0);
}

TEST_CASE_FIXTURE(Fixture,
                  "an undo that comes first has no effect and keeps its call from running") {
  CHECK(request(call("undo"), -5) == Decision::null_undo);
  CHECK(request(call("forward"), 5) == Decision::refuse_late);
  CHECK(request(call("forward"), 5) == Decision::refuse_late);
  CHECK(request(call("undo"), -5) == Decision::replay);
  CHECK(count() == 0);
}

TEST_CASE_FIXTURE(Fixture, "an undo of a refused call has no effect") {
  CHECK(request(call("forward"), 5, 409) == Decision::run_it);
  CHECK(request(call("undo"), -5) == Decision::null_undo);
  CHECK(count() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a late repetition of an undone call is answered and stays undone") {
  CHECK(request(call("forward"), 5) == Decision::run_it);
  CHECK(request(call("undo"), -5) == Decision::run_it);
  CHECK(request(call("forward"), 5) == Decision::replay);
  CHECK(count() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a key with other content is a mismatch in both phases") {
  CHECK(request(call("forward"), 5) == Decision::run_it);
  CHECK(request(call("forward", "other"), 5) == Decision::mismatch);
  CHECK(request(call("undo"), -5) == Decision::run_it);
  CHECK(request(call("undo", "other"), -5) == Decision::mismatch);
}

TEST_CASE_FIXTURE(Fixture, "each run of a step has its own call and undo") {
  CHECK(request(call("forward"), 5) == Decision::run_it);
  const auto second = [](const std::string& phase) {
    const std::string key = "saga-1/debit#2/" + phase;
    return barrier::read_call({"saga-1", "debit", phase, key}, "content").value();
  };
  CHECK(request(second("undo"), -5) == Decision::null_undo);
  CHECK(request(second("forward"), 5) == Decision::refuse_late);
  CHECK(request(call("undo"), -5) == Decision::run_it);
}

TEST_CASE_FIXTURE(Fixture, "what is rolled back was never seen") {
  {
    SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
    REQUIRE(barrier::enter(db, call("undo")));
    REQUIRE(barrier::remember(db, call("undo"), {200, ""}));
  }
  CHECK(request(call("forward"), 5) == Decision::run_it);
}

TEST_CASE("headers that do not name a call are refused with every reason") {
  const auto findings = [](const barrier::CallHeaders& headers) {
    const auto read = barrier::read_call(headers, "");
    REQUIRE(!read);
    return read.error().findings.size();
  };
  CHECK(findings({"s", "a", "forward", ""}) == 1);
  CHECK(findings({"s", "a", "sideways", ""}) == 2);
  CHECK(findings({"s", "a", "undo", "s/a/forward"}) == 1);
  CHECK(findings({"s", "a", "undo", "s/b/undo"}) == 1);
  CHECK(findings({"s", "a", "undo", "s/a#/undo"}) == 1);
  CHECK(findings({"s", "a", "undo", "s/ab/undo"}) == 1);
  CHECK(findings({"", "", "undo", "any/undo"}) == 1);
  CHECK(barrier::read_call({"s", "a", "undo", "s/a#12/undo"}, "").value().forward_key ==
        "s/a#12/forward");
  CHECK(barrier::read_call({"", "", "", "any key"}, "").value().forward_key.empty());
}

TEST_CASE("the fingerprint tells method, path and body apart") {
  const auto one = barrier::fingerprint("POST", "/debits", "{}");
  CHECK(one.size() == 64);
  CHECK(one == barrier::fingerprint("POST", "/debits", "{}"));
  CHECK(one != barrier::fingerprint("POST", "/debits", "{ }"));
  CHECK(one != barrier::fingerprint("POST", "/credits", "{}"));
}

TEST_CASE("a database that fails gives an error that names the call") {
  SQLite::Database db(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  const auto verdict = barrier::enter(db, call("forward"));
  REQUIRE(!verdict);
  CHECK(verdict.error().code == ErrorCode::storage_failed);
  CHECK(verdict.error().message.find("saga-1/debit/forward") != std::string::npos);
}
