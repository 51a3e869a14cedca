#include "tests/tidy/expectation.hpp"
#include "tests/tidy/tree.hpp"

using namespace skald::tidy;

namespace {

Tree tree_of(const std::vector<File>& files) {
  Tree tree;
  tree.files = files;
  for (const auto& file : files)
    for (auto path = file.path; !path.empty();
         path.resize(path.rfind('/') == std::string::npos ? 0 : path.rfind('/')))
      tree.paths.insert(path);
  return tree;
}

}  // namespace

TEST_CASE("no work is postponed") {
  for (const std::string mark : {"TODO", "FIXME", "XXX"}) {
    expect_one(check_words({"dsl/a.cpp", "\n// " + mark + ": later\n"}), 2, "do it now");
    expect_one(check_words({"README.md", mark + "\n"}), 1, "do it now");
    expect_one(check_words({"tests/e2e/a.py", "# " + mark + "\n"}), 1, "do it now");
    expect_none(check_words({"dsl/a.cpp", "f(\"" + mark + "\");\n"}));
  }
  expect_none(check_words({"tests/run.sh", "mktemp -d skald.XXXXXX\n"}));
}

TEST_CASE("the words are those of the design") {
  expect_one(check_words({"dsl/a.hpp", "struct RunningWorkflow {};\n"}), 1, "say saga");
  expect_one(check_words({"README.md", "\nA workflow engine.\n"}), 2, "say saga");
  expect_one(check_words({"engine/core/a.cpp", "void rollback();\n"}), 1, "say unwind");
  expect_none(check_words({"storage/sqlite/a.cpp", "f(\"ROLLBACK\");\n"}));
  // Names of others are theirs.
  expect_none(check_words({"examples/from-other-engines/a.json", "// failureWorkflow\n"}));
  expect_none(check_words({"examples/from-other-engines/README.md", "CanRollback\n"}));
}

TEST_CASE("Python does not sleep either") {
  expect_one(check_python({"tests/e2e/a.py", "import time\ntime.sleep(1)\n"}), 2, "wait for");
  expect_none(check_python({"tests/e2e/a.py", "# no sleep(1) here\n"}));
}

TEST_CASE("a source file that no CMakeLists.txt names is found") {
  const File source{"engine/core/a.cpp", ""};
  for (const std::string list :
       {"skald_library(core FOLDER engine/core\n  SOURCES b.cpp a.cpp)",
        "add_executable(x core/a.cpp)", "add_executable(x ${PROJECT_SOURCE_DIR}/engine/core/a.cpp)",
        "add_executable(x \"${CMAKE_CURRENT_SOURCE_DIR}/core/a.cpp\")"})
    expect_none(check_build_lists(tree_of({source, {"engine/CMakeLists.txt", list}})));
  for (const std::string list :
       {"", "# core/a.cpp", "skald_library(core FOLDER engine/core SOURCES aa.cpp)",
        "skald_library(model FOLDER engine/model SOURCES a.cpp)", "add_executable(x a.cpp)",
        "skald_library(core FOLDER engine/core SOURCES b.cpp)\nadd_executable(x a.cpp)"})
    expect_one(check_build_lists(tree_of({source, {"engine/CMakeLists.txt", list}})), 0,
               "list it in engine/core/CMakeLists.txt");
}

TEST_CASE("a source file that a function of CMake names by its argument is listed") {
  const std::string function = "function(refuses name)\n  add_library(x refused/${name}.cpp)\n";
  const File source{"tests/dsl/refused/row.cpp", ""};
  expect_none(check_build_lists(
      tree_of({source, {"tests/dsl/CMakeLists.txt", function + "endfunction()\nrefuses(row)"}})));
  expect_one(check_build_lists(
                 tree_of({source, {"tests/dsl/CMakeLists.txt", function + "endfunction()"}})),
             0, "nothing compiles it");
}

TEST_CASE("a dead link is found") {
  const auto links = [](const std::string& path, const std::string& text) {
    return check_links(tree_of({{path, text}, {"engine/README.md", ""}, {"http/a.yaml", ""}}));
  };
  expect_one(links("README.md", "\nSee [this](engine/GONE.md).\n"), 2, "no engine/GONE.md");
  expect_one(links("dsl/README.md", "![x](a.yaml \"title\")\n"), 1, "no dsl/a.yaml");
  expect_one(links("README.md", "[engine]: engines/README.md\n"), 1, "no engines/README.md");
  expect_one(links("README.md", "[a](engine/README.md) [b](nothing)\n"), 1, "no nothing");
  expect_one(links("README.md", "[a](/engine/README.md)\n"), 1, "relative");
  expect_none(links("README.md", "[a](engine/README.md#words), [`b`](http/), [c](#d)\n"));
  expect_none(links("dsl/README.md", "[a](../http/a.yaml) [b](https://example.org/x)\n"));
  expect_none(links("README.md", "```\n[a](nothing)\n```\n`[a](nothing)`\n"));
}

TEST_CASE("a path in a table of a README that does not exist is found") {
  const auto table = [](const std::string& path, const std::string& text) {
    return check_links(tree_of({{path, text}, {"engine/core/a.cpp", ""}}));
  };
  expect_one(table("README.md", "| `engine/cores/` | pure |\n"), 1, "engine/cores/");
  expect_one(table("README.md", "| `engine/core/b.cpp` | pure |\n"), 1, "engine/core/b.cpp");
  expect_none(table("README.md", "| `engine/`, `engine/core/a.cpp` | pure |\n"));
  expect_none(table("engine/README.md", "| `core/`, `core/a.cpp` | `engine/core/` |\n"));
  expect_none(table("README.md", "| `/v1/sagas/` | `GET x/` |\n`gone/` in prose\n"));
}

TEST_CASE("a name at the root that was not agreed is found, and so is a missing one") {
  Tree tree;
  tree.top_level = {".gitignore", "CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md",
                    "dsl",        "engine",         "examples",          "http",    "sagas",
                    "storage",    "tests"};
  expect_none(check_top_level(tree));
  tree.top_level.push_back("scripts");
  expect_one(check_top_level(tree), 0, "not one of the agreed names");
  tree.top_level.pop_back();
  tree.top_level.pop_back();
  expect_one(check_top_level(tree), 0, "missing");
}

TEST_CASE("a file is under a folder only when the whole name matches") {
  CHECK(is_under("http/cli/main.cpp", "http/cli"));
  CHECK_FALSE(is_under("http/client.cpp", "http/cli"));
  CHECK_FALSE(is_under("http/cli", "http/cli"));
}
