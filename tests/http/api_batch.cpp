#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/http/api_fixture.hpp"

using namespace skald;
using namespace skald::http::test;
using nlohmann::json;

namespace {

Answer post_lines(Api& api, const std::string& lines) {
  return api.exchange(
      "POST /v1/sagas:batch HTTP/1.1\r\nHost: localhost\r\n"
      "Content-Type: application/x-ndjson\r\nContent-Length: " +
      std::to_string(lines.size()) + "\r\n\r\n" + lines);
}

}  // namespace

TEST_CASE("many sagas are started in one request, and each is answered in its place") {
  Api api;
  const auto answer = api.post("/v1/sagas:batch", "[" + transfer("impatient", R"(,"id":"a")") +
                                                      "," + transfer("nonsense") + ",7," +
                                                      transfer("impatient", R"(,"id":"b")") + "]");
  REQUIRE(answer.status == 200);
  const auto results = json_of(answer)["results"];
  REQUIRE(results.size() == 4);
  CHECK(results[0]["status"] == 202);
  CHECK(results[0]["saga"]["id"] == "a");
  CHECK(results[1]["status"] == 422);
  CHECK(results[1]["problem"]["errors"][0]["pointer"] == "/definition");
  CHECK(results[2]["status"] == 422);
  CHECK(results[3]["saga"] == api.saga("b"));
  CHECK(json_of(api.get("/v1/sagas"))["sagas"].size() == 2);
}

TEST_CASE("items carry their own keys, and are repeated by them") {
  Api api;
  const auto item = transfer("impatient", R"(,"idempotencyKey":"k-1")");
  const auto first = json_of(api.post("/v1/sagas:batch", "[" + item + "," + item + "]"));
  CHECK(first["results"][0]["status"] == 202);
  CHECK(first["results"][1]["status"] == 200);
  CHECK(first["results"][0]["saga"]["id"] == first["results"][1]["saga"]["id"]);
  const auto other = transfer("money-transfer", R"(,"idempotencyKey":"k-1")");
  const auto second = json_of(api.post("/v1/sagas:batch", "[" + other + "]"));
  CHECK(second["results"][0]["problem"]["code"] == "IDEMPOTENCY_MISMATCH");
  // The key is the one of the header, too.
  CHECK(api.post("/v1/sagas", transfer("impatient"), "Idempotency-Key: k-1\r\n").status == 200);
}

TEST_CASE("a batch may come as lines, and a line that is no JSON is refused alone") {
  Api api;
  const auto answer = post_lines(api, transfer("impatient", R"(,"id":"a")") + "\r\n\n{oops\n" +
                                          transfer("impatient", R"(,"id":"b")"));
  REQUIRE(answer.status == 200);
  const auto results = json_of(answer)["results"];
  REQUIRE(results.size() == 3);
  CHECK(results[0]["saga"]["id"] == "a");
  CHECK(results[1]["status"] == 400);
  CHECK(results[2]["saga"]["id"] == "b");
}

TEST_CASE("what is no batch is refused whole") {
  Api api;
  CHECK(code_of(api.post("/v1/sagas:batch", "{}")) == "BATCH_FORM");
  CHECK(code_of(api.post("/v1/sagas:batch", "[]")) == "BATCH_FORM");
  CHECK(code_of(post_lines(api, "\n\n")) == "BATCH_FORM");
  CHECK(code_of(api.post("/v1/sagas:batch", "[1")) == "MALFORMED_JSON");
  std::string many = "[0";
  for (int i = 0; i < 1000; ++i) many += ",0";
  CHECK(code_of(api.post("/v1/sagas:batch", many + "]")) == "BATCH_FORM");
  api.check_nothing_stored();
}

TEST_CASE("a thousand starts are one commit") {
  Api api;
  const auto commits = [&] { return api.orchestrator.metrics().commit_seconds.count; };
  const auto before = commits();
  std::string lines;
  for (int i = 0; i < 1000; ++i)
    lines += transfer("impatient", R"(,"id":"s-)" + std::to_string(i) + '"') + "\n";
  const auto results = json_of(post_lines(api, lines))["results"];
  REQUIRE(results.size() == 1000);
  CHECK(results[999]["status"] == 202);
  CHECK(results[999]["saga"]["id"] == "s-999");
  CHECK(commits() == before + 1);
}
