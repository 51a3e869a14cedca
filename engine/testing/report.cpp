#include "engine/testing/report.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace skald::testing {

namespace {

using nlohmann::json;
using Names = std::vector<std::string>;

void add_once(Names& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

std::string padded(std::string text, std::size_t width, bool left) {
  // Columns are ASCII; rows may hold ids of any script, whose width nobody knows.
  const std::size_t missing = width - std::min(width, text.size());
  return left ? text + std::string(missing, ' ') : std::string(missing, ' ') + text;
}

std::string cell_text(const std::vector<Cell>& cells, const std::string& row,
                      const std::string& column) {
  for (const auto& cell : cells) {
    if (cell.row != row || cell.column != column) continue;
    if (cell.failed == 0) return std::to_string(cell.runs);
    return "FAIL " + std::to_string(cell.failed) + "/" + std::to_string(cell.runs);
  }
  return "-";
}

/// Rows that share columns stand in one table: attempts, the whole saga, signals.
enum class Block { attempts, saga, signals };
Block block_of(const Cell& cell) {
  if (cell.row == "the saga") return Block::saga;
  return cell.row.starts_with("signal ") ? Block::signals : Block::attempts;
}

std::string table(const std::vector<Cell>& all, Block block) {
  std::vector<Cell> cells;
  std::copy_if(all.begin(), all.end(), std::back_inserter(cells),
               [&](const Cell& cell) { return block_of(cell) == block; });
  Names rows, columns;
  for (const auto& cell : cells) {
    add_once(rows, cell.row);
    add_once(columns, cell.column);
  }
  if (rows.empty()) return {};
  std::size_t first = 0;
  for (const auto& row : rows) first = std::max(first, row.size());
  Names lines{padded("", first, true)};
  for (const auto& row : rows) lines.push_back(padded(row, first, true));
  for (const auto& column : columns) {
    Names texts{column};
    for (const auto& row : rows) texts.push_back(cell_text(cells, row, column));
    std::size_t width = 0;
    for (const auto& text : texts) width = std::max(width, text.size());
    for (std::size_t i = 0; i < lines.size(); ++i)
      lines[i] += "  " + padded(texts[i], width, false);
  }
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text + "\n";
}

std::string text_of(const Failure& failure) {
  std::string text = "FAILED: " + failure.row + ", " + failure.column + "\n";
  for (const auto& reason : failure.reasons) text += "  " + reason + "\n";
  text += "  injected:\n";
  for (const auto& injection : failure.injections) text += "    " + injection + "\n";
  if (failure.injections.empty()) text += "    nothing\n";
  text += "  what happened:\n";
  for (const auto& line : failure.trace) text += "  " + line + "\n";
  return text;
}

}  // namespace

std::string Report::text() const {
  std::string text = definition.name + " v" + std::to_string(definition.version) + ": ";
  std::size_t failed = 0;
  for (const auto& cell : cells) failed += cell.failed;
  if (!problems.empty())
    text += "could not be tried\n";
  else if (passed())
    text += std::to_string(runs) + " runs, every promise kept\n";
  else
    text += std::to_string(failed) + " of " + std::to_string(runs) + " runs broke a promise\n";
  for (const auto& problem : problems) text += "  " + problem + "\n";
  if (!complete) text += "not everything was tried: the limit of runs was reached\n";
  text += "input: " + input.text() + "\n\n";
  for (const auto block : {Block::attempts, Block::saga, Block::signals})
    text += table(cells, block);
  for (const auto& failure : failures) text += text_of(failure) + "\n";
  return text;
}

Json Report::json() const {
  nlohmann::json made{{"definition", definition.name},
                      {"version", definition.version},
                      {"passed", passed()},
                      {"runs", runs},
                      {"complete", complete},
                      {"input", input.value()},
                      {"problems", problems},
                      {"cells", nlohmann::json::array()},
                      {"failures", nlohmann::json::array()}};
  for (const auto& cell : cells)
    made["cells"].push_back(
        {{"row", cell.row}, {"column", cell.column}, {"runs", cell.runs}, {"failed", cell.failed}});
  for (const auto& failure : failures)
    made["failures"].push_back({{"row", failure.row},
                                {"column", failure.column},
                                {"reasons", failure.reasons},
                                {"injections", failure.injections},
                                {"trace", failure.trace}});
  return Json(made);
}

}  // namespace skald::testing
