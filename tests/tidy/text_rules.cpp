#include <algorithm>
#include <array>
#include <cctype>

#include "tests/tidy/rules.hpp"

namespace skald::tidy {

namespace {

bool is_cpp(std::string_view path) { return path.ends_with(".cpp") || path.ends_with(".hpp"); }

void report(std::string_view text, const File& file, std::string_view word, const std::string& what,
            Findings& findings) {
  const auto lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (find_word(lines[i], word) != std::string_view::npos)
      findings.push_back({file.path, i + 1, what});
}

void check_postponed(const File& file, Findings& findings) {
  static constexpr std::array<std::string_view, 3> marks{"TODO", "FIXME", "XXX"};
  const auto text = is_cpp(file.path) ? Source(file).code_and_comments() : file.text;
  for (const auto mark : marks)
    report(text, file, mark, std::string(mark) + ": do it now, or delete it", findings);
}

/// A word the design has another one for, found inside identifiers too.
struct Synonym {
  std::string_view stem;  ///< lower case
  std::string_view instead;
  std::vector<std::string_view> allowed;  ///< folders
};

const std::vector<Synonym>& synonyms() {
  static const std::vector<Synonym> table{
      {"workflow",
       "saga (one running) or definition (its table)",
       {"tests/tidy", "examples/from-other-engines"}},
      {"rollback",
       "unwind (all) or undo (one step)",
       {"engine/participants/barrier", "examples/services/service", "examples/from-other-engines",
        "storage", "tests"}},
  };
  return table;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

}  // namespace

Findings check_words(const File& file) {
  Findings findings;
  check_postponed(file, findings);
  const auto lines = lines_of(file.text);
  for (const auto& synonym : synonyms()) {
    const auto allowed = [&](std::string_view folder) { return is_under(file.path, folder); };
    if (std::any_of(synonym.allowed.begin(), synonym.allowed.end(), allowed)) continue;
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (lower(lines[i]).find(synonym.stem) != std::string::npos)
        findings.push_back({file.path, i + 1,
                            "\"" + std::string(synonym.stem) + "\" is not our word: say " +
                                std::string(synonym.instead)});
  }
  return findings;
}

Findings check_python(const File& file) {
  Findings findings;
  if (!file.path.ends_with(".py")) return findings;
  const auto lines = lines_of(file.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto comment = std::min(lines[i].find('#'), lines[i].size());
    if (find_word(lines[i].substr(0, comment), "sleep(") != std::string_view::npos)
      findings.push_back({file.path, i + 1,
                          "sleep( is not for here: wait for the condition (read a line, select, "
                          "process.wait, a long poll), never for time"});
  }
  return findings;
}

}  // namespace skald::tidy
