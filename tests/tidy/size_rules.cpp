#include <algorithm>
#include <array>

#include "tests/tidy/functions.hpp"
#include "tests/tidy/rules.hpp"

namespace skald::tidy {

namespace {

constexpr std::size_t file_lines_max = 500;
constexpr std::size_t line_columns_max = 100;
constexpr std::size_t function_lines_max = 70;
constexpr std::size_t test_lines_max = 120;

/// Characters, not bytes: the bytes of UTF-8 that continue one do not count.
std::size_t columns(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

/// Documents and data have their own measure; these are read as programs.
bool is_program(std::string_view path) {
  static constexpr std::array<std::string_view, 12> endings{
      ".cpp",   ".hpp",           ".py",    ".sh", ".ts", ".tsx", ".js", ".mjs", ".css",
      ".cmake", "CMakeLists.txt", ".ci/run"};
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

}  // namespace

Findings check_lengths(const File& file) {
  Findings findings;
  if (!is_program(file.path)) return findings;
  const auto lines = lines_of(file.text);
  if (lines.size() > file_lines_max)
    findings.push_back({file.path, 0,
                        std::to_string(lines.size()) + " lines: split it, a file has at most " +
                            std::to_string(file_lines_max)});
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool has_url = lines[i].find("://") != std::string_view::npos;
    if (!has_url && columns(lines[i]) > line_columns_max)
      findings.push_back({file.path, i + 1,
                          std::to_string(columns(lines[i])) + " columns: break the line, it has " +
                              "at most " + std::to_string(line_columns_max)});
  }
  return findings;
}

Findings check_functions(const Source& source) {
  Findings findings;
  const auto functions = find_functions(source);
  if (functions.unbalanced_line != 0)
    findings.push_back({source.path(), functions.unbalanced_line,
                        "the braces do not balance here, so functions cannot be measured: " +
                            std::string("keep pairs of braces on one side of an #if")});
  for (const auto& function : functions.all) {
    const auto limit = function.is_test ? test_lines_max : function_lines_max;
    if (function.lines() > limit)
      findings.push_back({source.path(), function.first_line,
                          "a function of " + std::to_string(function.lines()) +
                              " lines: split it, it has at most " + std::to_string(limit)});
  }
  return findings;
}

}  // namespace skald::tidy
