#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/http/api_fixture.hpp"
#include "tests/http/api_sagas.hpp"

using namespace skald;
using namespace skald::http::test;
using nlohmann::json;

namespace {

/// Version 1 of a saga that waits, and is to wait elsewhere.
std::string patience(int version, const std::string& waits_in, const std::string& more = "") {
  return R"({"saga":"patience","version":)" + std::to_string(version) + more + R"(,
    "signals":{"now":{}},
    "steps":[{"id":")" +
         waits_in + R"(","wait":{"signal":"now"}},
             {"id":"greet","kind":"retriable","call":{"http":"POST ${participants.mail}/x"}}]})";
}

const std::string renamed = R"(,"migrations":[{"from":1,"states":{"here":"there"}}])";

Answer migrate(Api& api, const std::string& id, const std::string& body) {
  return api.post("/v1/sagas/" + id + "/migrate", body);
}

}  // namespace

TEST_CASE("a saga goes on by another version of its definition") {
  Api api;
  api.add(patience(1, "here"));
  api.run("patience", "p");
  api.add(patience(2, "there", renamed));
  const auto before = api.saga("p");

  const auto dry = migrate(api, "p", R"({"toVersion":2,"dryRun":true})");
  CHECK(dry.status == 200);
  CHECK(json_of(dry) == parsed(R"({"id":"p","definition":"patience","fromVersion":1,"toVersion":2,
      "dryRun":true,"status":"running","states":["there"]})"));
  CHECK(api.saga("p") == before);

  auto expected = json_of(dry);
  expected["dryRun"] = false;
  CHECK(json_of(migrate(api, "p", R"({"toVersion":2})")) == expected);
  const auto saga = api.saga("p");
  CHECK(saga["version"] == 2);
  CHECK(saga["states"] == json{"there"});
  const auto events = json_of(api.get("/v1/sagas/p/events"))["events"];
  CHECK(events.back()["kind"] == "migrated");
  CHECK(api.post("/v1/sagas/p/signals/now", "").status == 200);
  CHECK(api.calls.take().invocation.definition.version == 2);
}

TEST_CASE("a saga that has no place in the new version stays as it is") {
  Api api;
  api.add(patience(1, "here"));
  api.run("patience", "p");
  api.add(patience(2, "there"));
  const auto before = api.saga("p");
  for (const std::string body : {R"({"toVersion":2})", R"({"toVersion":2,"dryRun":true})"}) {
    const auto refused = migrate(api, "p", body);
    CHECK(refused.status == 422);
    CHECK(code_of(refused) == "MIGRATION_REFUSED");
    CHECK(places_in(refused).contains("/active"));
    CHECK(why_at(refused, "/active").find("'here'") != std::string::npos);
  }
  CHECK(api.saga("p") == before);
}

TEST_CASE("a migration that cannot be understood is refused with every mistake") {
  Api api;
  api.add(patience(1, "here"));
  api.run("patience", "p");
  using Places = std::set<std::string>;
  CHECK(places_in(migrate(api, "p", R"({"dryRun":"yes","to":2})")) ==
        Places{"/toVersion", "/dryRun", "/to"});
  const auto unknown = migrate(api, "p", R"({"toVersion":7})");
  CHECK(unknown.status == 422);
  CHECK(why_at(unknown, "/toVersion").find("there are: 1") != std::string::npos);
  CHECK(places_in(migrate(api, "p", R"({"toVersion":1})")) == Places{"/toVersion"});
  CHECK(migrate(api, "nobody", R"({"toVersion":1})").status == 404);
  CHECK(migrate(api, "p", "").status == 415);
  CHECK(api.saga("p")["revision"] == 1);

  api.add(patience(2, "there", renamed));
  REQUIRE(api.post("/v1/sagas/p/signals/now", "").status == 200);
  api.calls.take().answer(Done{});
  REQUIRE(api.reaches("p", "completed"));
  const auto ended = migrate(api, "p", R"({"toVersion":2})");
  CHECK(ended.status == 409);
  CHECK(json_of(ended)["allowedActions"] == json::array());
}
