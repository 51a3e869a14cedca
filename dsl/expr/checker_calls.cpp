#include <algorithm>
#include <array>

#include "dsl/expr/checker.hpp"
#include "dsl/expr/limits.hpp"
#include "dsl/expr/operators.hpp"

namespace skald::expr {

namespace {

/// What the language knows besides functions().
struct Special {
  std::string_view name;
  std::string_view usage;
};
constexpr std::array<Special, 11> specials{
    {{"has", "has(input.name)"},
     {"coalesce", "coalesce(a, b)"},
     {"matches", "text.matches(\"pattern\")"},
     {"orValue", "optional.orValue(value)"},
     {"hasValue", "optional.hasValue()"},
     {"value", "optional.value()"},
     {"all", "list.all(x, condition)"},
     {"exists", "list.exists(x, condition)"},
     {"exists_one", "list.exists_one(x, condition)"},
     {"filter", "list.filter(x, condition)"},
     {"map", "list.map(x, value) or list.map(x, condition, value)"}}};

std::optional<Op> macro_of(std::string_view name) {
  if (name == "all") return Op::macro_all;
  if (name == "exists") return Op::macro_exists;
  if (name == "exists_one") return Op::macro_exists_one;
  if (name == "filter") return Op::macro_filter;
  return name == "map" ? std::optional(Op::macro_map) : std::nullopt;
}

const Function* function_named(std::string_view name) {
  const auto all = functions();
  const auto found = std::lower_bound(
      all.begin(), all.end(), name,
      [](const Function& function, std::string_view wanted) { return function.name < wanted; });
  return found != all.end() && found->name == name ? &*found : nullptr;
}

bool fits(const Function& function, bool method, std::size_t arguments) {
  if (function.style == (method ? Function::Style::global : Function::Style::method)) return false;
  return std::any_of(function.overloads.begin(), function.overloads.end(),
                     [&](const Overload& o) { return o.parameters.size() == arguments; });
}

std::string kinds_of(const std::vector<Type>& arguments) {
  std::string kinds;
  for (const auto& type : arguments)
    kinds += (kinds.empty() ? "" : ", ") + std::string(name_of(type.kind));
  return kinds;
}

}  // namespace

Type Checker::misused(Index index, std::string_view usage) {
  problem("EXPR_FUNCTION", index, text_of(index) + "() is not called like this",
          "write " + std::string(usage));
  return {};
}

Type Checker::unknown_function(Index index) {
  std::vector<std::string_view> candidates;
  for (const auto& function : functions()) candidates.push_back(function.name);
  for (const auto& special : specials) candidates.push_back(special.name);
  problem("EXPR_FUNCTION", index, "there is no function '" + text_of(index) + "'",
          did_you_mean(text_of(index), candidates));
  for (const auto argument : program_.children(node(index))) check(argument);
  return {};
}

Type Checker::call(Index index) {
  const auto& name = text_of(index);
  const bool method = node(index).method;
  const auto count = node(index).count;
  if (const auto op = macro_of(name); op && method)
    return count == 3 || (count == 4 && *op == Op::macro_map)
               ? macro(index, count == 4 ? Op::macro_map_if : *op)
               : misused(index,
                         std::find_if(specials.begin(), specials.end(), [&](const Special& s) {
                           return s.name == name;
                         })->usage);
  if (name == "has") return count == 1 && !method ? has(index) : misused(index, specials[0].usage);
  if (name == "coalesce")
    return count >= 2 && !method ? coalesce(index) : misused(index, specials[1].usage);
  if (name == "matches") return count == 2 ? matches(index) : misused(index, specials[2].usage);
  if (name == "orValue" || name == "hasValue" || name == "value") return optional_method(index);
  const auto* found = function_named(name);
  if (found == nullptr) return unknown_function(index);
  if (fits(*found, method, count)) return function(index, *found);
  for (const auto argument : program_.children(node(index))) check(argument);
  return misused(index, found->usage);
}

Type Checker::function(Index index, const Function& function) {
  std::vector<Type> arguments;
  for (const auto argument : program_.children(node(index))) arguments.push_back(check(argument));
  auto type = result_of(index, function, arguments);
  node(index).op = Op::function;
  node(index).index = static_cast<Index>(&function - functions().data());
  fold_literal(index, function);
  return type;
}

Type Checker::result_of(Index index, const Function& function, const std::vector<Type>& arguments) {
  std::vector<const Overload*> possible;
  for (const auto& overload : function.overloads)
    if (overload.parameters.size() == arguments.size() &&
        std::equal(arguments.begin(), arguments.end(), overload.parameters.begin(),
                   [](const Type& type, Kind wanted) { return type.may_be(wanted); }))
      possible.push_back(&overload);
  if (possible.empty()) {
    problem("EXPR_TYPE", index,
            std::string(function.name) + "() does not take (" + kinds_of(arguments) + ")",
            "write " + std::string(function.usage));
    return {};
  }
  const auto& first = *possible.front();
  if (std::any_of(possible.begin(), possible.end(),
                  [&](const Overload* o) { return o->result != first.result; }))
    return {};
  switch (first.gives) {
    case Overload::Gives::element:
      return {element_of(arguments[0]).kind};
    case Overload::Gives::common:
      if (!are_ordered(arguments[0].kind, arguments[1].kind))
        problem("EXPR_TYPE", index,
                std::string(function.name) + "() does not compare (" + kinds_of(arguments) + ")");
      return common(arguments[0], arguments[1]);
    case Overload::Gives::texts:
      return list_of({Kind::text});
    default:
      return {first.result};
  }
}

/// decimal("12.30") and its like are computed once, and refused here when they make no sense.
void Checker::fold_literal(Index index, const Function& function) {
  if (function.name != "decimal" && function.name != "timestamp" && function.name != "duration")
    return;
  const auto* literal = constant_text(child(index, 0));
  if (literal == nullptr) return;
  Scratch scratch;
  const auto overload =
      std::find_if(function.overloads.begin(), function.overloads.end(),
                   [](const Overload& o) { return o.parameters[0] == Kind::text; });
  const auto value = overload->run({scratch, node(index).offset}, {literal, 1});
  if (value.is(Kind::failure))
    return problem("EXPR_LITERAL", child(index, 0), std::string(value.failure->message));
  program_.constants.push_back(value);
  node(index).op = Op::constant;
  node(index).index = static_cast<Index>(program_.constants.size() - 1);
}

Type Checker::matches(Index index) {
  require(child(index, 0), check(child(index, 0)), Kind::text, "matches()");
  const auto* pattern = constant_text(child(index, 1));
  if (pattern == nullptr) {
    problem("EXPR_REGEX", child(index, 1), "the pattern of matches() is not written out",
            "write it as a string, e.g. matches(\"^[A-Z]+$\")");
    return {Kind::boolean};
  }
  auto compiled = Regex::compile(pattern->text());
  if (!compiled) {
    problem("EXPR_REGEX", child(index, 1), "the pattern is no regular expression of RE2",
            compiled.error().message);
    return {Kind::boolean};
  }
  program_.patterns.push_back(std::move(*compiled));
  node(index).op = Op::matches;
  node(index).index = static_cast<Index>(program_.patterns.size() - 1);
  return {Kind::boolean};
}

Type Checker::coalesce(Index index) {
  node(index).op = Op::coalesce;
  Type result;
  const auto count = node(index).count;
  for (std::uint32_t i = 0; i < count; ++i) {
    const bool last = i + 1 == count;
    if (!last) ++absence_allowed_;
    auto type = check(child(index, i));
    if (!last) --absence_allowed_;
    if (type.kind == Kind::optional) type = element_of(type);
    result = i == 0 ? type : common(result, type);
  }
  return result;
}

Type Checker::optional_method(Index index) {
  const auto name = text_of(index);
  const std::uint32_t wanted = name == "orValue" ? 2 : 1;
  if (!node(index).method || node(index).count != wanted)
    return misused(index, "optional." + name + (wanted == 2 ? "(value)" : "()"));
  const auto operand = check(child(index, 0));
  require(child(index, 0), operand, Kind::optional, name + "()");
  const auto inner = element_of(operand);
  if (name == "hasValue") {
    node(index).op = Op::has_value;
    return {Kind::boolean};
  }
  node(index).op = wanted == 2 ? Op::or_value : Op::value_of;
  return wanted == 2 ? common(inner, check(child(index, 1))) : inner;
}

Type Checker::macro(Index index, Op op) {
  const auto range = check(child(index, 0));
  const auto variable = child(index, 1);
  if (!range.may_be(Kind::list) && !range.may_be(Kind::map))
    problem("EXPR_TYPE", child(index, 0),
            text_of(index) + "() goes over a list or a map, not over " +
                std::string(name_of(range.kind)));
  if (node(variable).op != Op::name) return misused(index, "list." + text_of(index) + "(x, …)");
  if (variables_.size() >= slots_max) {
    problem("EXPR_TOO_DEEP", index,
            "more than " + std::to_string(slots_max) + " macros inside one another");
    return {};
  }
  variables_.push_back(text_of(variable));
  variable_types_.push_back(range.kind == Kind::map ? Type{Kind::text} : element_of(range));
  node(index).op = op;
  node(index).index = static_cast<Index>(variables_.size() - 1);
  // The variable is no child any more: range, condition, body move together.
  auto& self = node(index);
  auto* links = program_.links.data() + self.first;
  std::move(links + 2, links + self.count, links + 1);
  --self.count;
  auto type = macro_body(index, range);
  variables_.pop_back();
  variable_types_.pop_back();
  return type;
}

Type Checker::macro_body(Index index, const Type& range) {
  const auto op = node(index).op;
  const auto mark = presence_.mark();
  Type first = check(child(index, 1));
  if (op != Op::macro_map) require(child(index, 1), first, Kind::boolean, "the condition");
  if (op == Op::macro_map_if) {
    presence_.learn(program_, child(index, 1), true);
    first = check(child(index, 2));
  }
  presence_.forget(mark);
  if (op == Op::macro_map || op == Op::macro_map_if) return list_of(std::move(first));
  if (op == Op::macro_filter)
    return range.kind == Kind::map ? list_of({Kind::text}) : list_of(element_of(range));
  return {Kind::boolean};
}

}  // namespace skald::expr
