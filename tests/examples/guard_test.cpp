#include "examples/services/service/guard.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "engine/participants/barrier/barrier.hpp"
#include "examples/services/service/journal.hpp"
#include "tests/examples/service_process.hpp"

using namespace skald::services;

namespace {

struct Fixture {
  Fixture() {
    db.script("CREATE TABLE notes (text TEXT)");
    journal::prepare(db);
    REQUIRE(skald::barrier::prepare(db.connection()));
  }

  /// One forward call whose action writes a note and then answers as `end` says.
  GuardedAnswer call(const std::function<Answer()>& end) {
    GuardedRequest request;
    request.key = "key";
    request.method = "POST";
    request.path = "/notes";
    return perform(db, {}, request, {"refused", [&](Database& inside, const Call&) {
                                       inside.run("INSERT INTO notes VALUES ('note')");
                                       return end();
                                     }});
  }
  std::int64_t notes() { return db.number("SELECT count(*) FROM notes"); }

  skald::examples_test::TemporaryDirectory data;
  Database db{(data.path() / "notes.db").string()};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "what an action wrote before it refused is taken back, the refusal kept") {
  CHECK(call([] { return refused("no", "No."); }).answer.status == 409);
  CHECK(notes() == 0);
  CHECK(call([] { return ok({}); }).answer.status == 409);
  CHECK(notes() == 0);
  CHECK(journal::count(db, "key") == 2);
}

TEST_CASE_FIXTURE(Fixture, "an action that throws leaves nothing, not even the memory of its key") {
  CHECK_THROWS((void)call([]() -> Answer { throw std::runtime_error("disk gone"); }));
  CHECK(notes() == 0);
  CHECK(journal::count(db, "key") == 0);
  CHECK(call([] { return ok({}); }).answer.status == 200);
  CHECK(notes() == 1);
}

TEST_CASE("a share of a knob strikes about that share of the calls") {
  Knobs knobs;
  knobs.refuse = 0.25;
  int struck = 0;
  for (int i = 0; i < 4000; ++i)
    struck += fate_of(knobs, "saga-" + std::to_string(i) + "/pay/forward", 1, false).refuse ? 1 : 0;
  CHECK(struck > 850);
  CHECK(struck < 1150);
}
