#include <algorithm>
#include <array>
#include <filesystem>

#include "tests/tidy/rules.hpp"

namespace skald::tidy {

namespace {

namespace fs = std::filesystem;

std::string folder_of(const std::string& path) { return fs::path(path).parent_path().string(); }

std::string joined(const std::string& folder, std::string_view name) {
  auto path = (fs::path(folder) / name).lexically_normal().string();
  if (path.ends_with('/')) path.pop_back();
  return path;
}

/// The words of a CMakeLists.txt, with parentheses as words of their own and without comments.
std::vector<std::string> words_of(const File& file) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (const auto line : lines_of(file.text)) {
    for (const char c : line.substr(0, line.find('#'))) {
      const bool parenthesis = c == '(' || c == ')';
      if (parenthesis || c == ' ' || c == '\t' || c == '"' || c == ';') end_word();
      if (parenthesis) words.emplace_back(1, c);
      if (!parenthesis && c != ' ' && c != '\t' && c != '"' && c != ';') word += c;
    }
    end_word();
  }
  return words;
}

/// The path, from the root, of a source named in the CMakeLists.txt of `folder`, inside a call with
/// the argument `FOLDER call_folder`, if any.
std::string listed_path(std::string word, const std::string& folder,
                        const std::string& call_folder) {
  static constexpr std::string_view from_root = "${PROJECT_SOURCE_DIR}/";
  static constexpr std::string_view from_here = "${CMAKE_CURRENT_SOURCE_DIR}/";
  if (word.starts_with(from_root)) return joined("", word.substr(from_root.size()));
  if (word.starts_with(from_here)) word.erase(0, from_here.size());
  return joined(call_folder.empty() ? folder : call_folder, word);
}

/// The spellings of `word` that the file can mean: a variable in it, as in `refused/${name}.cpp`
/// inside a function, stands for any of the file's other words.
std::vector<std::string> expansions(const std::string& word,
                                    const std::vector<std::string>& words) {
  const auto open = word.find("${", word.rfind('/') == std::string::npos ? 0 : word.rfind('/'));
  const auto close = word.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return {word};
  std::vector<std::string> expanded;
  for (const auto& value : words) {
    if (value.find('$') != std::string::npos) continue;
    auto spelling = word;
    expanded.push_back(spelling.replace(open, close - open + 1, value));
  }
  return expanded;
}

void collect_listed(const File& file, std::set<std::string>& listed) {
  const auto words = words_of(file);
  std::string call_folder;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == ")") call_folder.clear();
    if (words[i] == "FOLDER" && i + 1 < words.size()) call_folder = words[i + 1];
    if (!words[i].ends_with(".cpp")) continue;
    for (auto& spelling : expansions(words[i], words))
      listed.insert(listed_path(std::move(spelling), folder_of(file.path), call_folder));
  }
}

/// Calls `visit(text, line)` for every line of a document outside of fenced code.
void for_each_prose_line(const File& file, auto&& visit) {
  const auto lines = lines_of(file.text);
  bool fenced = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto start = lines[i].find_first_not_of(" \t");
    const auto rest = start == std::string_view::npos ? lines[i] : lines[i].substr(start);
    if (rest.starts_with("```") || rest.starts_with("~~~"))
      fenced = !fenced;
    else if (!fenced)
      visit(lines[i], i + 1);
  }
}

/// The texts between backticks, or the text with these blanked out.
struct CodeSpans {
  std::vector<std::string> spans;
  std::string rest;
};

CodeSpans split_code_spans(std::string_view line) {
  CodeSpans result{{}, std::string(line)};
  for (auto open = line.find('`'); open != std::string_view::npos;) {
    const auto close = line.find('`', open + 1);
    if (close == std::string_view::npos) break;
    result.spans.emplace_back(line.substr(open + 1, close - open - 1));
    result.rest.replace(open, close - open + 1, close - open + 1, ' ');
    open = line.find('`', close + 1);
  }
  return result;
}

