#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "dsl/expr/functions.hpp"
#include "tests/dsl/expr_saga.hpp"

/// dsl/expr/README.md is the reference of the language: what it shows is what happens.
namespace skald::test {

namespace {

using nlohmann::json;

std::vector<std::string> readme_lines() {
  std::ifstream file(SKALD_EXPR_README);
  REQUIRE(file.good());
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

/// The saga that the page describes in its first block of JSON.
ExprSaga described(const std::vector<std::string>& lines) {
  std::string text;
  bool inside = false;
  for (const auto& line : lines) {
    if (inside && line == "```") break;
    if (inside) text += line + "\n";
    inside = inside || line == "```json";
  }
  const auto all = json::parse(text);
  ExprSaga saga;
  saga.saga.input = Json(all.at("input"));
  saga.saga.data = Json(all.at("data"));
  saga.saga.error = Json(all.at("error"));
  saga.saga.log.change_all([&](LogEntry& entry) {
    if (entry.confirmed) entry.output = Json(all.at("debit"));
  });
  saga.event = all.at("event");
  saga.item = all.at("item");
  return saga;
}

/// The cells of a row of a table; `\|` is no border.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::string cell;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line.compare(i, 2, "\\|") == 0) {
      cell += line[++i];
    } else if (line[i] == '|') {
      cells.push_back(cell);
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  return cells;
}

/// What stands between backquotes when the whole cell does; else empty.
std::string code_of(const std::string& cell) {
  const auto begin = cell.find('`'), end = cell.rfind('`');
  if (begin == std::string::npos || begin == end || cell.find('`', begin + 1) != end) return {};
  if (cell.find_first_not_of(' ') != begin || cell.find_last_not_of(' ') != end) return {};
  return cell.substr(begin + 1, end - begin - 1);
}

void check_row(const ExprSaga& saga, const std::string& text, const std::string& wanted) {
  const auto result = saga.result(text);
  if (wanted.starts_with("EXPR_"))
    CHECK_MESSAGE(saga.codes(text) == wanted, text, " gave ", result);
  else if (wanted.starts_with("error: "))
    CHECK_MESSAGE((result.starts_with("error: ") && result.ends_with(": " + wanted.substr(7))),
                  text, " gave ", result);
  else
    CHECK_MESSAGE(result == wanted, text, " gave ", result);
}

void check_template(const ExprSaga& saga, const std::string& source, const std::string& wanted) {
  const auto compiled = expr::Template::compile(json::parse(source), saga.environment);
  REQUIRE(compiled.ok());
  const auto value = compiled->evaluate(saga.view(), saga.event_view());
  REQUIRE(value.ok());
  CHECK_MESSAGE(value->dump() == wanted, source, " gave ", value->dump());
}

/// Calls `visit(section, cells)` for the rows of all tables, without their heads.
void for_each_row(const std::vector<std::string>& lines, auto&& visit) {
  std::string section;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with("## ")) section = lines[i].substr(3);
    const bool head = i + 1 < lines.size() && lines[i + 1].starts_with("|--");
    if (lines[i].starts_with('|') && !lines[i].starts_with("|--") && !head)
      visit(section, cells_of(lines[i]));
  }
}

TEST_CASE("every example of the reference gives what stands beside it") {
  const auto lines = readme_lines();
  const auto saga = described(lines);
  int rows = 0;
  for_each_row(lines, [&](const std::string& section, const std::vector<std::string>& cells) {
    if (section == "Limits" || section == "Files") return;
    REQUIRE(cells.size() >= 2);
    if (section == "Findings") {
      if (const auto text = code_of(cells[2]); !text.empty())
        check_row(saga, text, code_of(cells[0]));
      return;
    }
    const auto text = code_of(cells[cells.size() - 2]), wanted = code_of(cells.back());
    REQUIRE_MESSAGE(!text.empty(), cells.back());
    REQUIRE_MESSAGE(!wanted.empty(), text);
    ++rows;
    if (section == "In templates") return check_template(saga, text, wanted);
    check_row(saga, text, wanted);
  });
  CHECK(rows > 120);
}

TEST_CASE("every function has a row with an example that calls it") {
  std::string calls;
  for_each_row(readme_lines(), [&](const std::string& section, const auto& cells) {
    if (section == "Functions") calls += cells[1] + "\n";
  });
  for (const auto& function : expr::functions())
    CHECK_MESSAGE(calls.find(std::string(function.name) + "(") != std::string::npos, function.name);
}

}  // namespace

}  // namespace skald::test
