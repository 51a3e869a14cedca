#include <doctest/doctest.h>

#include "engine/participants/http_request.hpp"
#include "engine/participants/safe_text.hpp"

using namespace skald;

namespace {

std::string why(const Result<HttpParticipantOptions>& result) {
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == ErrorCode::invalid_argument);
  CHECK_FALSE(result.error().hint.empty());
  return result.error().message;
}

Invocation sample() {
  return {.saga = {"s-1"},
          .definition = {"money-transfer", 3},
          .step = "debit",
          .phase = Phase::undo,
          .attempt = 4,
          .idempotency_key = "s-1/debit/undo",
          .body = Json::from_stored(R"({"amount":5})"),
          .timeout = Duration{1000}};
}

std::string text_of(const HttpTarget& target, const Invocation& invocation) {
  const auto base = parse_base_url("http://localhost:81/base/", false);
  REQUIRE(base.ok());
  auto text = request_text(*base, target, invocation, {});
  REQUIRE(text.ok());
  return *text;
}

}  // namespace

TEST_CASE("a request has exactly the fields of the wire contract") {
  CHECK(text_of({"accounts", "POST", "/debits?dry=1"}, sample()) ==
        "POST /base/debits?dry=1 HTTP/1.1\r\n"
        "Host: localhost:81\r\n"
        "Accept: application/json\r\n"
        "Content-Type: application/json\r\n"
        "Content-Length: 12\r\n"
        "Saga-Id: s-1\r\n"
        "Saga-Definition: money-transfer/3\r\n"
        "Saga-Step: debit\r\n"
        "Saga-Phase: undo\r\n"
        "Saga-Attempt: 4\r\n"
        "Idempotency-Key: \"s-1/debit/undo\"\r\n"
        "traceparent: 00-131dcdae7ad9ef31fd8025ac68221de5-dfc2ab3012bad256-01\r\n"
        "\r\n"
        "{\"amount\":5}");
}

TEST_CASE("a null body is sent as no body") {
  Invocation bare = sample();
  bare.body = Json();
  const std::string post = text_of({"accounts", "POST", "/x"}, bare);
  CHECK(post.find("Content-Length: 0\r\n") != post.npos);
  CHECK(post.find("Content-Type") == post.npos);
  CHECK(post.ends_with("\r\n\r\n"));
  CHECK(text_of({"accounts", "GET", "/x"}, bare).find("Content-Length") == std::string::npos);
}

TEST_CASE("no text of a saga can inject a header field or another request") {
  Invocation evil = sample();
  const std::string injection = "x\r\nEvil: 1\r\n\r\nGET /admin HTTP/1.1\r\n\r\n\x01\x7f\xff";
  evil.saga.value = evil.step = evil.idempotency_key = evil.definition.name = injection;
  const std::string text = text_of({"accounts", "POST", "/x"}, evil);
  CHECK(text.find("\r\nEvil") == text.npos);
  CHECK(text.find("\r\nGET") == text.npos);
  CHECK(text.find("Saga-Id: x%0D%0AEvil:%201%0D%0A") != text.npos);
  CHECK(text.find("\r\n\r\n") == text.size() - 4 - std::string(R"({"amount":5})").size());
}

TEST_CASE("the percent-encoding of field values can be undone") {
  CHECK(field_value("grün%20 \"") == "gr%C3%BCn%2520%20\"");
  CHECK(quoted_string("a\"b\\c d") == "\"a\\\"b\\\\c%20d\"");
}

TEST_CASE("a target that is no method or no path in origin-form is refused") {
  const auto base = parse_base_url("http://localhost", false);
  REQUIRE(base.ok());
  const auto message = [&](std::string method, std::string path) {
    const auto text = request_text(*base, {"accounts", std::move(method), std::move(path)}, {}, {});
    REQUIRE_FALSE(text.ok());
    return text.error().message;
  };
  CHECK(message("PO ST", "/x") == "'PO%20ST' is no HTTP method.");
  CHECK(message("", "/x") == "'' is no HTTP method.");
  CHECK(message("POST", "x") == "The path 'x' is not in origin-form.");
  CHECK(message("POST", "/x\r\nEvil: 1") == "The path '/x%0D%0AEvil:%201' is not in origin-form.");
  CHECK(message("POST", "/x#y") == "The path '/x#y' is not in origin-form.");
  for (const char* path : {"/..", "/../admin", "/a/./b", "/a/%2E%2e/b", "/a/.%2e?x", "/a/.?x"}) {
    CAPTURE(path);
    CHECK(message("POST", path).ends_with("has a '.' or '..' segment."));
  }
  for (const char* path : {"/", "/...", "/a.b/..c", "/a?x=/../b"}) {
    CAPTURE(path);
    CHECK(request_text(*base, {"accounts", "POST", path}, {}, {}).ok());
  }
}

TEST_CASE("the trace id depends on the saga alone, the span id on the attempt too") {
  const std::string first = traceparent(sample());
  CHECK(first == traceparent(sample()));
  REQUIRE(first.size() == 55);
  Invocation other = sample();
  other.attempt = 5;
  CHECK(traceparent(other).substr(0, 36) == first.substr(0, 36));
  CHECK(traceparent(other).substr(36) != first.substr(36));
  other.saga.value = "s-2";
  CHECK(traceparent(other).substr(0, 36) != first.substr(0, 36));
}

TEST_CASE("a participant is written as name=URL") {
  const auto accounts = parse_participant("accounts=http://127.0.0.1:7101/base");
  REQUIRE(accounts.ok());
  CHECK(accounts->name == "accounts");
  CHECK(accounts->base_url == "http://127.0.0.1:7101/base");
  CHECK(accounts->concurrent_max == 10);
}

