#include "dsl/expr/template.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "dsl/expr/characters.hpp"
#include "dsl/expr/datum.hpp"
#include "dsl/expr/expression.hpp"
#include "dsl/expr/limits.hpp"
#include "dsl/expr/parser.hpp"
#include "dsl/expr/scratch.hpp"
#include "dsl/expr/type.hpp"

namespace skald::expr {

using nlohmann::json;

namespace {

/// One value of a template, compiled.
struct Part {
  struct Piece {
    std::string text;
    std::optional<Expression> expression;
  };

  std::string where;                     ///< its JSON Pointer
  json literal;                          ///< when nothing below it is an expression
  std::optional<Expression> expression;  ///< "${ e }" alone
  std::vector<Piece> pieces;             ///< of a text with expressions in it
  std::vector<Part> items;               ///< of a list, or the values of an object
  std::vector<std::string> keys;         ///< of an object, in the order of `items`
  bool object = false;

  [[nodiscard]] bool is_literal() const { return !expression && pieces.empty() && items.empty(); }
};

std::vector<TextPiece> cut(std::string_view text, std::vector<Problem>& problems) {
  std::vector<TextPiece> pieces;
  std::string literal;
  std::size_t at = 0, literal_offset = 0;
  const auto end_literal = [&] {
    if (!literal.empty()) pieces.push_back({std::move(literal), false, literal_offset});
    literal.clear();
  };
  while (at < text.size()) {
    const auto rest = text.substr(at);
    if (rest.starts_with("$${")) {
      literal += "${";
      at += 3;
    } else if (rest.starts_with("${")) {
      const auto end = closing_brace(text, at + 2, problems);
      if (end == std::string_view::npos) break;
      end_literal();
      pieces.push_back({std::string(text.substr(at + 2, end - at - 2)), true, at + 2});
      at = literal_offset = end + 1;
    } else {
      literal += text[at++];
    }
  }
  end_literal();
  return pieces;
}

Error refusal(std::vector<Finding> findings) {
  return {ErrorCode::invalid_argument, "The value is not acceptable.", {}, std::move(findings)};
}

class Compiler {
 public:
  explicit Compiler(const Environment& environment) : environment_(environment) {}

  Part compile(const json& source, const std::string& where, std::size_t depth) {
    if (findings.size() >= findings_max) return literal(nullptr, where);
    if (depth > template_depth_max) {
      add(where, "EXPR_TOO_DEEP",
          "is nested deeper than " + std::to_string(template_depth_max) + " levels: flatten it");
      return literal(nullptr, where);
    }
    if (source.is_string()) return text(source.get_ref<const std::string&>(), where, depth == 0);
    return source.is_structured() ? container(source, where, depth) : literal(source, where);
  }

  /// What a whole that is no single expression gives must fit too.
  void check_kind(Kind kind, const std::string& where) {
    if (!Type{kind}.may_be(environment_.result))
      add(where, "EXPR_TYPE",
          "gives " + std::string(name_of(kind)) + " where " +
              std::string(name_of(environment_.result)) + " is wanted");
  }

  void add(const std::string& where, std::string code, std::string why) {
    findings.push_back({where, std::move(why), std::move(code)});
  }

  std::vector<Finding> findings;
  References references;

 private:
  static Part literal(json value, const std::string& where) {
    Part part;
    part.where = where;
    part.literal = std::move(value);
    return part;
  }

  Part container(const json& source, const std::string& where, std::size_t depth) {
    Part part;
    part.object = source.is_object();
    part.where = where;
    part.literal = part.object ? json::object() : json::array();
    bool all_literal = true;
    for (auto at = source.begin(); at != source.end(); ++at) {
      auto below = where + "/";
      below += part.object ? escape_pointer(at.key()) : std::to_string(part.items.size());
      part.items.push_back(compile(*at, below, depth + 1));
      if (part.object) part.keys.push_back(at.key());
      all_literal = all_literal && part.items.back().is_literal();
    }
    if (!all_literal) return part;
    for (std::size_t i = 0; i < part.items.size(); ++i) {
      if (part.object)
        part.literal[part.keys[i]] = std::move(part.items[i].literal);
      else
        part.literal.push_back(std::move(part.items[i].literal));
    }
    part.items.clear();
    return part;
  }

  Part text(const std::string& source, const std::string& where, bool whole) {
    if (!is_utf8(source)) {
      add(where, "EXPR_SYNTAX", "is not UTF-8");
      return literal(nullptr, where);
    }
    if (source.size() > template_text_max && source.find("${") != std::string::npos) {
      add(where, "EXPR_TOO_LONG",
          "is longer than " + std::to_string(template_text_max) + " bytes and holds a ${");
      return literal(nullptr, where);
    }
    std::vector<Problem> problems;
    const auto pieces = cut(source, problems);
    for (const auto& problem : problems) findings.push_back(to_finding(problem, source, where));
    Part part = literal(nullptr, where);
    if (pieces.size() == 1 && pieces[0].expression) {
      part.expression =
          expression(source, pieces[0], where, whole ? environment_.result : Kind::dyn);
      return part;
    }
    if (pieces.size() <= 1 && (pieces.empty() || !pieces[0].expression)) {
      part.literal = pieces.empty() ? std::string() : pieces[0].text;
      return part;
    }
    for (const auto& piece : pieces)
      part.pieces.push_back({piece.text, piece.expression
                                             ? expression(source, piece, where, Kind::dyn)
                                             : std::optional<Expression>()});
    check_texts(part);
    return part;
  }

