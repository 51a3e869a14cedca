#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/http/api_fixture.hpp"

using namespace skald;
using namespace skald::http::test;
using nlohmann::json;

namespace {

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

/// Whether a start is refused like this, and leaves nothing behind.
void check_refused(Api& api, int status, const std::string& code, bool retry_after) {
  const auto answer = api.post("/v1/sagas", transfer("money-transfer"));
  CHECK(answer.status == status);
  CHECK(code_of(answer) == code);
  CHECK(json_of(answer)["retryable"] == true);
  CHECK(answer.field("Retry-After").has_value() == retry_after);
  api.check_nothing_stored();
}

std::string readiness(Api& api, int status) {
  const auto answer = api.get("/readyz");
  CHECK(answer.status == status);
  CHECK(json_of(answer).contains("reason") == (status == 503));
  return json_of(answer).value("status", "");
}

}  // namespace

TEST_CASE("a node that has not read its sagas is alive but not ready") {
  Api api(false);
  CHECK(api.get("/livez").status == 200);
  CHECK(readiness(api, 503) == "starting");
  REQUIRE(api.orchestrator.recover().ok());
  CHECK(readiness(api, 200) == "ready");
}

TEST_CASE("a full disk refuses starts until there is space again") {
  Api api;
  api.disk->fail_next_commits(ErrorCode::disk_full);
  check_refused(api, 507, "DISK_FULL", false);
  CHECK(readiness(api, 503) == "diskFull");
  CHECK(api.post("/v1/sagas", transfer("money-transfer")).status == 202);
  CHECK(eventually([&] { return api.get("/readyz").status == 200; }));
}

TEST_CASE("storage that failed acknowledges nothing, and clients are not told of its files") {
  Api api;
  api.disk->fail_next_commits(ErrorCode::storage_failed);
  check_refused(api, 503, "STORAGE_FAILED", false);
  CHECK(readiness(api, 503) == "storageFailed");
  const auto answer = api.post("/v1/sagas", transfer("money-transfer"));
  CHECK(answer.status == 503);
  CHECK(answer.body.find("memory store") == std::string::npos);
  CHECK(api.get("/livez").status == 200);
}

TEST_CASE("a node that shuts down refuses starts and actions, and still shows its sagas") {
  Api api;
  api.start("money-transfer", R"(,"id":"t-1")");
  api.orchestrator.drain(std::chrono::milliseconds{0});
  CHECK(readiness(api, 503) == "draining");
  const auto refused = api.post("/v1/sagas", transfer("money-transfer"));
  CHECK(refused.status == 503);
  CHECK(code_of(refused) == "SHUTTING_DOWN");
  CHECK(refused.field("Retry-After").has_value());
  CHECK(api.post("/v1/sagas/t-1/cancel", "").status == 503);
  CHECK(api.saga("t-1")["status"] == "running");
}

TEST_CASE("an ended saga of a definition that is gone stays in lists, and is no client's fault") {
  Api api;
  SagaRow row{SagaKey{1}, {"old-1"}, {"retired", 1}, "b", Status::completed, {}, {}, {}, 4, "{}"};
  REQUIRE(api.store->writer().commit(api.store->writer().epoch(), {{row}, {}, {}}).ok());
  const auto list = json_of(api.get("/v1/sagas"))["sagas"];
  REQUIRE(list.size() == 1);
  CHECK_FALSE(list[0].contains("states"));
  const auto answer = api.get("/v1/sagas/old-1");
  CHECK(answer.status == 500);
  CHECK(code_of(answer) == "STORAGE_UNREADABLE");
  CHECK(answer.body.find("retired") == std::string::npos);
  CHECK(api.get("/v1/sagas/old-1/events").status == 200);
}

TEST_CASE("metrics are counted as Prometheus reads them") {
  Api api;
  api.start("money-transfer", R"(,"id":"t-1")");
  api.start("money-transfer");
  api.calls.take().answer(Failed{"insufficient_funds", "no money"});
  REQUIRE(api.reaches("t-1", "failed"));
  const std::vector<std::string> lines{
      "# TYPE skald_build_info gauge",
      R"(skald_build_info{version="0.1.0",commit="0a\"b\\c",compiler="a\ncompiler"} 1)",
      "# TYPE skald_sagas_started_total counter",
      R"(skald_sagas_started_total{definition="money-transfer"} 2)",
      R"(skald_sagas_finished_total{definition="money-transfer",outcome="failed"} 1)",
      R"(skald_sagas{definition="money-transfer",status="running"} 1)",
      R"(skald_step_attempts_total{definition="money-transfer",step="debit-source",)"
      R"(phase="forward",result="refused"} 1)",
      "skald_transitions_total 3",
      "skald_late_replies_total 0",
      "skald_timers_pending 0",
      "skald_ready_queue_depth 0",
      "# TYPE skald_store_commit_seconds histogram",
      R"(skald_store_commit_seconds_bucket{le="+Inf"} 3)",
      "skald_store_commit_seconds_count 3"};
  Answer answer;
  // A transition is counted soon after its answer, not before.
  CHECK_MESSAGE(eventually([&] {
                  answer = api.get("/metrics");
                  return std::all_of(lines.begin(), lines.end(), [&](const std::string& line) {
                    return has_line(answer.body, line);
                  });
                }),
                answer.body);
  CHECK(answer.field("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
}
