#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/http/api_fixture.hpp"

using namespace skald;
using namespace skald::http::test;

TEST_CASE("sagas are counted by definition, version and status") {
  Api api;
  CHECK(json_of(api.get("/v1/sagas/count")) == parsed(R"({"total":0,"groups":[]})"));
  api.start("impatient", R"(,"id":"a")");
  api.start("impatient", R"(,"id":"b","version":1)");
  api.start("money-transfer", R"(,"id":"c")");
  api.calls.take().answer(Failed{"no", "no"});
  REQUIRE(api.reaches("a", "failed"));
  const auto counted = [&](const std::string& query) {
    return json_of(api.get("/v1/sagas/count" + query));
  };
  CHECK(counted("?groupBy=definition,status") ==
        parsed(R"({"total":3,"groups":[{"definition":"impatient","status":"running","count":1},
                                       {"definition":"impatient","status":"failed","count":1},
                                       {"definition":"money-transfer","status":"running",
                                        "count":1}]})"));
  CHECK(counted("?groupBy=status") == parsed(R"({"total":3,"groups":[
      {"status":"running","count":2},{"status":"failed","count":1}]})"));
  CHECK(counted("?groupBy=definition,version&definition=impatient") ==
        parsed(R"({"total":2,"groups":[{"definition":"impatient","version":1,"count":1},
                                       {"definition":"impatient","version":2,"count":1}]})"));
  CHECK(counted("?status=failed,stuck") == parsed(R"({"total":1,"groups":[]})"));
  CHECK(counted("?definition=impatient&status=running")["total"] == 1);
}

TEST_CASE("what is wrong with a count is told") {
  Api api;
  CHECK(places_in(api.get("/v1/sagas/count?groupBy=color&status=x&page=1")) ==
        std::set<std::string>{"groupBy", "status", "page"});
  CHECK(api.get("/v1/sagas/count?groupBy=version").status == 400);
  CHECK(api.get("/v1/sagas/count?groupBy=status,status").status == 400);
  CHECK(places_in(api.post("/v1/sagas", transfer("impatient", R"(,"id":"count")"))) ==
        std::set<std::string>{"/id"});
}
