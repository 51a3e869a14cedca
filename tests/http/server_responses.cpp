#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "http/server/problem.hpp"
#include "http/server/response_head.hpp"

using namespace skald::http;

TEST_CASE("a problem is RFC 9457 JSON whatever its texts hold") {
  const auto response = problem(404, "NOT_FOUND", "no saga \"x\"\n\xc3\xa4");
  CHECK(response.status == 404);
  CHECK(response.headers.find("Content-Type") == "application/problem+json");
  const auto body = nlohmann::json::parse(response.body);
  CHECK(body == nlohmann::json{{"type", "about:blank"},
                               {"title", "Not Found"},
                               {"status", 404},
                               {"detail", "no saga \"x\"\n\xc3\xa4"},
                               {"code", "NOT_FOUND"}});
  const auto broken = nlohmann::json::parse(problem(400, "X", "a\xff").body);
  CHECK(broken.at("detail") == "a?");
}

TEST_CASE("dates are written as RFC 9110 gives them") {
  CHECK(http_date(std::chrono::sys_seconds(std::chrono::seconds(784111777))) ==
        "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(http_date(std::chrono::sys_seconds(std::chrono::seconds(951827696))) ==
        "Tue, 29 Feb 2000 12:34:56 GMT");
}

TEST_CASE("a response that could forge header lines is not sendable") {
  Response response;
  response.headers.add("Location", "/v1/sagas/a");
  CHECK(is_sendable(response));
  for (const auto* value : {"a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\x7f"}) {
    Response forged;
    forged.headers.add("Location", value);
    CHECK_FALSE(is_sendable(forged));
  }
  Response bad_name;
  bad_name.headers.add("Loc ation", "x");
  CHECK_FALSE(is_sendable(bad_name));
  Response bad_status;
  bad_status.status = 101;
  CHECK_FALSE(is_sendable(bad_status));
}

TEST_CASE("the header of a response has the server's fields once and the handler's beside them") {
  Response response;
  response.status = 201;
  response.body = "hello";
  response.headers.add("content-length", "99");
  response.headers.add("Connection", "upgrade");
  response.headers.add("Cache-Control", "max-age=5");
  response.headers.add("ETag", "\"1\"");
  Delivery delivery;
  delivery.now = std::chrono::sys_seconds(std::chrono::seconds(784111777));
  CHECK(response_head(response, delivery) ==
        "HTTP/1.1 201 Created\r\nCache-Control: max-age=5\r\nETag: \"1\"\r\nContent-Length: 5\r\n"
        "Server: skald\r\nX-Content-Type-Options: nosniff\r\n"
        "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n");
  response.status = 204;
  CHECK(response_head(response, delivery).find("Content-Length") == std::string::npos);
  CHECK_FALSE(has_body(response, delivery));
}