/// The targets of `[text](target "title")` and of `[name]: target`.
std::vector<std::string> link_targets(const std::string& line) {
  std::vector<std::string> targets;
  for (auto at = line.find("]("); at != std::string::npos; at = line.find("](", at + 2)) {
    const auto end = line.find_first_of(") ", at + 2);
    targets.push_back(line.substr(at + 2, end == std::string::npos ? end : end - at - 2));
  }
  const auto definition = line.starts_with('[') ? line.find("]: ") : std::string::npos;
  if (definition != std::string::npos) {
    const auto end = line.find(' ', definition + 3);
    targets.push_back(
        line.substr(definition + 3, end == std::string::npos ? end : end - definition - 3));
  }
  return targets;
}

bool exists(const Tree& tree, const std::string& path) {
  return path.empty() || path == "." || tree.paths.contains(path);
}

void check_link(const Tree& tree, const File& file, std::size_t line, const std::string& target,
                Findings& findings) {
  const auto path = target.substr(0, target.find('#'));
  if (path.empty() || path.starts_with('/') || path.find(':') != std::string::npos) {
    if (path.starts_with('/'))
      findings.push_back({file.path, line, "link to " + target + ": write it relative"});
    return;
  }
  const auto resolved = joined(folder_of(file.path), path);
  if (!exists(tree, resolved))
    findings.push_back(
        {file.path, line, "dead link: there is no " + resolved + "; name what exists"});
}

/// Whether a code span in a table names a place in the project: `http/`, `engine/core/retry.cpp`.
bool names_path(std::string_view span) {
  const bool path_ending = span.ends_with('/') || span.ends_with(".cpp") || span.ends_with(".hpp");
  return path_ending && span.find_first_of(" <>{}*$:") == std::string_view::npos &&
         span.find("…") == std::string_view::npos && !span.starts_with('/');
}

void check_layout_row(const Tree& tree, const File& file, std::size_t line, const CodeSpans& row,
                      Findings& findings) {
  for (const auto& span : row.spans) {
    if (!names_path(span)) continue;
    if (!exists(tree, joined(folder_of(file.path), span)) && !exists(tree, joined("", span)))
      findings.push_back(
          {file.path, line, "the table names " + span + ", which does not exist: correct it"});
  }
}

}  // namespace

Findings check_build_lists(const Tree& tree) {
  std::set<std::string> listed;
  for (const auto& file : tree.files)
    if (fs::path(file.path).filename() == "CMakeLists.txt") collect_listed(file, listed);
  Findings findings;
  for (const auto& file : tree.files)
    if (file.path.ends_with(".cpp") && !listed.contains(file.path))
      findings.push_back({file.path, 0,
                          "no CMakeLists.txt names it, so nothing compiles it: list it in " +
                              joined(folder_of(file.path), "CMakeLists.txt") +
                              " or one above, or delete it"});
  return findings;
}

Findings check_links(const Tree& tree) {
  Findings findings;
  for (const auto& file : tree.files) {
    if (!file.path.ends_with(".md")) continue;
    const bool is_readme = fs::path(file.path).filename() == "README.md";
    for_each_prose_line(file, [&](std::string_view text, std::size_t line) {
      const auto split = split_code_spans(text);
      for (const auto& target : link_targets(split.rest))
        check_link(tree, file, line, target, findings);
      if (is_readme && text.starts_with('|')) check_layout_row(tree, file, line, split, findings);
    });
  }
  return findings;
}

Findings check_top_level(const Tree& tree) {
  static const std::set<std::string, std::less<>> agreed{
      "CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "dsl",
      "engine",         "examples",          "http",    "sagas",     "storage",
      "tests"};
  Findings findings;
  for (const auto& name : tree.top_level)
    if (!name.starts_with('.') && !agreed.contains(name))
      findings.push_back({name, 0,
                          "is not one of the agreed names at the root: move it into the "
                          "folder it belongs to"});
  for (const auto& name : agreed)
    if (std::find(tree.top_level.begin(), tree.top_level.end(), name) == tree.top_level.end())
      findings.push_back({name, 0, "is missing at the root, or git does not track it"});
  return findings;
}

}  // namespace skald::tidy
