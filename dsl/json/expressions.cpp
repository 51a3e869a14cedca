#include "dsl/json/expressions.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "dsl/expr/expression.hpp"
#include "dsl/expr/scratch.hpp"
#include "dsl/expr/template.hpp"
#include "engine/model/path.hpp"

namespace skald::document {

namespace {

using nlohmann::json;

/// Stands before the pointers in findings, so that none is empty: then they say which column.
constexpr std::string_view base = "$";

struct PathPiece {
  std::string literal;
  std::optional<expr::Expression> expression;
};

json made_path(const std::vector<PathPiece>& pieces, const SagaView& saga, const EventView& event) {
  std::string path;
  expr::Scratch scratch;  // all parts of one path share what they may use up
  for (const auto& piece : pieces) {
    if (!piece.expression) {
      path += piece.literal;
      continue;
    }
    const auto text = piece.expression->evaluate_text(saga, event, scratch);
    if (!text) throw std::runtime_error(text.error().message);
    const auto segment = path_segment(*text);
    if (!segment)
      throw std::runtime_error("'" + piece.expression->text() + "' gives '" + *text +
                               "', which is no part of a path");
    path += *segment;
  }
  return path;
}

}  // namespace

bool mentions(const Node& node, std::string_view words) {
  if (const auto* text = node.text()) return text->find(words) != text->npos;
  if (const auto* list = node.list())
    return std::any_of(list->begin(), list->end(),
                       [&](const Node& element) { return mentions(element, words); });
  const auto* object = node.object();
  return object != nullptr && std::any_of(object->begin(), object->end(), [&](const Member& each) {
           return mentions(each.value, words);
         });
}

Expressions::Expressions(const Definition& definition, const LoadOptions& options, Report& report)
    : natives_(options.natives), report_(report) {
  const auto& input = definition.input.source.value();
  if (input.is_object()) environment_.input = &input;
  if (options.participants)
    environment_.participants.assign(options.participants->begin(), options.participants->end());
  if (options.registered) environment_.error = expr::ErrorAvailability::unchecked;
  for (const auto& step : definition.steps) {
    auto& known = environment_.steps[step.id];
    known.for_each = step.for_each.has_value();
  }
  for (const auto& step : definition.steps) known_.push_back(&environment_.steps[step.id]);
}

const expr::Environment& Expressions::environment(const Node& node, const Scope& scope) {
  environment_.roots = scope.roots;
  environment_.event = scope.event;
  environment_.result = scope.result;
  using expr::ErrorAvailability;
  if (environment_.error != ErrorAvailability::unchecked)
    environment_.error = scope.done != nullptr && scope.done->failed ? ErrorAvailability::surely_set
                                                                     : ErrorAvailability::maybe_set;
  if (!mentions(node, "steps")) return environment_;
  using expr::StepAvailability;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    const auto step = static_cast<StepIndex>(i);
    const bool surely = scope.done != nullptr && scope.done->surely.contains(step);
    const bool maybe = scope.done != nullptr && scope.done->maybe.contains(step);
    known_[i]->availability = surely  ? StepAvailability::surely_done
                              : maybe ? StepAvailability::maybe_done
                                      : StepAvailability::not_yet;
  }
  return environment_;
}

void Expressions::add(const Node& node, const std::vector<Finding>& findings) {
  for (const auto& finding : findings)
    report_.add(*below(node, std::string_view(finding.where).substr(base.size())).place,
                finding.why, finding.code);
}

const std::string* Expressions::native(const Node& node) {
  const Node* name = node.find("$native");
  return name == nullptr || node.object()->size() != 1 ? nullptr : name->text();
}

template <class Table>
typename Table::mapped_type Expressions::named(const Table& table, const Node& node,
                                               std::string_view what) {
  const std::string& name = *native(node);
  const auto known = table.find(name);
  if (known != table.end()) return known->second;
  std::vector<std::string_view> names;
  names.reserve(table.size());
  for (const auto& [each, function] : table) names.push_back(each);
  report_.add(
      *node.place,
      "no C++ " + std::string(what) + " is called '" + shown(name) + "'" + suggestion(name, names),
      "UNKNOWN_FUNCTION");
  return {};
}

bool is_wordlike(expr::Kind kind) {
  return kind != expr::Kind::null && kind != expr::Kind::boolean && kind != expr::Kind::list &&
         kind != expr::Kind::map;
}

bool is_timelike(expr::Kind kind) {
  return is_wordlike(kind) && kind != expr::Kind::real && kind != expr::Kind::decimal;
}

Value Expressions::value(const Node& node, const Scope& scope) {
  return value(node, scope, {[](expr::Kind) { return true; }, {}, {}});
}

Value Expressions::value(const Node& node, const Scope& scope, const Wanted& wanted) {
  if (native(node) != nullptr) return {named(natives_.values, node, "value"), Json(to_json(node))};
  const auto compiled = expr::Template::compile(to_json(node), environment(node, scope), base);
  if (!compiled) return add(node, compiled.error().findings), Value{};
  if (wanted.fits(compiled->type())) return expr::to_value(*compiled);
  report_.add(*node.place,
              std::string(wanted.what) + ", not " + std::string(name_of(compiled->type())),
              std::string(wanted.code));
  return {};
}

std::optional<Guard> Expressions::guard(const Node& node, const Scope& scope) {
  if (const auto* name = native(node))
    return Guard{*name, named(natives_.guards, node, "condition"), false};
  const auto* text = node.text();
  const auto pieces = expr::pieces_of(text == nullptr ? "" : *text, base);
  if (!pieces) {
    add(node, pieces.error().findings);
    return std::nullopt;
  }
  if (pieces->size() != 1 || !pieces->front().expression) {
    report_.add(*node.place,
                "a condition is text with one expression, \"${ … }\", and nothing around it",
                text == nullptr ? "TYPE" : "CONDITION");
    return std::nullopt;
  }
  const auto& piece = pieces->front();
  Scope condition = scope;
  condition.result = expr::Kind::boolean;
  const auto compiled =
      expr::Expression::compile(piece.text, environment(node, condition),
                                {.where = base, .whole = *text, .offset = piece.offset});
  if (compiled) return expr::to_guard(*compiled);
  add(node, compiled.error().findings);
  return std::nullopt;
}

Value Expressions::path(const Node& node, std::size_t from, const Scope& scope) {
  const std::string source = node.text()->substr(from);
  const auto pieces = expr::pieces_of(source, base);
  if (!pieces) {
    add(node, pieces.error().findings);
    return {};
  }
  std::vector<PathPiece> compiled;
  for (const auto& piece : *pieces) {
    compiled.push_back({piece.text, std::nullopt});
    if (!piece.expression) continue;
    auto expression = expr::Expression::compile(
        piece.text, environment(node, scope),
        {.where = base, .whole = *node.text(), .offset = from + piece.offset});
    if (expression)
      compiled.back().expression = std::move(*expression);
    else
      add(node, expression.error().findings);
  }
  return {[compiled = std::move(compiled)](const SagaView& saga, const EventView& event) {
            return made_path(compiled, saga, event);
          },
          Json(json(source))};
}

}  // namespace skald::document
