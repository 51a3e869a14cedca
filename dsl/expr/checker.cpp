#include "dsl/expr/checker.hpp"

#include <algorithm>

#include "dsl/expr/operators.hpp"

namespace skald::expr {

Type Checker::run(Kind wanted) {
  auto type = check(program_.root);
  if (type.kind == Kind::optional)
    problem("EXPR_TYPE", program_.root, "gives an optional, which is no value",
            "end it with .orValue(…)");
  else if (!type.may_be(wanted))
    problem("EXPR_TYPE", program_.root,
            "gives " + std::string(name_of(type.kind)) + " where " + std::string(name_of(wanted)) +
                " is wanted");
  return type;
}

void Checker::problem(std::string code, Index index, std::string message, std::string hint) {
  problems_.push_back({std::move(code), node(index).offset, std::move(message), std::move(hint)});
}

const Datum* Checker::constant_text(Index index) const {
  const Node& node = program_.nodes[index];
  const auto* value = node.op == Op::constant ? &program_.constants[node.index] : nullptr;
  return value != nullptr && value->is(Kind::text) ? value : nullptr;
}

Type Checker::check(Index index) {
  switch (node(index).op) {
    case Op::constant:
      return {program_.constants[node(index).index].kind};
    case Op::name:
      return name(index);
    case Op::select:
    case Op::select_optional:
      return selection(index);
    case Op::at:
    case Op::at_optional:
      return subscript(index);
    case Op::negate:
    case Op::invert:
      return negation(index);
    case Op::conjunction:
    case Op::disjunction:
      return logic(index);
    case Op::choose:
      return choose(index);
    case Op::list:
      return list(index);
    case Op::map:
      return map(index);
    case Op::call:
      return call(index);
    default:
      return binary(index);
  }
}

void Checker::require(Index index, const Type& type, Kind wanted, std::string_view where) {
  if (type.may_be(wanted)) return;
  problem("EXPR_TYPE", index,
          std::string(where) + " takes " + std::string(name_of(wanted)) + ", not " +
              std::string(name_of(type.kind)),
          wanted == Kind::boolean ? "compare it, e.g. with == or has()" : "");
}

Type Checker::logic(Index index) {
  const bool conjunction = node(index).op == Op::conjunction;
  const auto mark = presence_.mark();
  for (const auto operand : program_.children(node(index))) {
    require(operand, check(operand), Kind::boolean, conjunction ? "&&" : "||");
    // The next one counts only when this one has not settled it.
    presence_.learn(program_, operand, conjunction);
  }
  presence_.forget(mark);
  return {Kind::boolean};
}

Type Checker::choose(Index index) {
  const auto condition = child(index, 0);
  require(condition, check(condition), Kind::boolean, "the condition before ?");
  const auto mark = presence_.mark();
  presence_.learn(program_, condition, true);
  const auto yes = check(child(index, 1));
  presence_.forget(mark);
  presence_.learn(program_, condition, false);
  const auto no = check(child(index, 2));
  presence_.forget(mark);
  return common(yes, no);
}

Type Checker::negation(Index index) {
  const auto operand = check(child(index, 0));
  if (node(index).op == Op::invert) {
    require(child(index, 0), operand, Kind::boolean, "!");
    return {Kind::boolean};
  }
  if (operand.kind != Kind::dyn && !operand.is_number() && operand.kind != Kind::decimal &&
      operand.kind != Kind::duration)
    problem("EXPR_TYPE", index, "there is no -" + std::string(name_of(operand.kind)));
  return {operand.kind};
}

Type Checker::binary(Index index) {
  const auto a = check(child(index, 0));
  const auto b = check(child(index, 1));
  const auto op = node(index).op;
  const auto no_overload = [&](std::string hint = {}) {
    problem("EXPR_TYPE", index,
            "there is no " + std::string(name_of(a.kind)) + " " + std::string(sign_of(op)) + " " +
                std::string(name_of(b.kind)),
            std::move(hint));
  };
  if (op >= Op::add) {
    const auto kind = arithmetic_result(op, a.kind, b.kind);
    const bool money = a.kind == Kind::decimal || b.kind == Kind::decimal;
    if (kind == Kind::failure)
      no_overload(money && op == Op::divide ? "use div(a, b, places), which says how to round"
                                            : "convert one with string(), int(), double() or "
                                              "decimal()");
    if (kind == Kind::failure) return {};
    return kind == Kind::list ? list_of(common(element_of(a), element_of(b))) : Type{kind};
  }
  if (op == Op::contained) {
    const bool list = b.may_be(Kind::list), map = b.may_be(Kind::map);
    if (!list && !map) no_overload("the right side is a list or a map");
    if (may_be_null(child(index, 1)) && absence_allowed_ == 0)
      problem("EXPR_MAY_BE_ABSENT", child(index, 1),
              "'error' may be null, as nothing need have failed here",
              "write error != null before it");
    if (map && !list) require(child(index, 0), a, Kind::text, "'in' a map");
    if (list && !map && !are_comparable(a.kind, element_of(b).kind)) no_overload();
  } else if (op >= Op::less) {
    if (!are_ordered(a.kind, b.kind)) no_overload();
  } else {
    compare(index, a, b);
  }
  return {Kind::boolean};
}

/// == and !=: of kinds that can never be equal it is surely a mistake. Null is equal to nothing but
/// itself, and everything may be asked whether it is null.
void Checker::compare(Index index, const Type& a, const Type& b) {
  const bool open =
      a.kind == Kind::dyn || b.kind == Kind::dyn || a.kind == Kind::null || b.kind == Kind::null;
  const bool same = a.kind == b.kind || are_ordered(a.kind, b.kind);
  if (!open && (!same || !are_comparable(a.kind, b.kind)))
    problem("EXPR_TYPE", index,
            std::string(name_of(a.kind)) + " is never equal to " + std::string(name_of(b.kind)),
            "convert one of them");
  compare_values(child(index, 0), b);
  compare_values(child(index, 1), a);
}

/// Whether a literal is among the values that the schema of the other side names.
void Checker::compare_values(Index text, const Type& declared) {
  const auto* value = constant_text(text);
  const auto values = values_of(declared);
  if (value == nullptr || values.empty()) return;
  if (std::find(values.begin(), values.end(), value->text()) != values.end()) return;
  std::string list;
  for (const auto each : values) list += (list.empty() ? "'" : ", '") + std::string(each) + "'";
  const auto near = did_you_mean(value->text(), values);
  problem("EXPR_TYPE", text, "'" + std::string(value->text()) + "' is none of the declared values",
          near.empty() ? "they are " + list : near);
}

Type Checker::list(Index index) {
  Type element;
  bool first = true;
  for (const auto item : program_.children(node(index))) {
    const auto type = check(item);
    element = first ? type : common(element, type);
    first = false;
  }
  return list_of(std::move(element));
}

Type Checker::map(Index index) {
  const auto parts = program_.children(node(index));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto type = check(parts[i]);
    if (i % 2 == 0) require(parts[i], type, Kind::text, "the key of a map");
  }
  return {Kind::map};
}

}  // namespace skald::expr
