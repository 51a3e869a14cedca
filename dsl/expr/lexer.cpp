#include "dsl/expr/lexer.hpp"

#include <array>
#include <charconv>

#include "dsl/expr/characters.hpp"

namespace skald::expr {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// The number that exactly `count` digits make; none when there are others.
std::optional<std::uint32_t> code_of(std::string_view digits, std::size_t count, int base) {
  if (digits.size() < count) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const int digit = hex_digit(digits[i]);
    if (digit < 0 || digit >= base) return std::nullopt;
    value = value * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit);
  }
  return value;
}

/// Appends what an escape means; `rest` begins behind the backslash. The bytes it takes, 0: wrong.
std::size_t unescape(std::string_view rest, std::string& out) {
  static constexpr std::string_view simple = "abfnrtv\\?\"'`", meaning = "\a\b\f\n\r\t\v\\?\"'`";
  if (rest.empty()) return 0;
  if (const auto at = simple.find(rest[0]); at != std::string_view::npos) {
    out += meaning[at];
    return 1;
  }
  const auto take = [&](std::size_t skip, std::size_t count, int base) -> std::size_t {
    const auto code = code_of(rest.substr(skip), count, base);
    return code && append_character(out, *code) ? skip + count : 0;
  };
  switch (rest[0]) {
    case 'x':
    case 'X':
      return take(1, 2, 16);
    case 'u':
      return take(1, 4, 16);
    case 'U':
      return take(1, 8, 16);
    default:
      return rest[0] <= '3' ? take(0, 3, 8) : 0;
  }
}

}  // namespace

void Lexer::skip_space() {
  for (;; ++at_) {
    if (peek() == '/' && peek(1) == '/') at_ = std::min(text_.find('\n', at_), text_.size());
    if (at_ >= text_.size() || std::string_view("\t\n\f\r ").find(text_[at_]) == text_.npos) return;
  }
}

Token Lexer::wrong(std::size_t offset, std::string why) {
  return {TokenKind::wrong, offset, text_.substr(offset, 1), std::move(why)};
}

Token Lexer::next() {
  static constexpr std::array<std::string_view, 29> signs{
      "==", "!=", "<=", ">=", "&&", "||", ".?", "[?", "(", ")", "[", "]", "{", "}", ".",
      ",",  ":",  "?",  "!",  "<",  ">",  "+",  "-",  "*", "/", "%", "=", "&", "|"};
  skip_space();
  const auto begin = at_;
  if (begin >= text_.size()) return {TokenKind::end, begin, {}};
  const char c = peek();
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
  if (c == '"' || c == '\'') return text_literal(0);
  if ((c == 'r' || c == 'R') && (peek(1) == '"' || peek(1) == '\'')) return text_literal(1);
  if (begins_name(c)) {
    while (begins_name(peek()) || is_digit(peek())) ++at_;
    return {TokenKind::name, begin, text_.substr(begin, at_ - begin)};
  }
  for (const auto sign : signs) {
    if (!text_.substr(begin).starts_with(sign)) continue;
    at_ += sign.size();
    return {TokenKind::sign, begin, text_.substr(begin, sign.size())};
  }
  at_ += width_of(c);
  const auto unknown = std::string(text_.substr(begin, at_ - begin));
  return wrong(begin, "'" + unknown + "' means nothing here");
}

Token Lexer::number() {
  const auto begin = at_;
  const bool hex = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
  if (hex) at_ += 2;
  const auto digits = at_;
  while (is_digit(peek()) || (hex && hex_digit(peek()) >= 0)) ++at_;
  bool real = false;
  if (!hex && peek() == '.' && is_digit(peek(1))) {
    for (real = true, ++at_; is_digit(peek());) ++at_;
  }
  const std::size_t exponent = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
  if (!hex && (peek() == 'e' || peek() == 'E') && is_digit(peek(exponent))) {
    for (real = true, at_ += exponent; is_digit(peek());) ++at_;
  }
  if (begins_name(peek()))
    return wrong(at_, "a number must not end in a letter; there are no unsigned integers");
  Token token{real ? TokenKind::real : TokenKind::integer, begin, text_.substr(begin, at_ - begin)};
  const char* end = text_.data() + at_;
  const auto read = real
                        ? std::from_chars(text_.data() + begin, end, token.real)
                        : std::from_chars(text_.data() + digits, end, token.integer, hex ? 16 : 10);
  if (read.ec != std::errc() || read.ptr != end)
    return wrong(begin, real ? "is no double" : "the integer does not fit 64 bits with a sign");
  return token;
}

Token Lexer::text_literal(std::size_t prefix) {
  const auto begin = at_;
  at_ += prefix;
  const char quote = peek();
  const bool triple = peek(1) == quote && peek(2) == quote;
  const std::string closing(triple ? 3 : 1, quote);
  at_ += closing.size();
  Token token{TokenKind::text, begin, {}};
  while (!text_.substr(std::min(at_, text_.size())).starts_with(closing)) {
    const char c = peek();
    if (at_ >= text_.size() || (!triple && (c == '\n' || c == '\r')))
      return wrong(begin, "the string is not closed");
    ++at_;
    if (c != '\\' || prefix != 0) {
      token.text += c;
      continue;
    }
    const auto size = unescape(text_.substr(at_), token.text);
    if (size == 0) return wrong(at_ - 1, "the escape is none of those of the language");
    at_ += size;
  }
  at_ += closing.size();
  token.source = text_.substr(begin, at_ - begin);
  return token;
}

}  // namespace skald::expr