  std::optional<Expression> expression(const std::string& source, const TextPiece& piece,
                                       const std::string& where, Kind wanted) {
    auto compiled =
        Expression::compile(piece.text, environment_, {where, source, piece.offset, wanted});
    if (compiled) {
      references.insert(compiled->references());
      return std::move(*compiled);
    }
    const auto& more = compiled.error().findings;
    findings.insert(findings.end(), more.begin(), more.end());
    return std::nullopt;
  }

  void check_texts(const Part& part) {
    for (const auto& piece : part.pieces) {
      if (!piece.expression) continue;
      const auto kind = piece.expression->type();
      if (kind == Kind::list || kind == Kind::map || kind == Kind::null)
        add(part.where, "EXPR_TYPE",
            "${" + clipped(piece.text, 60) + "} gives " + std::string(name_of(kind)) +
                ", which has no text form: let it stand alone, or use .join(\", \")");
    }
  }

  const Environment& environment_;
};

Error at_part(const Part& part, const Error& error) {
  return {error.code, part.where.empty() ? error.message : part.where + ": " + error.message};
}

/// One evaluation of a template: all its expressions share what one may use up.
class Maker {
 public:
  Maker(const SagaView& saga, const EventView& event) : saga_(saga), event_(event) {}

  /// As deep as the template, which template_depth_max bounds.
  Result<json> make(const Part& part) {
    if (part.is_literal()) return Result<json>(part.literal);
    if (!part.pieces.empty()) return make_text(part);
    if (!part.expression) return make_container(part);
    auto value = part.expression->evaluate(saga_, event_, scratch_);
    if (!value) return at_part(part, value.error());
    return value;
  }

 private:
  Result<json> make_text(const Part& part) {
    std::string text;
    for (const auto& piece : part.pieces) {
      if (!piece.expression) {
        text += piece.text;
        continue;
      }
      const auto value = piece.expression->evaluate_text(saga_, event_, scratch_);
      if (!value) return at_part(part, value.error());
      text += *value;
    }
    return Result<json>(std::move(text));
  }

  Result<json> make_container(const Part& part) {
    auto result = part.object ? json::object() : json::array();
    for (std::size_t i = 0; i < part.items.size(); ++i) {
      auto value = make(part.items[i]);
      if (!value) return value.error();
      if (part.object)
        result[part.keys[i]] = std::move(*value);
      else
        result.push_back(std::move(*value));
    }
    return Result<json>(std::move(result));
  }

  const SagaView& saga_;
  const EventView& event_;
  Scratch scratch_;
};

Kind kind_of(const Part& part) {
  if (part.expression) return part.expression->type();
  if (!part.pieces.empty()) return Kind::text;
  if (!part.items.empty()) return part.object ? Kind::map : Kind::list;
  return of_json(part.literal).kind;
}

}  // namespace

struct Template::Compiled {
  Json source;
  Part root;
  References references;
};

Result<std::vector<TextPiece>> pieces_of(std::string_view text, std::string_view where) {
  std::vector<Problem> problems;
  if (!is_utf8(text)) return refusal({{std::string(where), "is not UTF-8", "EXPR_SYNTAX"}});
  auto pieces = cut(text, problems);
  if (problems.empty()) return pieces;
  return refusal({to_finding(problems.front(), text, where)});
}

Result<Template> Template::compile(const json& source, const Environment& environment,
                                   std::string_view base) {
  Compiler compiler(environment);
  auto compiled = std::make_shared<Compiled>();
  compiled->root = compiler.compile(source, std::string(base), 0);
  if (compiler.findings.empty() && !compiled->root.expression)
    compiler.check_kind(kind_of(compiled->root), std::string(base));
  if (!compiler.findings.empty()) return refusal(std::move(compiler.findings));
  compiled->source = Json(source);
  compiled->references = std::move(compiler.references);
  return Template(std::move(compiled));
}

const Json& Template::source() const { return compiled_->source; }

const References& Template::references() const { return compiled_->references; }

Kind Template::type() const { return kind_of(compiled_->root); }

Result<json> Template::evaluate(const SagaView& saga, const EventView& event) const {
  return Maker(saga, event).make(compiled_->root);
}

Value to_value(Template value) {
  auto source = value.source();
  return {[value = std::move(value)](const SagaView& saga, const EventView& event) {
            auto made = value.evaluate(saga, event);
            if (!made) throw std::runtime_error(made.error().message);
            return std::move(*made);
          },
          std::move(source)};
}

}  // namespace skald::expr
