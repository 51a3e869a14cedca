#include "tests/tidy/source.hpp"

#include <algorithm>
#include <cctype>

namespace skald::tidy {

namespace {

/// Walks once through a C++ text and says for every byte what it belongs to.
class Dissection {
 public:
  explicit Dissection(std::string_view text) : text_(text), parts_(text.size(), Part::code) {
    while (at_ < text_.size()) step();
  }

  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }

 private:
  void step() {
    if (starts("//")) return take_until("\n", Part::comment, 0);
    if (starts("/*")) return take_until("*/", Part::comment, 2);
    if (text_[at_] == '"') return at_ > 0 && is_raw_prefix() ? raw_string() : quoted('"');
    if (text_[at_] == '\'' && !is_digit_separator()) return quoted('\'');
    ++at_;
  }

  [[nodiscard]] bool starts(std::string_view what) const {
    return text_.substr(at_, what.size()) == what;
  }

  void take_until(std::string_view end, Part part, std::size_t keep) {
    const auto found = text_.find(end, at_ + keep);
    mark(found == std::string_view::npos ? text_.size() : found + keep, part);
  }

  void mark(std::size_t end, Part part) {
    for (; at_ < end; ++at_) parts_[at_] = part;
  }

  /// Whether the quote here ends R", u8R", uR", UR" or LR".
  [[nodiscard]] bool is_raw_prefix() const {
    if (text_[at_ - 1] != 'R') return false;
    auto begin = at_;
    while (begin > 0 && is_word(text_[begin - 1])) --begin;
    const auto prefix = text_.substr(begin, at_ - begin);
    return prefix == "R" || prefix == "u8R" || prefix == "uR" || prefix == "UR" || prefix == "LR";
  }

  void raw_string() {
    const auto open = text_.find('(', at_);
    if (open == std::string_view::npos) return quoted('"');
    const auto end = ")" + std::string(text_.substr(at_ + 1, open - at_ - 1)) + "\"";
    const auto close = text_.find(end, open);
    ++at_;
    mark(close == std::string_view::npos ? text_.size() : close + end.size() - 1, Part::literal);
    if (at_ < text_.size()) ++at_;
  }

  void quoted(char quote) {
    ++at_;
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
      const std::size_t width = text_[at_] == '\\' ? 2 : 1;
      mark(std::min(at_ + width, text_.size()), Part::literal);
    }
    if (at_ < text_.size()) ++at_;
  }

  [[nodiscard]] bool is_digit_separator() const {
    auto begin = at_;
    while (begin > 0 && (is_word(text_[begin - 1]) || text_[begin - 1] == '\'')) --begin;
    return begin < at_ && std::isdigit(static_cast<unsigned char>(text_[begin])) != 0;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Part> parts_;
};

}  // namespace

Source::Source(const File& file) : file_(file), code_(file.text), code_and_comments_(file.text) {
  const Dissection dissection(file_.text);
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < file_.text.size(); ++i) {
    if (file_.text[i] == '\n') {
      line_starts_.push_back(i + 1);
      continue;
    }
    const auto part = dissection.parts()[i];
    if (part != Part::code) code_[i] = ' ';
    if (part == Part::literal) code_and_comments_[i] = ' ';
  }
  find_includes();
}

bool Source::is_header() const { return file_.path.ends_with(".hpp"); }

std::size_t Source::line_of(std::size_t offset) const {
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  return static_cast<std::size_t>(next - line_starts_.begin());
}

void Source::find_includes() {
  for (std::size_t line = 1; line <= line_starts_.size(); ++line) {
    auto at = skip_space(code_, line_starts_[line - 1]);
    if (at >= code_.size() || code_[at] != '#' || line_of(at) != line) continue;
    at = skip_space(code_, at + 1);
    if (code_.compare(at, 7, "include") != 0) continue;
    at = skip_space(code_, at + 7);
    if (at >= code_.size() || (code_[at] != '"' && code_[at] != '<')) continue;
    const bool quoted = code_[at] == '"';
    const auto end = file_.text.find(quoted ? '"' : '>', at + 1);
    if (end == std::string::npos) continue;
    includes_.push_back({line, file_.text.substr(at + 1, end - at - 1), quoted});
  }
}

bool is_under(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  for (auto at = text.find(word, from); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool joined_before = at > 0 && is_word(word.front()) && is_word(text[at - 1]);
    const bool joined_after = end < text.size() && is_word(word.back()) && is_word(text[end]);
    if (!joined_before && !joined_after) return at;
  }
  return std::string_view::npos;
}

std::size_t skip_space(std::string_view text, std::size_t from) {
  while (from < text.size() && std::isspace(static_cast<unsigned char>(text[from])) != 0) ++from;
  return from;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace skald::tidy
