#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace skald::expr {

enum class TokenKind : std::uint8_t {
  end,
  name,     ///< also true, false, null and in
  integer,  ///< without a sign, at most 64 bits
  real,
  text,  ///< `text` holds what the quotes enclose, escapes resolved
  sign,  ///< an operator or bracket
  wrong  ///< `text` says why
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t offset = 0;
  std::string_view source;  ///< as written
  std::string text;
  std::uint64_t integer = 0;
  double real = 0;

  [[nodiscard]] bool is(std::string_view sign) const {
    return kind == TokenKind::sign && source == sign;
  }
  [[nodiscard]] bool is_name(std::string_view name) const {
    return kind == TokenKind::name && source == name;
  }
};

/// Cuts an expression into tokens, as CEL's lexis has them (without bytes and unsigned integers).
/// White space and `//` comments separate tokens.
class Lexer {
 public:
  /// `text` must be UTF-8 and outlive the tokens.
  explicit Lexer(std::string_view text, std::size_t begin = 0) : text_(text), at_(begin) {}

  [[nodiscard]] Token next();

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void skip_space();
  Token number();
  Token text_literal(std::size_t prefix);
  Token wrong(std::size_t offset, std::string why);

  std::string_view text_;
  std::size_t at_;
};

}  // namespace skald::expr