TEST_CASE("a base URL is taken apart") {
  const auto base = parse_base_url("HTTP://LocalHost:7101/a/b//", false);
  REQUIRE(base.ok());
  CHECK(base->host == "localhost");
  CHECK(base->authority == "localhost:7101");
  CHECK(base->port == 7101);
  CHECK(base->path == "/a/b");
  CHECK_FALSE(base->needs_lookup);
  const auto v6 = parse_base_url("http://[::1]", false);
  REQUIRE(v6.ok());
  CHECK(v6->host == "::1");
  CHECK(v6->authority == "[::1]:80");
  const auto name = parse_base_url("http://accounts.internal", true);
  REQUIRE(name.ok());
  CHECK(name->needs_lookup);
}

TEST_CASE("a participant that cannot be used is refused with the reason") {
  const auto message = [](std::string_view text) { return why(parse_participant(text)); };
  std::string long_name = "=http://127.0.0.1";
  long_name.insert(0, 65, 'a');
  CHECK(message("accounts").find("has no '='") != std::string::npos);
  CHECK(message("=http://127.0.0.1").find("is no name") != std::string::npos);
  CHECK(message("a b=http://127.0.0.1").find("is no name") != std::string::npos);
  CHECK(message(long_name).find("is no name") != std::string::npos);
  CHECK(message("a=127.0.0.1") == "Participant 'a': '127.0.0.1' is no URL: it has no \"http://\".");
  CHECK(message("a=https://127.0.0.1").find("https is not supported yet") != std::string::npos);
  CHECK(message("a=ftp://127.0.0.1") == "Participant 'a': The scheme 'ftp' is not supported.");
  CHECK(message("a=http://").find("names no host") != std::string::npos);
  CHECK(message("a=http://me@127.0.0.1").find("user name") != std::string::npos);
  CHECK(message("a=http://127.0.0.1:0").find("from 1 to 65535") != std::string::npos);
  CHECK(message("a=http://127.0.0.1:65536").find("from 1 to 65535") != std::string::npos);
  CHECK(message("a=http://127.0.0.1:").find("from 1 to 65535") != std::string::npos);
  CHECK(message("a=http://127.0.0.1:7x").find("from 1 to 65535") != std::string::npos);
  CHECK(message("a=http://[::1").find("lacks its ']'") != std::string::npos);
  CHECK(message("a=http://[::1]x").find("After ']'") != std::string::npos);
  CHECK(message("a=http://[::g]").find("is no IPv6 address") != std::string::npos);
  CHECK(message("a=http://127.0.0.1/x y").find("percent-encode") != std::string::npos);
  CHECK(message("a=http://127.0.0.1/x?y").find("query") != std::string::npos);
  CHECK(message("a=http://127.0.0.1?y").find("query") != std::string::npos);
  CHECK(message("a=http://127.0.0.1/x/../y").find("segment") != std::string::npos);
  CHECK(message("a=http://ho$st").find("no host name has") != std::string::npos);
}

TEST_CASE("only loopback hosts are accepted unless any host is allowed") {
  for (const char* host : {"127.0.0.1", "127.255.0.9", "localhost", "LOCALHOST", "[::1]"}) {
    CAPTURE(host);
    CHECK(parse_base_url("http://" + std::string(host), false).ok());
  }
  for (const char* host : {"10.0.0.1", "169.254.169.254", "0.0.0.0", "example.org", "127.1",
                           "2130706433", "0177.0.0.1", "0x7f.0.0.1", "localhost.example.org",
                           "[::ffff:127.0.0.1]", "[fe80::1]", "[::]"}) {
    CAPTURE(host);
    const auto refused = parse_base_url("http://" + std::string(host), false);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message.find("is not a loopback one") != std::string::npos);
    CHECK(parse_base_url("http://" + std::string(host), true).ok());
  }
}

TEST_CASE("participants are checked together, and all findings are given at once") {
  CHECK(check_participants({}).ok());
  const auto checked = check_participants({
      {.name = "a", .base_url = "http://127.0.0.1"},
      {.name = "a", .base_url = "http://127.0.0.1:81"},
      {.name = "b", .base_url = "http://10.0.0.1"},
      {.name = "c", .base_url = "http://127.0.0.1", .concurrent_max = 0},
      {.name = "", .base_url = "http://127.0.0.1"},
  });
  REQUIRE_FALSE(checked.ok());
  const auto& findings = checked.error().findings;
  REQUIRE(findings.size() == 4);
  CHECK(findings[0].why == "this name is used twice; names must be unique");
  CHECK(findings[1].code == "PARTICIPANT_URL");
  CHECK(findings[2].where == "c");
  CHECK(findings[3].code == "PARTICIPANT_NAME");
}

TEST_CASE("foreign text becomes short, valid UTF-8 without control characters") {
  CHECK(safe_text("gr\xC3\xBCn \xE2\x82\xAC \xF0\x9F\x98\x80") ==
        "gr\xC3\xBCn \xE2\x82\xAC \xF0\x9F\x98\x80");
  CHECK(safe_text("a\xff"
                  "b") ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(safe_text("\xC3") == "\xEF\xBF\xBD");
  CHECK(safe_text("\xED\xA0\x80").find("\xED\xA0") == std::string::npos);
  CHECK(safe_text("\xC0\xAF").find('\xC0') == std::string::npos);
  CHECK(safe_text("\xF4\x90\x80\x80").find('\xF4') == std::string::npos);
  CHECK(safe_text("a\x1b[31m\r\nb\x7f\xC2\x9B") == "a [31m  b  ");
  CHECK(safe_text("\xE2\x82\xAC\xE2\x82\xAC", 5) == "\xE2\x82\xAC");
  CHECK(safe_text(std::string(1000, 'x')).size() == 500);
}
