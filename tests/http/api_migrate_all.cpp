#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/http/api_fixture.hpp"

using namespace skald;
using namespace skald::http::test;
using nlohmann::json;

namespace {

/// Sagas wait in "here", or with input {"far": true} in "yonder"; from version 2 on in "there", and
/// yonder is gone.
std::string patience(int version) {
  const bool first = version == 1;
  const std::string here = first ? "here" : "there";
  const std::string yonder = first ? "yonder" : "beyond";
  return R"({"saga":"patience","version":)" + std::to_string(version) +
         (first ? "" : R"(,"migrations":[{"from":1,"states":{"here":"there"}}])") + R"(,
    "input":{"type":"object","properties":{"far":{"type":"boolean"}},"required":["far"]},
    "signals":{"now":{}},
    "steps":[{"id":"choose","choice":[
                {"when":"${input.far}","steps":[{"id":")" +
         yonder +
         R"(","wait":{"signal":"now"}}]},
                {"steps":[{"id":")" +
         here + R"(","wait":{"signal":"now"}}]}]},
             {"id":"greet","kind":"retriable","call":{"http":"POST ${participants.mail}/x"}}]})";
}

/// Runs `count` sagas of version 1; those whose number `far` divides wait in yonder.
void start_all(Api& api, int count, int far) {
  api.add(patience(1));
  for (int i = 1; i <= count; ++i)
    api.run("patience", "p-" + std::to_string(i),
            i % far == 0 ? R"({"far":true})" : R"({"far":false})");
}

json migrate(Api& api, const std::string& body) {
  const auto answer = api.post("/v1/definitions/patience/migrate", body);
  CHECK_MESSAGE(answer.status == 200, answer.body);
  return json_of(answer);
}

std::size_t at_version(Api& api, int version) {
  const auto sagas = json_of(api.get("/v1/sagas?pageSize=1000"))["sagas"];
  return static_cast<std::size_t>(std::count_if(
      sagas.begin(), sagas.end(), [&](const json& saga) { return saga.at("version") == version; }));
}

}  // namespace

TEST_CASE("all sagas of a definition are migrated, and those refused are named with the reasons") {
  Api api;
  start_all(api, 70, 30);
  api.add(patience(2));
  const auto dry = migrate(api, R"({"toVersion":2})");
  CHECK(dry["dryRun"] == true);
  CHECK(dry["matched"] == 70);
  CHECK(dry["migrated"] == 68);
  CHECK(dry["refused"].size() == 2);
  CHECK_FALSE(dry.contains("nextPageToken"));
  CHECK(at_version(api, 1) == 70);

  const auto done = migrate(api, R"({"toVersion":2,"fromVersion":1,"dryRun":false})");
  CHECK(done["dryRun"] == false);
  CHECK(done["migrated"] == 68);
  std::set<std::string> refused;
  for (const auto& one : done["refused"]) {
    refused.insert(one["saga"].get<std::string>());
    CHECK(one["code"] == "MIGRATION_REFUSED");
    CHECK(one["findings"][0]["pointer"] == "/active");
    CHECK(one["findings"][0]["detail"].get<std::string>().find("yonder") != std::string::npos);
  }
  CHECK(refused == std::set<std::string>{"p-30", "p-60"});
  CHECK(at_version(api, 2) == 68);
  CHECK(migrate(api, R"({"toVersion":2,"dryRun":false})")["matched"] == 2);
}

TEST_CASE("a migration of many goes on page by page") {
  Api api;
  start_all(api, 25, 10);
  api.add(patience(2));
  std::size_t matched = 0;
  std::string token;
  int pages = 0;
  do {
    const auto page = migrate(api, R"({"toVersion":2,"dryRun":false,"limit":10)" + token + "}");
    CHECK(page["matched"] <= 10);
    matched += page["matched"].get<std::size_t>();
    token = page.contains("nextPageToken")
                ? R"(,"pageToken":")" + page["nextPageToken"].get<std::string>() + '"'
                : "";
  } while (++pages < 5 && !token.empty());
  CHECK(pages == 3);
  CHECK(matched == 25);
  CHECK(at_version(api, 2) == 23);
}

TEST_CASE("only sagas with the statuses and version asked for are migrated") {
  Api api;
  start_all(api, 4, 100);
  REQUIRE(api.post("/v1/sagas/p-1/signals/now", "").status == 200);
  api.calls.take().answer(Done{});
  REQUIRE(api.reaches("p-1", "completed"));
  api.add(patience(2));
  CHECK(migrate(api, R"({"toVersion":2,"statuses":["stuck"]})")["matched"] == 0);
  CHECK(migrate(api, R"({"toVersion":2,"statuses":["stuck","running"]})")["matched"] == 3);
  api.add(patience(3));
  CHECK(migrate(api, R"({"toVersion":3,"fromVersion":2})")["matched"] == 0);
}

TEST_CASE("a migration of many that cannot be understood is refused with every mistake") {
  Api api;
  api.add(patience(1));
  const auto refused = [&](const std::string& body) {
    const auto answer = api.post("/v1/definitions/patience/migrate", body);
    CHECK(answer.status == 422);
    return places_in(answer);
  };
  using Places = std::set<std::string>;
  CHECK(refused("{}") == Places{"/toVersion"});
  CHECK(refused(R"({"toVersion":2,"fromVersion":0,"limit":1001,"statuses":["completed",7],
                    "pageToken":"x","dryRun":1,"all":true})") ==
        Places{"/toVersion", "/fromVersion", "/limit", "/statuses", "/statuses/1", "/pageToken",
               "/dryRun", "/all"});
  CHECK(refused(R"({"toVersion":1,"fromVersion":1})") == Places{"/fromVersion"});
  CHECK(api.post("/v1/definitions/nothing/migrate", R"({"toVersion":1})").status == 404);
}
