// What the dashboard answers, by the paths and fields a browser sends. The files are those that
// were built; a program built without them says how to get them.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "http/dashboard/assets.hpp"
#include "http/dashboard/dashboard.hpp"

using namespace skald::http;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

Response ask(const std::string& path, Fields fields = {}, const std::string& method = "GET") {
  Router router;
  router.add("GET", "/v1/sagas/{id}", [](const Request&, const PathParameters&, const Respond& to) {
    Response response;
    response.body = "a saga";
    to(response);
  });
  add_dashboard(router);
  std::optional<Response> answer;
  Request request;
  request.method = method;
  request.path = path;
  request.headers.fields = std::move(fields);
  router.handle(request, [&](Response response) { answer = std::move(response); });
  REQUIRE(answer);
  return *answer;
}

std::string field(const Response& response, std::string_view name) {
  return std::string(response.headers.find(name).value_or("(none)"));
}

bool is_page(const Response& response) {
  return response.status == 200 && field(response, "Content-Type") == "text/html; charset=utf-8";
}

bool is_problem(const Response& response, int status) {
  return response.status == status &&
         nlohmann::json::parse(response.body).at("code") == "ROUTE_NOT_FOUND";
}

const Asset* first_script() {
  const auto all = assets();
  const auto found = std::find_if(all.begin(), all.end(), [](const Asset& asset) {
    return asset.path.starts_with("/assets/app-") && asset.path.ends_with(".js");
  });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("what no route has and is no place of the dashboard is not found") {
  CHECK(ask("/v1/sagas/7").body == "a saga");
  CHECK(is_problem(ask("/v1/nothing"), 404));
  CHECK(is_problem(ask("/v1"), 404));
  CHECK(is_problem(ask("/assets/app-OLD.js"), 404));
  CHECK(is_problem(ask("/robots.txt"), 404));
  CHECK(is_problem(ask("/sagas", {}, "POST"), 404));
}

TEST_CASE("without the dashboard its place says how to get it") {
  if (!assets().empty()) return;
  const auto answer = ask("/");
  CHECK(answer.status == 404);
  CHECK(answer.body.find("SKALD_BUILD_DASHBOARD") != std::string::npos);
  CHECK(is_problem(ask("/sagas"), 404));
}

TEST_CASE("every place has the page, which is asked for anew each time") {
  if (assets().empty()) return;
  for (const auto* path :
       {"/", "/sagas", "/sagas/order%2E7", "/sagas/order.7", "/definitions/%D7%A9", "/start"})
    CHECK(is_page(ask(path, {{"Accept", "text/html,*/*;q=0.8"}})));
  CHECK(is_page(ask("/", {{"Accept", "*/*"}})));
  CHECK(is_problem(ask("/v2/sagas", {{"Accept", "*/*"}}), 404));
  CHECK(is_problem(ask("/sagas"), 404));
  const auto page = ask("/");
  CHECK(field(page, "Cache-Control") == "no-cache");
  CHECK(page.body.find(first_script()->path) != std::string::npos);
  const auto again = ask("/", {{"If-None-Match", field(page, "ETag")}});
  CHECK(again.status == 304);
  CHECK(again.body.empty());
  CHECK(ask("/", {{"If-None-Match", "\"other\""}}).status == 200);
}

TEST_CASE("files with a hash in their names are kept for ever, and sent zipped to who takes it") {
  if (assets().empty()) return;
  const auto* script = first_script();
  REQUIRE(script != nullptr);
  const std::string path(script->path);
  const auto plain = ask(path);
  CHECK(plain.status == 200);
  CHECK(field(plain, "Content-Type") == "text/javascript; charset=utf-8");
  CHECK(field(plain, "Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(field(plain, "Content-Encoding") == "(none)");
  CHECK(plain.body == script->plain);
  const auto zipped = ask(path, {{"Accept-Encoding", "gzip, br"}});
  CHECK(field(zipped, "Content-Encoding") == "gzip");
  CHECK(field(zipped, "Vary") == "Accept-Encoding");
  CHECK(zipped.body == script->gzip);
  CHECK(zipped.body.starts_with("\x1f\x8b"));
}

TEST_CASE("nothing but our own files may run, and nobody may frame them") {
  const auto page = ask("/");
  const auto policy = field(page, "Content-Security-Policy");
  CHECK(policy.find("default-src 'self'") != std::string::npos);
  CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
  CHECK(policy.find("unsafe") == std::string::npos);
  CHECK(field(page, "X-Content-Type-Options") == "nosniff");
  CHECK(field(page, "Referrer-Policy") == "no-referrer");
  if (assets().empty()) return;
  CHECK(page.body.find("<style") == std::string::npos);
  CHECK(page.body.find(" style=") == std::string::npos);
  CHECK(page.body.find(" onload=") == std::string::npos);
}

TEST_CASE("what the page loads at first is small") {
  if (assets().empty()) return;
  constexpr std::size_t script_max = 80 * 1024;
  constexpr std::size_t all_max = 200 * 1024;
  std::size_t scripts = 0;
  std::size_t all = 0;
  const auto page = ask("/").body;
  for (const auto& asset : assets()) {
    all += asset.gzip.size();
    // What the first script imports by name is loaded with it; the layout of diagrams is not.
    const bool at_first =
        page.find(asset.path) != std::string::npos || asset.path.starts_with("/assets/chunk-");
    if (at_first && asset.path.ends_with(".js")) scripts += asset.gzip.size();
  }
  CHECK(scripts > 10'000);
  CHECK(scripts <= script_max);
  CHECK(all <= all_max);
}
