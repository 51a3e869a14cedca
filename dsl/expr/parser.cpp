#include "dsl/expr/parser.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "dsl/expr/lexer.hpp"
#include "dsl/expr/limits.hpp"

namespace skald::expr {

namespace {

using Index = std::uint32_t;

struct Operator {
  std::string_view sign;
  Op op;
  int precedence;  ///< the higher, the tighter
};
constexpr std::array<Operator, 14> operators{{{"||", Op::disjunction, 1},
                                              {"&&", Op::conjunction, 2},
                                              {"==", Op::equal, 3},
                                              {"!=", Op::not_equal, 3},
                                              {"<", Op::less, 3},
                                              {"<=", Op::less_equal, 3},
                                              {">", Op::greater, 3},
                                              {">=", Op::greater_equal, 3},
                                              {"in", Op::contained, 3},
                                              {"+", Op::add, 4},
                                              {"-", Op::subtract, 4},
                                              {"*", Op::multiply, 5},
                                              {"/", Op::divide, 5},
                                              {"%", Op::remainder, 5}}};

/// Recursive descent with precedence climbing. After the first problem every function returns at
/// once with node 0.
class Parser {
 public:
  Parser(std::string_view text, Program& program, std::vector<Problem>& problems)
      : lexer_(text), program_(program), problems_(problems) {
    advance();
  }

  void run() {
    program_.root = expression();
    if (ok() && token_.kind != TokenKind::end) unexpected("an operator or the end");
  }

 private:
  [[nodiscard]] bool ok() const { return !failed_; }

  Index fail(std::string code, std::size_t offset, std::string message, std::string hint = {}) {
    if (ok()) problems_.push_back({std::move(code), offset, std::move(message), std::move(hint)});
    failed_ = true;
    token_ = {TokenKind::end, offset, {}};
    return 0;
  }

  Index unexpected(const std::string& wanted) {
    if (token_.kind == TokenKind::end)
      return fail("EXPR_SYNTAX", token_.offset,
                  "the expression ends where " + wanted + " should follow");
    std::string hint;
    if (token_.is("=")) hint = "equality is written ==";
    if (token_.is("&") || token_.is("|")) hint = "and is written &&, or is written ||";
    return fail("EXPR_SYNTAX", token_.offset,
                "'" + std::string(token_.source) + "' where " + wanted + " should follow", hint);
  }

  void advance() {
    if (!ok()) return;
    token_ = lexer_.next();
    if (token_.kind == TokenKind::wrong) fail("EXPR_SYNTAX", token_.offset, token_.text);
  }

  bool take(std::string_view sign) {
    if (!ok() || !token_.is(sign)) return false;
    advance();
    return ok();
  }

  void expect(std::string_view sign) {
    if (ok() && !take(sign)) unexpected("'" + std::string(sign) + "'");
  }

  Index add(Node node, std::span<const Index> children) {
    if (program_.nodes.size() >= nodes_max)
      return fail("EXPR_TOO_LONG", node.offset,
                  "has more than " + std::to_string(nodes_max) + " parts", "split it");
    for (const auto child : children)
      node.height = std::max<std::uint16_t>(
          node.height, static_cast<std::uint16_t>(program_.nodes[child].height + 1));
    if (node.height >= depth_max) return too_deep(node.offset);
    node.first = static_cast<Index>(program_.links.size());
    node.count = static_cast<Index>(children.size());
    program_.links.insert(program_.links.end(), children.begin(), children.end());
    program_.nodes.push_back(node);
    return static_cast<Index>(program_.nodes.size() - 1);
  }

  Index add(Op op, std::size_t offset, std::span<const Index> children, Index index = 0) {
    if (!ok()) return 0;
    return add({.op = op, .offset = static_cast<Index>(offset), .index = index}, children);
  }

  Index too_deep(std::size_t offset) {
    return fail("EXPR_TOO_DEEP", offset,
                "is nested deeper than " + std::to_string(depth_max) + " levels",
                "use fewer brackets and shorter chains of operators");
  }

