// The rules, held against this project. Each finding names the place and what would be right.
#include "tests/tidy/expectation.hpp"
#include "tests/tidy/tree.hpp"

using namespace skald::tidy;

namespace {

const Tree& project() {
  static const Tree tree = read_tree(SKALD_SOURCE_DIR);
  return tree;
}

const std::vector<Source>& sources() {
  static const auto all = [] {
    std::vector<Source> result;
    for (const auto& file : project().files)
      if (file.path.ends_with(".cpp") || file.path.ends_with(".hpp")) result.emplace_back(file);
    return result;
  }();
  return all;
}

}  // namespace

TEST_CASE("the project is there to be read") {
  CHECK(project().paths.contains("engine/model/result.hpp"));
  CHECK(project().paths.contains("tests/tidy/project_test.cpp"));
  CHECK_FALSE(project().paths.contains("build"));
  CHECK(sources().size() > 20);
}

TEST_CASE("includes follow the direction of the design and hide third-party headers") {
  for (const auto& source : sources()) expect_none(check_includes(source));
}

TEST_CASE("few files include Beast or Asio") { expect_none(check_network_files(sources())); }

TEST_CASE("files, functions and lines are short") {
  for (const auto& file : project().files) expect_none(check_lengths(file));
  for (const auto& source : sources()) expect_none(check_functions(source));
}

TEST_CASE("clocks, randomness, sleep, output and ownership stay in their places") {
  for (const auto& source : sources()) expect_none(check_calls(source));
  for (const auto& file : project().files) expect_none(check_python(file));
}

TEST_CASE("headers are guarded and open no namespace") {
  for (const auto& source : sources()) expect_none(check_header(source));
}

TEST_CASE("the words are those of the design, and no work is postponed") {
  for (const auto& file : project().files) expect_none(check_words(file));
}

TEST_CASE("every source file is compiled") { expect_none(check_build_lists(project())); }

TEST_CASE("every link and every path in a README table is alive") {
  expect_none(check_links(project()));
}

TEST_CASE("the root holds the agreed names only") { expect_none(check_top_level(project())); }
