#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/http/api_fixture.hpp"

using namespace skald;
using namespace skald::http::test;

namespace {

/// The ids on a page, joined with blanks.
std::string ids_on(const Answer& answer) {
  REQUIRE(answer.status == 200);
  std::string ids;
  const auto page = json_of(answer);
  for (const auto& saga : page.at("sagas"))
    ids.append(ids.empty() ? "" : " ").append(saga.at("id").get<std::string>());
  return ids;
}

/// The target of the next page, as the Link header gives it; empty on the last one.
std::string next_of(const Answer& answer) {
  const auto link = answer.field("Link").value_or("");
  const auto end = link.find(">; rel=\"next\"");
  return end == std::string::npos ? "" : link.substr(1, end - 1);
}

void start(Api& api, const std::string& id, const std::string& definition = "money-transfer") {
  api.start(definition, R"(,"id":")" + id + R"(","businessKey":"b &)" + id + '"');
  api.millis += 1000;
}

}  // namespace

TEST_CASE("sagas are listed newest first") {
  Api api;
  for (const std::string id : {"a", "b", "c"}) start(api, id);
  const auto answer = api.get("/v1/sagas");
  CHECK(ids_on(answer) == "c b a");
  const auto newest = json_of(answer)["sagas"][0];
  CHECK(newest["states"] == nlohmann::json{"TransferInitiated"});
  CHECK(newest["status"] == "running");
  CHECK(newest["created"] == "2026-01-01T00:00:02.000Z");
  CHECK(json_of(answer).contains("nextPageToken") == false);
}

TEST_CASE("pages follow one another without a gap while sagas are started") {
  Api api;
  for (const std::string id : {"a", "b", "c", "d", "e"}) start(api, id);
  auto page = api.get("/v1/sagas?pageSize=2&status=running&businessKey=b%20%26c");
  CHECK(ids_on(page) == "c");
  CHECK(next_of(page).empty());

  page = api.get("/v1/sagas?status=running,stuck&pageSize=2");
  CHECK(ids_on(page) == "e d");
  start(api, "f");
  CHECK(next_of(page).find("pageToken=" + json_of(page)["nextPageToken"].get<std::string>()) !=
        std::string::npos);
  page = api.get(next_of(page));
  CHECK(ids_on(page) == "c b");
  page = api.get(next_of(page));
  CHECK(ids_on(page) == "a");
  CHECK(next_of(page).empty());
}

TEST_CASE("every condition of a list must hold") {
  Api api;
  for (const std::string id : {"a", "b"}) start(api, id);
  start(api, "c", "impatient");
  for (int i = 0; i < 3; ++i) api.calls.take().answer(Done{});
  api.calls.take().answer(Done{});  // a's credit
  REQUIRE(api.reaches("a", "completed"));
  const auto out = api.calls.take();                // b's credit stays out
  api.calls.take().answer(Unknown{"it was lost"});  // c's credit, after its only attempt
  REQUIRE(api.reaches("c", "stuck"));

  CHECK(ids_on(api.get("/v1/sagas?definition=impatient")) == "c");
  CHECK(ids_on(api.get("/v1/sagas?status=completed")) == "a");
  CHECK(ids_on(api.get("/v1/sagas?status=running,completed")) == "b a");
  CHECK(ids_on(api.get("/v1/sagas?stuck=true")) == "c");
  CHECK(ids_on(api.get("/v1/sagas?businessKey=b+%26b")) == "b");
  CHECK(ids_on(api.get("/v1/sagas?businessKey=b")).empty());
  CHECK(ids_on(api.get("/v1/sagas?createdFrom=2026-01-01T00:00:01Z")) == "c b");
  CHECK(ids_on(api.get("/v1/sagas?createdBefore=2026-01-01T01:00:01.000%2B01:00")) == "a");
  CHECK(ids_on(api.get("/v1/sagas?status=running&definition=impatient")).empty());
  const auto stuck = json_of(api.get("/v1/sagas?stuck=true"))["sagas"][0];
  CHECK(stuck["stuckReason"].get<std::string>().find("it was lost") != std::string::npos);
}

TEST_CASE("a query that could be misread is refused with every place") {
  Api api;
  const auto refused = [&](const std::string& query) {
    const auto answer = api.get("/v1/sagas?" + query);
    CHECK(answer.status == 400);
    CHECK(code_of(answer) == "INVALID_ARGUMENT");
    return places_in(answer);
  };
  using Places = std::set<std::string>;
  CHECK(refused("state=running&pageSize=0&createdFrom=yesterday&status=runing") ==
        Places{"state", "pageSize", "createdFrom", "status"});
  CHECK(refused("pageSize=1001") == Places{"pageSize"});
  CHECK(refused("pageSize=5x") == Places{"pageSize"});
  CHECK(refused("definition=") == Places{"definition"});
  CHECK(refused("definition=a&definition=b") == Places{"definition"});
  CHECK(refused("status=running,") == Places{"status"});
  CHECK(refused("status=running&stuck=true") == Places{"stuck"});
  CHECK(refused("stuck=false") == Places{"stuck"});
  CHECK(refused("businessKey=%ff") == Places{"businessKey"});
  CHECK(why_at(api.get("/v1/sagas?status=done"), "status").find("compensating, paused") !=
        std::string::npos);
}

TEST_CASE("a page token is good for its own list only") {
  Api api;
  for (const std::string id : {"a", "b", "c"}) start(api, id);
  const auto page = api.get("/v1/sagas?pageSize=1&status=running,stuck");
  const auto token = json_of(page)["nextPageToken"].get<std::string>();
  const auto status = [&](const std::string& query) {
    const auto answer = api.get("/v1/sagas?" + query);
    CHECK((answer.status == 200 || code_of(answer) == "BAD_PAGE_TOKEN"));
    return answer.status;
  };
  CHECK(status("pageSize=2&status=stuck,running&pageToken=" + token) == 200);
  CHECK(status("status=running&pageToken=" + token) == 400);
  CHECK(status("pageToken=" + token) == 400);
  CHECK(status("status=running,stuck&pageToken=" + token.substr(1)) == 400);
  CHECK(status("status=running,stuck&pageToken=x") == 400);
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto damaged = token;
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    CHECK(status("status=running,stuck&pageToken=" + damaged) == 400);
  }
}