  Index constant(const Datum& value, std::size_t offset) {
    program_.constants.push_back(value);
    return add(Op::constant, offset, {}, static_cast<Index>(program_.constants.size() - 1));
  }

  Index text(std::string value) {
    program_.texts.push_back(std::move(value));
    return static_cast<Index>(program_.texts.size() - 1);
  }

  Index expression();
  Index binary(int precedence);
  Index chain(Index first, const Operator& with, std::size_t offset);
  Index unary();
  Index member();
  Index selection(Index operand);
  Index subscript(Index operand);
  Index primary();
  Index number(bool negative, std::size_t offset);
  Index name();
  Index list(std::size_t offset);
  Index map(std::size_t offset);
  std::vector<Index> arguments();

  Lexer lexer_;
  Token token_;
  Program& program_;
  std::vector<Problem>& problems_;
  std::uint32_t depth_ = 0;
  bool failed_ = false;
};

const Operator* operator_of(const Token& token) {
  if (token.kind != TokenKind::sign && !token.is_name("in")) return nullptr;
  const auto* found = std::find_if(operators.begin(), operators.end(),
                                   [&](const Operator& o) { return o.sign == token.source; });
  return found == operators.end() ? nullptr : found;
}

Index Parser::expression() {
  if (!ok()) return 0;
  if (++depth_ > depth_max) return too_deep(token_.offset);
  Index result = binary(1);
  const auto offset = token_.offset;
  if (take("?")) {
    const Index yes = binary(1);
    expect(":");
    const std::array children{result, yes, expression()};
    result = add(Op::choose, offset, children);
  }
  --depth_;
  return result;
}

Index Parser::binary(int precedence) {
  Index left = precedence > 5 ? unary() : binary(precedence + 1);
  if (precedence > 5) return left;
  for (const auto* with = operator_of(token_); ok() && with != nullptr;
       with = operator_of(token_)) {
    if (with->precedence != precedence) break;
    const auto offset = token_.offset;
    if (precedence <= 2) {
      left = chain(left, *with, offset);
      continue;
    }
    advance();
    const std::array children{left, binary(precedence + 1)};
    left = add(with->op, offset, children);
  }
  return left;
}

/// `a && b && c` as one node, so that a long condition is not a deep one.
Index Parser::chain(Index first, const Operator& with, std::size_t offset) {
  std::vector<Index> children{first};
  while (ok() && token_.is(with.sign)) {
    advance();
    children.push_back(binary(with.precedence + 1));
  }
  return add(with.op, offset, children);
}

Index Parser::unary() {
  const auto offset = token_.offset;
  const bool minus = token_.is("-");
  if (!minus && !token_.is("!")) return member();
  std::vector<std::size_t> offsets;
  while (ok() && token_.is(minus ? "-" : "!")) {
    offsets.push_back(token_.offset);
    advance();
  }
  const bool literal = minus && token_.kind == TokenKind::integer;
  Index result = 0;
  if (literal && token_.integer == std::uint64_t{1} << 63) {
    offsets.pop_back();
    result = number(true, offset);
  } else {
    result = member();
  }
  if (offsets.size() >= depth_max) return too_deep(offset);
  for (; !offsets.empty(); offsets.pop_back()) {
    const std::array children{result};
    result = add(minus ? Op::negate : Op::invert, offsets.back(), children);
  }
  return result;
}

Index Parser::member() {
  Index result = primary();
  while (ok()) {
    if (token_.is(".") || token_.is(".?"))
      result = selection(result);
    else if (token_.is("[") || token_.is("[?"))
      result = subscript(result);
    else
      break;
  }
  return result;
}

Index Parser::selection(Index operand) {
  const bool optional = token_.is(".?");
  advance();
  if (!ok()) return 0;
  if (token_.kind != TokenKind::name || token_.is_name("in") || token_.is_name("true") ||
      token_.is_name("false") || token_.is_name("null"))
    return unexpected("a name");
  const auto offset = token_.offset;
  const Index name = text(std::string(token_.source));
  advance();
  if (optional || !token_.is("(")) {
    const std::array children{operand};
    return add(optional ? Op::select_optional : Op::select, offset, children, name);
  }
  std::vector<Index> children{operand};
  const auto given = arguments();
  children.insert(children.end(), given.begin(), given.end());
  if (!ok()) return 0;
  return add({.op = Op::call, .method = true, .offset = static_cast<Index>(offset), .index = name},
             children);
}

Index Parser::subscript(Index operand) {
  const Op op = token_.is("[?") ? Op::at_optional : Op::at;
  const auto offset = token_.offset;
  advance();
  const std::array children{operand, expression()};
  expect("]");
  return add(op, offset, children);
}

std::vector<Index> Parser::arguments() {
  std::vector<Index> result;
  expect("(");
  if (take(")")) return result;
  do result.push_back(expression());
  while (take(","));
  expect(")");
  return result;
}

Index Parser::number(bool negative, std::size_t offset) {
  const auto value = token_.integer;
  if (!negative && value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return fail("EXPR_SYNTAX", offset, "the integer does not fit 64 bits with a sign");
  advance();
  return constant(of_integer(negative ? std::numeric_limits<std::int64_t>::min()
                                      : static_cast<std::int64_t>(value)),
                  offset);
}

Index Parser::primary() {
  const auto offset = token_.offset;
  if (take("(")) {
    const Index inner = expression();
    expect(")");
    return inner;
  }
  if (take("[")) return list(offset);
  if (take("{")) return map(offset);
  switch (token_.kind) {
    case TokenKind::name:
      return name();
    case TokenKind::integer:
      return number(false, offset);
    case TokenKind::real: {
      const double value = token_.real;
      advance();
      return constant(of_real(value), offset);
    }
    case TokenKind::text: {
      const Index value = text(std::move(token_.text));
      advance();
      return constant(of_text(program_.texts[value]), offset);
    }
    default:
      return unexpected("a value");
  }
}

Index Parser::name() {
  static constexpr std::array<std::string_view, 17> reserved{
      "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
      "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};
  const auto offset = token_.offset;
  const auto word = token_.source;
  if (word == "in") return unexpected("a value");
  if (std::find(reserved.begin(), reserved.end(), word) != reserved.end())
    return fail("EXPR_SYNTAX", offset, "'" + std::string(word) + "' is a reserved word");
  advance();
  if (word == "true" || word == "false") return constant(of_boolean(word == "true"), offset);
  if (word == "null") return constant(Datum(), offset);
  const Index value = text(std::string(word));
  if (!token_.is("(")) return add(Op::name, offset, {}, value);
  const auto children = arguments();
  return add(Op::call, offset, children, value);
}

Index Parser::list(std::size_t offset) {
  std::vector<Index> children;
  while (ok() && !token_.is("]")) {
    children.push_back(expression());
    if (!take(",")) break;
  }
  expect("]");
  return add(Op::list, offset, children);
}

Index Parser::map(std::size_t offset) {
  std::vector<Index> children;
  while (ok() && !token_.is("}")) {
    children.push_back(expression());
    expect(":");
    children.push_back(expression());
    if (!take(",")) break;
  }
  expect("}");
  return add(Op::map, offset, children);
}

}  // namespace

void parse(std::string_view text, Program& program, std::vector<Problem>& problems) {
  Parser(text, program, problems).run();
}

std::size_t closing_brace(std::string_view text, std::size_t begin,
                          std::vector<Problem>& problems) {
  Lexer lexer(text, begin);
  std::size_t depth = 0;
  for (Token token = lexer.next();; token = lexer.next()) {
    if (token.kind == TokenKind::wrong) {
      problems.push_back({"EXPR_SYNTAX", token.offset, token.text, {}});
      return std::string_view::npos;
    }
    if (token.kind == TokenKind::end) break;
    if (token.is("{")) ++depth;
    if (!token.is("}")) continue;
    if (depth == 0) return token.offset;
    --depth;
  }
  problems.push_back({"EXPR_SYNTAX", begin, "the ${ is not closed by a }",
                      "close it, or write $${ where a plain ${ is meant"});
  return std::string_view::npos;
}

}  // namespace skald::expr
