#include <algorithm>
#include <fstream>
#include <sstream>

#include "dsl/diagram/diagram.hpp"
#include "tests/sagas/both.hpp"

/// sagas/README.md shows every model saga as it is: both spellings, and the picture drawn of it.
namespace skald::test {

namespace {

std::string readme() {
  std::ifstream stream(std::string(SKALD_SAGAS) + "/README.md");
  REQUIRE(stream.good());
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// "money_transfer.cpp" of "money-transfer.json".
std::string table_file_of(const std::string& document) {
  std::string stem = document.substr(0, document.find('.'));
  std::replace(stem.begin(), stem.end(), '-', '_');
  return stem + ".cpp";
}

TEST_CASE("the README of the model sagas links to both spellings of each") {
  const std::string text = readme();
  for (const auto& saga : model_sagas())
    for (const auto& file : {saga.file, table_file_of(saga.file)})
      CHECK_MESSAGE(text.find("(" + file + ")") != text.npos, "sagas/README.md has no link to (",
                    file, ")");
}

TEST_CASE("the README of the model sagas shows the picture of each, after its links") {
  const std::string text = readme();
  for (const auto& saga : model_sagas()) {
    const std::string picture =
        "```mermaid\n" + diagram::mermaid(from_table(saga.table())) + "```\n";
    CHECK_MESSAGE(text.find("(" + saga.file + ")\n\n" + picture) != text.npos,
                  "sagas/README.md should have, after the links of ", saga.file, ":\n\n", picture);
  }
}

}  // namespace

}  // namespace skald::test
