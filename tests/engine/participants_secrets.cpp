// Secrets and the headers they go into: what is taken, what is refused, and what is never shown.
#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "engine/participants/http_headers.hpp"
#include "engine/participants/secrets.hpp"

using namespace skald;

namespace {

/// A file with this content, removed at the end of the scope.
class File {
 public:
  explicit File(const std::string& content) {
    std::string name = (std::filesystem::temp_directory_path() / "skald-secret-XXXXXX").string();
    const int descriptor = ::mkstemp(name.data());
    REQUIRE(descriptor >= 0);
    ::close(descriptor);
    path_ = name;
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Secrets sample() {
  Secrets secrets;
  CHECK(secrets.add("token", "s3cr3t"));
  CHECK(secrets.add("a-b_C", "x y"));
  return secrets;
}

std::vector<Finding> findings_of(const std::vector<std::string>& texts) {
  const auto loaded = load_secrets(texts);
  REQUIRE_FALSE(loaded.ok());
  CHECK(loaded.error().code == ErrorCode::invalid_argument);
  CHECK(loaded.error().hint == "Write NAME=env:VARIABLE or NAME=file:PATH.");
  return loaded.error().findings;
}

std::string file_value(const std::string& content) {
  const File file(content);
  const auto loaded = load_secrets({"s=file:" + file.path()});
  return loaded ? *loaded->find("s") : loaded.error().findings.at(0).code;
}

std::string refusal_of(const std::vector<Header>& headers) {
  const auto lines = header_lines(headers, sample());
  REQUIRE_FALSE(lines.ok());
  return lines.error().message;
}

}  // namespace

TEST_CASE("secrets are read from the environment and from files") {
  ::setenv("SKALD_TEST_SECRET", "from env = here", 1);
  const File file("from-file\n");
  const auto secrets = load_secrets({"api=env:SKALD_TEST_SECRET", "db=file:" + file.path()});
  REQUIRE(secrets.ok());
  CHECK(*secrets->find("api") == "from env = here");
  CHECK(*secrets->find("db") == "from-file");
  CHECK(secrets->find("other") == nullptr);
}

TEST_CASE("one line end is no part of a file's secret, and its size is limited") {
  CHECK(file_value("abc") == "abc");
  CHECK(file_value("abc\r\n") == "abc");
  CHECK(file_value("abc\n\n") == "SECRET_VALUE");
  CHECK(file_value("a\nb") == "SECRET_VALUE");
  CHECK(file_value(std::string("a\0b", 3)) == "SECRET_VALUE");
  CHECK(file_value("") == "SECRET_VALUE");
  CHECK(file_value("\n") == "SECRET_VALUE");
  CHECK(file_value(std::string(8192, 'x') + "\n").size() == 8192);
  CHECK(file_value(std::string(8193, 'x')) == "SECRET_VALUE");
  CHECK(file_value(std::string(100'000, 'x')) == "SECRET_VALUE");
}

TEST_CASE("every secret that cannot be used is named, all at once") {
  ::setenv("SKALD_TEST_SECRET", "value", 1);
  ::setenv("SKALD_TEST_EMPTY", "", 1);
  ::unsetenv("SKALD_TEST_MISSING");
  const auto findings = findings_of({"a=env:SKALD_TEST_SECRET", "a=env:SKALD_TEST_SECRET",
                                     "b=env:SKALD_TEST_MISSING", "c=file:/nowhere/at/all",
                                     "d=file:/tmp", "e=env:SKALD_TEST_EMPTY", "f=env:", "g="});
  REQUIRE(findings.size() == 7);
  CHECK(findings[0].why == "this name is given twice");
  CHECK(findings[1].why == "the environment variable SKALD_TEST_MISSING is not set");
  CHECK(findings[2].why == "the file /nowhere/at/all cannot be opened: No such file or directory");
  CHECK(findings[3].why == "the file /tmp cannot be read; is it a directory?");
  CHECK(findings[4].code == "SECRET_VALUE");
  CHECK(findings[5].code == "SECRET_SOURCE");
  CHECK(findings[6].where == "g");
}

TEST_CASE("no part of a text that could be the secret itself is shown") {
  ::setenv("SKALD_TEST_SECRET", "hunter2\nhunter2", 1);
  for (const char* text : {"hunter2", "token=hunter2", "=hunter2", "my token=hunter2",
                           "hunter2!=env:X", "token=env:SKALD_TEST_SECRET"}) {
    CAPTURE(text);
    const auto findings = findings_of({text});
    REQUIRE(findings.size() == 1);
    CHECK((findings[0].where + findings[0].why).find("hunter2") == std::string::npos);
  }
}

TEST_CASE("headers become lines, with their secrets filled in") {
  const auto lines = header_lines({{"Authorization", "Bearer ${secrets.token}"},
                                   {"X-Two", "${secrets.token}${secrets.a-b_C}"},
                                   {"X-Plain", "a $ {b} }\t\xC3\xB6"},
                                   {"X-Empty", ""}},
                                  sample());
  REQUIRE(lines.ok());
  CHECK(*lines ==
        "Authorization: Bearer s3cr3t\r\nX-Two: s3cr3tx y\r\nX-Plain: a $ {b} }\t\xC3\xB6\r\n"
        "X-Empty: \r\n");
  CHECK(header_lines({}, {})->empty());
}

TEST_CASE("a secret that is not there is named") {
  const auto lines = header_lines({{"Authorization", "${secrets.toke}"}}, sample());
  REQUIRE_FALSE(lines.ok());
  CHECK(lines.error().code == ErrorCode::not_found);
  CHECK(lines.error().message ==
        "The header 'Authorization' needs the secret 'toke', which this node does not have.");
  CHECK(lines.error().hint == "Start it with --secret toke=env:VARIABLE.");
}

TEST_CASE("headers that could break the request or the wire contract are refused") {
  for (const char* name : {"", "a b", "a:", "X\r\nEvil", "\xC3\xB6"})
    CHECK(refusal_of({{name, "x"}}).ends_with("this is no name of a header."));
  for (const char* name :
       {"Host", "content-length", "Transfer-Encoding", "CONNECTION", "Idempotency-Key",
        "traceparent", "Saga-Id", "saga-anything", "Webhook-Signature", "Content-Type"})
    CHECK(refusal_of({{name, "x"}}).find("belongs to the engine") != std::string::npos);
  for (const char* value : {"a\r\nEvil: 1", "a\n", "\x01", "a\x7f"})
    CHECK(refusal_of({{"X-Key", value}}).find("line break") != std::string::npos);
  for (const char* value : {"${token}", "${secrets.token", "${secrets.}", "${input.x}", "a${",
                            "${secrets.to ken}", "${secrets.${secrets.token}}"})
    CHECK(refusal_of({{"X-Key", value}}) ==
          "The header X-Key cannot be sent: in the value, ${ must be the beginning of "
          "${secrets.NAME}.");
  CHECK(refusal_of({{"X-Key", "1"}, {"x-key", "2"}}).find("given twice") != std::string::npos);
  CHECK(refusal_of({{"X-Key", std::string(8193, 'x')}}) ==
        "The header X-Key cannot be sent: the value is over 8192 bytes.");
  CHECK(check_headers({{"Host", "x"}, {"X", "\n"}, {"Y", "${secrets.any}"}}).size() == 2);
}

TEST_CASE("the secrets that a value asks for can be listed before it is sent") {
  CHECK(secrets_in("a ${secrets.one} ${secrets.two}${secrets.one}") ==
        std::vector<std::string>{"one", "two", "one"});
  CHECK(secrets_in("plain").empty());
  CHECK(secrets_in("${secrets.one} ${other}").empty());
}
