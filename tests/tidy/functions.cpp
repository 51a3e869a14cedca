#include "tests/tidy/functions.hpp"

#include <algorithm>
#include <array>

namespace skald::tidy {

namespace {

enum class Brace { scope, body, data };

/// Blanks preprocessor lines: their braces belong to macros, not to the structure of the file.
std::string without_directives(std::string code) {
  bool continued = false;
  std::size_t start = 0;
  while (start < code.size()) {
    const auto end = std::min(code.find('\n', start), code.size());
    const auto first = code.find_first_not_of(" \t", start);
    if (continued || (first < end && code[first] == '#')) {
      continued = end > start && code[end - 1] == '\\';
      std::fill(code.begin() + static_cast<std::ptrdiff_t>(start),
                code.begin() + static_cast<std::ptrdiff_t>(end), ' ');
    }
    start = end + 1;
  }
  return code;
}

/// The offset after the bracket that closes the one at `open`, or the end.
std::size_t after_match(std::string_view code, std::size_t open, char opening, char closing) {
  int depth = 0;
  for (auto at = open; at < code.size(); ++at) {
    if (code[at] == opening) ++depth;
    if (code[at] == closing && --depth == 0) return at + 1;
  }
  return code.size();
}

/// Takes `template <…>` and `[[…]]` away: their words and parentheses say nothing about the rest.
std::string without_decoration(std::string head) {
  for (auto at = find_word(head, "template"); at != std::string::npos;
       at = find_word(head, "template")) {
    const auto open = skip_space(head, at + 8);
    const bool has_list = open < head.size() && head[open] == '<';
    const auto end = has_list ? after_match(head, open, '<', '>') : at + 8;
    head.erase(at, end - at);
  }
  for (auto at = head.find("[["); at != std::string::npos; at = head.find("[["))
    head.erase(at, after_match(head, at, '[', ']') - at);
  return head;
}

bool has_any(std::string_view head, auto&& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return find_word(head, word) != std::string_view::npos;
  });
}

/// Whether the brace after `head` initialises a member in a constructor's list, as in `: a_{1}`.
bool is_member_init(std::string_view head) {
  const auto last = head.find_last_not_of(" \n\t");
  if (last == std::string_view::npos || (!is_word(head[last]) && head[last] != '>')) return false;
  for (auto at = head.find(':'); at != std::string_view::npos; at = head.find(':', at + 1)) {
    if (head.substr(at, 2) == "::") {
      ++at;
      continue;
    }
    const auto before = head.substr(0, at).find_last_not_of(" \n\t");
    if (before == std::string_view::npos) continue;
    if (head[before] == ')' || head.substr(0, before + 1).ends_with("noexcept")) return true;
  }
  return false;
}

/// What the brace that follows `head` opens.
Brace classify(const std::string& raw_head) {
  static constexpr std::array<std::string_view, 2> spaces{"namespace", "TEST_SUITE"};
  static constexpr std::array<std::string_view, 4> types{"class", "struct", "union", "enum"};
  const auto head = without_decoration(raw_head);
  const auto last = head.find_last_not_of(" \n\t");
  if (last == std::string::npos) return Brace::scope;
  if (has_any(head, spaces) || head.starts_with("extern \"")) return Brace::scope;
  if (head[last] == '=' || is_member_init(head)) return Brace::data;
  const bool has_parenthesis = head.find('(') != std::string::npos;
  if (has_parenthesis || head[last] == ']') return Brace::body;
  return has_any(head, types) ? Brace::scope : Brace::data;
}

bool is_test_macro(std::string_view head) {
  static constexpr std::array<std::string_view, 5> macros{
      "TEST_CASE", "TEST_CASE_FIXTURE", "TEST_CASE_TEMPLATE", "SUBCASE", "SCENARIO"};
  return has_any(head, macros);
}

class Finder {
 public:
  explicit Finder(const Source& source)
      : source_(source), code_(without_directives(source.code())) {
    while (at_ < code_.size()) step();
    if (depth_ > 0) found_.unbalanced_line = source_.line_of(code_.size());
  }

  [[nodiscard]] Functions take() { return std::move(found_); }

 private:
  void step() {
    const char c = code_[at_];
    if (c == '(') {
      at_ = after_match(code_, at_, '(', ')');
      return;
    }
    if (c == '{') return opening();
    if (c == '}' && --depth_ < 0) {
      if (found_.unbalanced_line == 0) found_.unbalanced_line = source_.line_of(at_);
      depth_ = 0;
    }
    ++at_;
    if (c == ';' || c == '}' || (c == ':' && ends_access_specifier())) head_ = at_;
  }

  void opening() {
    head_ = skip_space(code_, head_);
    const auto head = code_.substr(head_, at_ - head_);
    const auto kind = classify(head);
    if (kind == Brace::scope) {
      ++depth_;
      head_ = ++at_;
      return;
    }
    at_ = after_match(code_, at_, '{', '}');
    if (kind == Brace::data) return;
    found_.all.push_back({source_.line_of(head_), source_.line_of(at_ - 1), is_test_macro(head)});
    if (code_[at_ - 1] != '}') found_.unbalanced_line = found_.all.back().first_line;
    head_ = at_;
  }

  [[nodiscard]] bool ends_access_specifier() const {
    const auto head = std::string_view(code_).substr(head_, at_ - head_);
    return head.ends_with("public:") || head.ends_with("private:") || head.ends_with("protected:");
  }

  const Source& source_;
  std::string code_;
  std::size_t at_ = 0;
  std::size_t head_ = 0;
  int depth_ = 0;
  Functions found_;
};

}  // namespace

Functions find_functions(const Source& source) { return Finder(source).take(); }

}  // namespace skald::tidy
