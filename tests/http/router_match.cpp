#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "http/server/router.hpp"

using namespace skald::http;

namespace {

RouteHandler named(std::string name) {
  return [name](const Request&, const PathParameters&, const Respond& respond) {
    Response response;
    response.body = name;
    respond(response);
  };
}

RouteHandler parameter(std::string name) {
  return [name](const Request&, const PathParameters& parameters, const Respond& respond) {
    Response response;
    response.body = name + "=" + parameters.at(name);
    respond(response);
  };
}

Router example() {
  Router router;
  router.add("GET", "/", named("root"));
  router.add("GET", "/v1/sagas", named("list"));
  router.add("POST", "/v1/sagas", named("start"));
  router.add("GET", "/v1/sagas/{id}", parameter("id"));
  router.add("POST", "/v1/sagas/search", named("search"));
  router.add("POST", "/v1/sagas/{id}/retry", parameter("id"));
  router.add("POST", "/v1/sagas/{id}/steps/{step}/skip", parameter("step"));
  return router;
}

Response ask(const std::string& method, const std::string& path) {
  std::optional<Response> answer;
  Request request;
  request.method = method;
  request.path = path;
  example().handle(request, [&](Response response) { answer = std::move(response); });
  REQUIRE(answer);
  return *answer;
}

std::string code_of(const Response& response) {
  return nlohmann::json::parse(response.body).at("code");
}

}  // namespace

TEST_CASE("what no template matches goes to the handler for all else, and nothing more") {
  Router router = example();
  router.otherwise([](const Request& request, const Respond& respond) {
    Response response;
    response.body = "otherwise " + request.path;
    respond(response);
  });
  const auto ask_it = [&](const std::string& method, const std::string& path) {
    Response answer;
    Request request;
    request.method = method;
    request.path = path;
    router.handle(request, [&](Response response) { answer = std::move(response); });
    return answer;
  };
  CHECK(ask_it("GET", "/sagas").body == "otherwise /sagas");
  CHECK(ask_it("POST", "//").body == "otherwise //");
  CHECK(ask_it("GET", "/v1/sagas").body == "list");
  CHECK(ask_it("DELETE", "/v1/sagas").status == 405);
}

TEST_CASE("a route is found by method and path") {
  CHECK(ask("GET", "/").body == "root");
  CHECK(ask("GET", "/v1/sagas").body == "list");
  CHECK(ask("POST", "/v1/sagas").body == "start");
  CHECK(ask("GET", "/v1/sagas/a-1").body == "id=a-1");
  CHECK(ask("POST", "/v1/sagas/a/retry").body == "id=a");
  CHECK(ask("POST", "/v1/sagas/a/steps/debit/skip").body == "step=debit");
}

TEST_CASE("an earlier literal wins over a parameter") {
  CHECK(ask("POST", "/v1/sagas/search").body == "search");
  CHECK(ask("GET", "/v1/sagas/search").status == 405);
  CHECK(ask("POST", "/v1/sagas/search/retry").body == "id=search");
}

TEST_CASE("path parameters are decoded once") {
  CHECK(ask("GET", "/v1/sagas/a%2Fb").body == "id=a/b");
  CHECK(ask("GET", "/v1/sagas/a%20b+c").body == "id=a b+c");
  CHECK(ask("GET", "/v1/sagas/%C3%A4").body == "id=\xc3\xa4");
  CHECK(ask("GET", "/v1/sagas/%2541").body == "id=%41");
}

TEST_CASE("path parameters that cannot be decoded are refused") {
  for (const auto* id : {"%", "a%2", "%zz", "%C3", "%FF", "%C0%AF", "%ED%A0%80"}) {
    CAPTURE(id);
    const auto response = ask("GET", std::string("/v1/sagas/") + id);
    CHECK(response.status == 400);
    CHECK(code_of(response) == "PATH_ENCODING");
  }
}

TEST_CASE("nothing is normalised: odd paths match no route") {
  for (const auto* path : {"/v1", "/v1/", "/v1/sagas/", "//v1/sagas", "/v1//sagas", "/v1/./sagas",
                           "/v1/x/../sagas", "/v1/sagas/.", "/v1/sagas/..", "/v1/sagas/%2e%2E",
                           "/v1/sagas/%2e", "/v1/sagas//retry", "/v1/sagas/../retry", "/V1/sagas",
                           "/%761/sagas", "/v1/sagas/a/retry/", "/v1/sagas;x", ""}) {
    CAPTURE(path);
    const auto response = ask("POST", path);
    CHECK(response.status == 404);
    CHECK(code_of(response) == "ROUTE_NOT_FOUND");
  }
}

TEST_CASE("an unknown method of a known path is told what is allowed") {
  const auto response = ask("DELETE", "/v1/sagas");
  CHECK(response.status == 405);
  CHECK(response.headers.find("Allow") == "GET, HEAD, POST, OPTIONS");
  CHECK(code_of(response) == "METHOD_NOT_ALLOWED");
  CHECK(ask("GET", "/v1/sagas/a/retry").headers.find("Allow") == "POST, OPTIONS");
  CHECK(ask("HEAD", "/v1/sagas/a/retry").status == 405);
}

TEST_CASE("HEAD is answered by GET, OPTIONS with what is allowed") {
  CHECK(ask("HEAD", "/v1/sagas").body == "list");
  const auto options = ask("OPTIONS", "/v1/sagas/a");
  CHECK(options.status == 204);
  CHECK(options.headers.find("Allow") == "GET, HEAD, OPTIONS");
  CHECK(ask("OPTIONS", "/nowhere").status == 404);
}

TEST_CASE("routes can be listed, for comparison with the API document") {
  const auto routes = example().routes();
  CHECK(routes.size() == 7);
  CHECK(routes.front() == Router::Route{"GET", "/"});
  CHECK(routes.back() == Router::Route{"POST", "/v1/sagas/{id}/steps/{step}/skip"});
}
