#include <algorithm>
#include <unordered_set>

#include "dsl/json/read.hpp"

namespace skald::document {

namespace {

/// What is wrong with the syntax; reading ends there.
struct Stop {
  std::size_t at;
  std::string why;
  std::string code;
};

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t bits) { out += static_cast<char>(bits); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

class JsonReader {
 public:
  JsonReader(std::string_view text, const Limits& limits, Report& report)
      : text_(text), limits_(limits), report_(report) {}

  std::optional<Tree> run() {
    try {
      if (text_.starts_with("\xEF\xBB\xBF")) marked_ = at_ = 3;
      skip();
      tree_.root.place = &tree_.places.emplace_back(Place{.value = spot(), .key = spot()});
      read(tree_.root, 0);
      skip();
      if (at_ < text_.size()) stop("something follows the end of the document");
      return std::move(tree_);
    } catch (const Stop& what) {
      static const Place root;
      report_.add_at(root, spot_at(what.at), what.why, what.code);
      return std::nullopt;
    }
  }

 private:
  [[noreturn]] void stop(std::string why, std::string code = "SYNTAX") const {
    throw Stop{at_, std::move(why), std::move(code)};
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  /// Counts on from the last place asked for, so that a document in one line costs one pass.
  Spot spot() {
    for (; marked_ < at_; ++marked_) {
      if ((static_cast<unsigned char>(text_[marked_]) & 0xC0) != 0x80) ++mark_.column;
      if (text_[marked_] == '\n') mark_ = {mark_.line + 1, 1};
    }
    return mark_;
  }
  Spot spot_at(std::size_t at) {
    if (at < marked_) {
      marked_ = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
      mark_ = {};
    }
    at_ = std::max(at, marked_);
    return spot();
  }

  void skip() {
    for (;;) {
      while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos)
        ++at_;
      const auto two = text_.substr(at_, 2);
      if (two == "//") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (two == "/*") {
        const auto end = text_.find("*/", at_ + 2);
        if (end == text_.npos) stop("this comment has no end; close it with */");
        at_ = end + 2;
      } else {
        return;
      }
    }
  }

  void read(Node& node, std::size_t depth) {
    if (++values_ > limits_.values)
      stop("has more than " + std::to_string(limits_.values) + " values", "TOO_LARGE");
    const char c = peek();
    if ((c == '{' || c == '[') && depth >= limits_.depth)
      stop("is nested deeper than " + std::to_string(limits_.depth) + " levels", "TOO_DEEP");
    if (c == '{') return object(node, depth);
    if (c == '[') return list(node, depth);
    if (c == '"') {
      node.value = string();
      return;
    }
    if (c == '-' || (c >= '0' && c <= '9')) return number(node);
    word(node);
  }

  void word(Node& node) {
    const auto end = std::min(text_.find_first_of(" \t\r\n,:]}[{\"/", at_), text_.size());
    const auto found = text_.substr(at_, end - at_);
    if (found == "true" || found == "false")
      node.value = found == "true";
    else if (found != "null")
      stop(found.empty() ? at_ < text_.size() ? "a value is missing here"
                                              : "the document ends in the middle of a value"
                         : "'" + shown(found) + "' is no JSON value; text stands in double quotes");
    at_ = end;
  }

  void number(Node& node) {
    const auto begin = at_;
    const auto digits = [&] {
      const auto first = at_;
      while (peek() >= '0' && peek() <= '9') ++at_;
      return at_ > first;
    };
    if (peek() == '-') ++at_;
    const bool zero = peek() == '0';
    const auto whole = at_;
    bool good = digits() && !(zero && at_ > whole + 1);
    if (good && peek() == '.') good = (++at_, digits());
    if (good && (peek() == 'e' || peek() == 'E')) {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      good = digits();
    }
    const auto text = text_.substr(begin, at_ - begin);
    if (!good) stop("'" + shown(text) + "' is no number as JSON writes it");
    auto value = read_number(text);
    if (!value) {
      at_ = begin;
      stop("the number " + shown(text) + " is out of range");
    }
    node.value = std::move(*value);
  }

  std::uint32_t hex() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      const std::string_view digits = "0123456789abcdef";
      const auto digit = digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
      if (c == '\0' || digit == digits.npos) stop("\\u is followed by four hexadecimal digits");
      code = code << 4 | static_cast<std::uint32_t>(digit);
    }
    return code;
  }

