#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skald::tidy {

/// A file as the rules see it. `path` is relative to the root of the project, with '/'.
struct File {
  std::string path;
  std::string text;
};

/// One thing against the style: where it is, and what would be right.
struct Finding {
  std::string path;
  std::size_t line = 0;  ///< from 1; 0 when the file as a whole is meant
  std::string what;
};
using Findings = std::vector<Finding>;

/// What a byte of a C++ file belongs to. The quotes of a literal count as code.
enum class Part : std::uint8_t { code, comment, literal };

/// An #include directive.
struct Include {
  std::size_t line = 0;
  std::string target;   ///< without the delimiters
  bool quoted = false;  ///< "…" rather than <…>
};

/// A C++ file taken apart, so that no rule mistakes a comment or a literal for code.
class Source {
 public:
  explicit Source(const File& file);

  [[nodiscard]] const std::string& path() const { return file_.path; }
  [[nodiscard]] bool is_header() const;

  /// The text with comments and literals blanked; offsets and line breaks are those of the file.
  [[nodiscard]] const std::string& code() const { return code_; }

  /// The same with only the literals blanked.
  [[nodiscard]] const std::string& code_and_comments() const { return code_and_comments_; }

  [[nodiscard]] const std::vector<Include>& includes() const { return includes_; }

  /// The line, from 1, of a byte offset.
  [[nodiscard]] std::size_t line_of(std::size_t offset) const;

 private:
  void find_includes();

  File file_;
  std::string code_;
  std::string code_and_comments_;
  std::vector<std::size_t> line_starts_;
  std::vector<Include> includes_;
};

/// Whether `path` lies in the folder `folder` (without a final '/') or below it.
[[nodiscard]] bool is_under(std::string_view path, std::string_view folder);

/// Whether `c` can be part of a C++ identifier.
[[nodiscard]] bool is_word(char c);

/// The offset of the next `word` at or after `from` that is not part of a longer identifier, or
/// npos. `word` may contain other characters; only an end that is a letter or digit needs a border.
[[nodiscard]] std::size_t find_word(std::string_view text, std::string_view word,
                                    std::size_t from = 0);

/// The offset of the first character at or after `from` that is no white space, or text.size().
[[nodiscard]] std::size_t skip_space(std::string_view text, std::size_t from);

/// The lines of `text`, without their line breaks.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace skald::tidy
