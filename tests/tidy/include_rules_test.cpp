#include "tests/tidy/expectation.hpp"

using namespace skald::tidy;

namespace {

Findings includes(const std::string& path, const std::string& text) {
  return check_includes(Source({path, text}));
}

/// Whether a file of `folder` may include `target`.
bool may(const std::string& folder, const std::string& target) {
  return includes(folder + "/a.cpp", "#include \"" + target + "\"\n").empty();
}

}  // namespace

TEST_CASE("the direction of the design: what each folder may include") {
  CHECK(may("engine/model", "engine/model/b.hpp"));
  CHECK(may("engine/core", "engine/model/b.hpp"));
  CHECK(may("engine/participants/barrier", "engine/model/b.hpp"));
  CHECK(may("engine/orchestrator", "engine/participants/b.hpp"));
  CHECK(may("dsl/json", "dsl/expr/b.hpp"));
  CHECK(may("dsl/expr", "engine/model/b.hpp"));
  CHECK(may("dsl/sml", "engine/core/b.hpp"));
  CHECK(may("sagas", "dsl/sml/b.hpp"));
  CHECK(may("sagas", "engine/orchestrator/b.hpp"));
  CHECK(may("storage/sqlite", "engine/orchestrator/b.hpp"));
  CHECK(may("storage/sqlite", "storage/b.hpp"));
  CHECK(may("http/api", "http/server/b.hpp"));
  CHECK(may("http/cli", "storage/sqlite/b.hpp"));
  CHECK(may("examples/services", "http/server/b.hpp"));
  CHECK(may("tests/e2e", "http/cli/b.hpp"));
}

TEST_CASE("the direction of the design: what each folder may not include") {
  CHECK_FALSE(may("engine/model", "engine/core/b.hpp"));
  CHECK_FALSE(may("engine/core", "engine/orchestrator/b.hpp"));
  CHECK_FALSE(may("engine/core", "engine/participants/b.hpp"));
  CHECK_FALSE(may("engine/participants", "engine/participants/barrier/b.hpp"));
  CHECK_FALSE(may("engine/participants/barrier", "engine/participants/b.hpp"));
  CHECK_FALSE(may("engine/orchestrator", "storage/sqlite/b.hpp"));
  CHECK_FALSE(may("dsl/json", "engine/orchestrator/b.hpp"));
  CHECK_FALSE(may("dsl/expr", "dsl/json/b.hpp"));
  CHECK_FALSE(may("dsl/expr", "engine/core/b.hpp"));
  CHECK_FALSE(may("sagas", "storage/memory/b.hpp"));
  CHECK_FALSE(may("storage/sqlite", "storage/memory/b.hpp"));
  CHECK_FALSE(may("http/server", "engine/orchestrator/b.hpp"));
  CHECK_FALSE(may("http/server", "http/api/b.hpp"));
  CHECK_FALSE(may("http/api", "http/cli/b.hpp"));
  CHECK_FALSE(may("http/api", "storage/sqlite/b.hpp"));
  CHECK_FALSE(may("engine/core", "tests/tidy/b.hpp"));
}

TEST_CASE("a wrong direction is reported with what would be allowed") {
  expect_one(includes("engine/core/a.cpp", "\n#include \"storage/b.hpp\"\n"), 2,
             "engine/core may include engine/model");
}

TEST_CASE("a folder without rules is reported, not skipped") {
  expect_one(includes("engine/broker/a.cpp", "#include \"engine/model/b.hpp\"\n"), 1,
             "give it a row in tests/tidy/include_rules.cpp");
}

TEST_CASE("our headers are written from the root and in quotes") {
  expect_one(includes("engine/core/a.cpp", "#include \"../model/b.hpp\"\n"), 1, "from the root");
  expect_one(includes("engine/core/a.cpp", "#include \"b.hpp\"\n"), 1, "from the root");
  expect_one(includes("engine/core/a.cpp", "#include <engine/model/b.hpp>\n"), 1, "in quotes");
  expect_none(includes("engine/core/a.cpp", "#include <vector>\n"));
}

TEST_CASE("third-party headers stay out of our headers") {
  const char* hidden[] = {"boost/asio/io_context.hpp",
                          "boost/asio.hpp",
                          "boost/beast.hpp",
                          "boost/beast/http.hpp",
                          "nlohmann/json.hpp",
                          "spdlog/spdlog.h",
                          "SQLiteCpp/SQLiteCpp.h",
                          "SQLiteCpp/Database.h",
                          "sqlite3.h",
                          "CLI/CLI.hpp",
                          "openssl/evp.h"};
  for (const std::string target : hidden) {
    expect_one(includes("http/server/a.hpp", "#include <" + target + ">\n"), 1, "in a header");
    expect_none(includes("http/server/a.cpp", "#include <" + target + ">\n"));
  }
  expect_none(includes("http/server/a.hpp", "#include <nlohmann/json_fwd.hpp>\n"));
}

TEST_CASE("headers of tests, examples and sagas may use json.hpp, and nothing more") {
  for (const std::string folder : {"tests/http", "examples/services", "sagas"}) {
    expect_none(includes(folder + "/a.hpp", "#include <nlohmann/json.hpp>\n"));
    expect_one(includes(folder + "/a.hpp", "#include <boost/asio.hpp>\n"), 1, "in a header");
  }
}

TEST_CASE("libraries do not print") {
  expect_one(includes("storage/sqlite/a.cpp", "#include <iostream>\n"), 1, "<iostream>");
  expect_none(includes("http/cli/a.cpp", "#include <iostream>\n"));
}

TEST_CASE("Beast and Asio in more than eight files is too much") {
  std::vector<Source> sources;
  for (int i = 0; i < 8; ++i)
    sources.emplace_back(File{"http/server/" + std::to_string(i) + ".cpp",
                              "#include <boost/asio.hpp>\n#include <boost/beast.hpp>\n"});
  expect_none(check_network_files(sources));
  sources.emplace_back(File{"http/server/ninth.cpp", "#include <boost/beast/core.hpp>\n"});
  CHECK(check_network_files(sources).size() == 9);
}