  void escape(std::string& out) {
    ++at_;  // the backslash
    static constexpr std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
    const char c = peek();
    if (const auto known = from.find(c); c != '\0' && known != from.npos) {
      out += to[known];
      ++at_;
      return;
    }
    if (c != 'u') stop("unknown escape; JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
    ++at_;
    std::uint32_t code = hex();
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      at_ += 2;
      const std::uint32_t low = hex();
      if (low < 0xDC00 || low > 0xDFFF) stop("half of a surrogate pair is missing", "ENCODING");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    if (code >= 0xD800 && code < 0xE000) stop("half of a surrogate pair is missing", "ENCODING");
    append_utf8(out, code);
  }

  std::string string() {
    std::string out;
    const auto begin = at_++;
    while (peek() != '"') {
      if (at_ >= text_.size()) {
        at_ = begin;
        stop("this text has no end; close it with a double quote");
      }
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x20)
        stop("a line break or control character in text is written as an escape, e.g. \\n");
      if (c == '\\') {
        escape(out);
      } else {
        out += c;
        ++at_;
      }
    }
    ++at_;
    return out;
  }

  void list(Node& node, std::size_t depth) {
    Node::List elements;
    ++at_;
    for (skip(); peek() != ']'; skip()) {
      const Spot here = spot();
      Node& element = elements.emplace_back();
      element.place =
          &tree_.places.emplace_back(Place{.parent = node.place,
                                           .index = static_cast<std::uint32_t>(elements.size() - 1),
                                           .in_list = true,
                                           .value = here,
                                           .key = here});
      read(element, depth + 1);
      skip();
      if (peek() == ',')
        ++at_;
      else if (peek() != ']')
        stop("expected ',' or ']' here");
    }
    ++at_;
    node.value = std::move(elements);
  }

  void object(Node& node, std::size_t depth) {
    Node::Object members;
    std::unordered_set<std::string_view> keys;
    ++at_;
    for (skip(); peek() != '}'; skip()) {
      if (peek() != '"') stop("expected a key in double quotes here");
      Place& place =
          tree_.places.emplace_back(Place{.parent = node.place, .value = spot(), .key = spot()});
      const auto begin = at_;
      place.name = string();
      if (place.name.size() > limits_.key) {
        at_ = begin;
        stop("this key is longer than " + std::to_string(limits_.key) + " bytes", "TOO_LARGE");
      }
      const bool twice = !keys.insert(place.name).second;
      if (twice)
        report_.add_at_key(place, "the key '" + shown(place.name) + "' appears twice; keep one",
                           "DUPLICATE_KEY");
      skip();
      if (peek() != ':') stop("expected ':' after a key");
      ++at_;
      skip();
      place.value = spot();
      Member member{place.name, {&place, nullptr}};
      read(member.value, depth + 1);
      if (!twice) members.push_back(std::move(member));
      skip();
      if (peek() == ',')
        ++at_;
      else if (peek() != '}')
        stop("expected ',' or '}' here");
    }
    ++at_;
    node.value = std::move(members);
  }

  std::string_view text_;
  const Limits& limits_;
  Report& report_;
  Tree tree_;
  std::size_t at_ = 0;
  std::size_t values_ = 0;
  std::size_t marked_ = 0;
  Spot mark_;
};

}  // namespace

std::optional<Tree> read_json(std::string_view text, const Limits& limits, Report& report) {
  if (!acceptable_text(text, limits, report)) return std::nullopt;
  return JsonReader(text, limits, report).run();
}

}  // namespace skald::document
