#include "dsl/expr/evaluation.hpp"

#include <nlohmann/json.hpp>

#include "dsl/expr/characters.hpp"

namespace skald::expr {

namespace {

bool failed(const Datum& datum) { return datum.is(Kind::failure); }

}  // namespace

Datum Evaluation::run() {
  const auto result = run(program_.root);
  // Every function says so itself when it runs into a limit; this holds if one forgets.
  return scratch_.spent() ? Scratch::limit_passed() : result;
}

Datum Evaluation::run(std::uint32_t index) {
  if (!scratch_.charge(1)) return Scratch::limit_passed();
  const Node& node = program_.nodes[index];
  switch (node.op) {
    case Op::constant:
      return program_.constants[node.index];
    case Op::slot:
      return slots_[node.index];
    case Op::select:
    case Op::select_optional:
      return select(node);
    case Op::at:
    case Op::at_optional:
      return at(node);
    case Op::has:
      return has(node);
    case Op::negate:
    case Op::invert:
      return negation(node);
    case Op::conjunction:
    case Op::disjunction:
      return logic(node);
    case Op::choose:
      return choose(node);
    case Op::list:
      return list(node);
    case Op::map:
      return map(node);
    case Op::function:
      return function(node);
    case Op::matches:
      return matches(node);
    case Op::coalesce:
      return coalesce(node);
    case Op::or_value:
    case Op::has_value:
    case Op::value_of:
      return optional_method(node);
    default:
      if (node.op >= Op::macro_all) return macro(node);
      return node.op >= Op::equal ? binary(node) : root(node);
  }
}

Datum Evaluation::root(const Node& node) {
  switch (node.op) {
    case Op::input:
      return of_json(saga_.input());
    case Op::data:
      return of_json(saga_.data());
    case Op::event:
      return of_json(event_.payload);
    case Op::error:
      return of_json(saga_.error());
    case Op::item:
      return of_json(saga_.item());
    case Op::item_index:
      return of_integer(static_cast<std::int64_t>(saga_.index()));
    case Op::step_output:
      return step_output(node);
    case Op::step_ran:
      return of_boolean(saga_.ran(program_.texts[node.index]));
    case Op::outside:
      return fail(node, {"is known only when a request is sent"});
    default:
      return saga_field(node);
  }
}

Datum Evaluation::saga_field(const Node& node) const {
  switch (node.op) {
    case Op::saga_id:
      return of_text(saga_.id().value);
    case Op::saga_key:
      return of_text(saga_.business_key());
    case Op::saga_definition:
      return of_text(saga_.definition());
    case Op::saga_version:
      return of_integer(saga_.version());
    default:
      return of_timestamp(saga_.now());
  }
}

Datum Evaluation::step_output(const Node& node) {
  const auto& step = program_.texts[node.index];
  const auto& output = saga_.output(step);
  if (node.optional) return output.is_null() ? Scratch::none() : scratch_.some(of_json(output));
  if (output.is_null() && !saga_.ran(step))
    return fail(node, {"step '", step, "' has not run"}, true);
  return of_json(output);
}

Datum Evaluation::select(const Node& node) {
  const auto operand = run(children(node)[0]);
  if (failed(operand)) return operand;
  const auto& name = program_.texts[node.index];
  if (operand.is(Kind::optional)) {
    if (operand.size == 0) return operand;
    return optional_of(node, operand, member(node, item_of(operand, 0), name));
  }
  const auto found = member(node, operand, name);
  return node.op == Op::select ? found : optional_of(node, operand, found);
}

Datum Evaluation::member(const Node& node, const Datum& operand, std::string_view name) {
  if (operand.is(Kind::map)) {
    const auto found = entry_of(operand, name);
    return found ? *found : fail(node, {"there is no '", clipped(name, 60), "'"}, true);
  }
  if (operand.is(Kind::null))
    return fail(node, {"there is no '", clipped(name, 60), "' in null"}, true);
  return fail(node, {name_of(operand.kind), " has no '", clipped(name, 60), "'"});
}

/// What `found` becomes where absence is allowed; `operand` tells a missing key from a null.
Datum Evaluation::optional_of(const Node& node, const Datum& operand, const Datum& found) {
  if (!failed(found)) return found.is(Kind::optional) ? found : scratch_.some(found);
  if (scratch_.spent() || !found.failure->absent) return found;
  const auto& inner = operand.is(Kind::optional) ? item_of(operand, 0) : operand;
  return inner.is(Kind::null) && node.op == Op::select ? found : Scratch::none();
}

Datum Evaluation::at(const Node& node) {
  const auto operand = run(children(node)[0]);
  if (failed(operand)) return operand;
  const auto key = run(children(node)[1]);
  if (failed(key)) return key;
  if (operand.is(Kind::optional)) {
    if (operand.size == 0) return operand;
    return optional_of(node, operand, element(node, item_of(operand, 0), key));
  }
  const auto found = element(node, operand, key);
  return node.op == Op::at ? found : optional_of(node, operand, found);
}

Datum Evaluation::element(const Node& node, const Datum& operand, const Datum& key) {
  if (operand.is(Kind::list) && key.is(Kind::integer)) {
    if (key.integer >= 0 && key.integer < static_cast<std::int64_t>(operand.size))
      return item_of(operand, static_cast<std::size_t>(key.integer));
    return fail(node,
                {"the list has ", std::to_string(operand.size), " items, none at ",
                 std::to_string(key.integer)},
                true);
  }
  if (key.is(Kind::text) && (operand.is(Kind::map) || operand.is(Kind::null)))
    return member(node, operand, key.text());
  if (operand.is(Kind::null)) return fail(node, {"null has no items"}, true);
  return fail(node, {"there is no ", name_of(operand.kind), "[", name_of(key.kind), "]"});
}

Datum Evaluation::has(const Node& node) {
  const Node& inner = program_.nodes[children(node)[0]];
  if (inner.op == Op::step_output)
    return of_boolean(!saga_.output(program_.texts[inner.index]).is_null());
  auto operand = run(children(inner)[0]);
  if (failed(operand)) return operand;
  if (operand.is(Kind::optional)) {
    if (operand.size == 0) return of_boolean(false);
    operand = item_of(operand, 0);
  }
  if (operand.is(Kind::null)) return of_boolean(false);
  if (!operand.is(Kind::map))
    return fail(inner, {name_of(operand.kind), " has no '", program_.texts[inner.index], "'"});
  return of_boolean(entry_of(operand, program_.texts[inner.index]).has_value());
}

Datum Evaluation::negation(const Node& node) {
  const auto operand = run(children(node)[0]);
  if (failed(operand)) return operand;
  if (node.op == Op::negate) return negated(call(node), operand);
  if (!operand.is(Kind::boolean)) return fail(node, {"there is no !", name_of(operand.kind)});
  return of_boolean(!operand.truth);
}

/// && and || as CEL has them: one operand can settle it, whatever is wrong with the others.
Datum Evaluation::logic(const Node& node) {
  const bool settles = node.op == Op::disjunction;
  Datum result = of_boolean(!settles);
  for (const auto child : children(node)) {
    auto operand = run(child);
    if (operand.is(Kind::boolean)) {
      if (operand.truth == settles) return operand;
      continue;
    }
    if (!failed(operand))
      operand =
          fail(program_.nodes[child], {"the operand is ", name_of(operand.kind), ", not bool"});
    if (!failed(result)) result = operand;
  }
  return result;
}

Datum Evaluation::choose(const Node& node) {
  const auto condition = run(children(node)[0]);
  if (failed(condition)) return condition;
  if (!condition.is(Kind::boolean))
    return fail(node, {"the condition of ? is ", name_of(condition.kind), ", not bool"});
  return run(children(node)[condition.truth ? 1 : 2]);
}

Datum Evaluation::binary(const Node& node) {
  const auto a = run(children(node)[0]);
  if (failed(a)) return a;
  const auto b = run(children(node)[1]);
  if (failed(b)) return b;
  if (node.op >= Op::add) return arithmetic(call(node), node.op, a, b);
  if (node.op == Op::contained) return contained(call(node), a, b);
  if (node.op >= Op::less) return ordered(call(node), node.op, a, b);
  const auto same = equality(call(node), a, b);
  if (failed(same)) return same;
  return of_boolean(same.truth == (node.op == Op::equal));
}

Datum Evaluation::list(const Node& node) {
  const auto room = scratch_.items(node.count);
  if (scratch_.spent()) return Scratch::limit_passed();
  for (std::uint32_t i = 0; i < node.count; ++i) {
    room[i] = run(children(node)[i]);
    if (failed(room[i])) return room[i];
  }
  return Scratch::list(room);
}

Datum Evaluation::map(const Node& node) {
  const auto room = scratch_.items(node.count);
  if (scratch_.spent()) return Scratch::limit_passed();
  for (std::uint32_t i = 0; i < node.count; ++i) {
    room[i] = run(children(node)[i]);
    if (failed(room[i])) return room[i];
    if (i % 2 != 0) continue;
    const Node& key = program_.nodes[children(node)[i]];
    if (!room[i].is(Kind::text))
      return fail(key, {"the key of a map is ", name_of(room[i].kind), ", not string"});
    if (entry_of(Scratch::map(room.first(i)), room[i].text()))
      return fail(key, {"the key '", clipped(room[i].text(), 60), "' appears twice"});
  }
  return Scratch::map(room);
}

Datum Evaluation::function(const Node& node) {
  static constexpr std::size_t arguments_max = 4;
  std::array<Datum, arguments_max> arguments;
  for (std::uint32_t i = 0; i < node.count; ++i) {
    arguments[i] = run(children(node)[i]);
    if (failed(arguments[i])) return arguments[i];
  }
  const std::span given(arguments.data(), node.count);
  const auto& function = functions()[node.index];
  for (const auto& overload : function.overloads) {
    const auto fits = [](Kind wanted, const Datum& argument) {
      return wanted == Kind::dyn || argument.is(wanted);
    };
    if (overload.parameters.size() == given.size() &&
        std::equal(given.begin(), given.end(), overload.parameters.begin(),
                   [&](const Datum& argument, Kind wanted) { return fits(wanted, argument); }))
      return overload.run(call(node), given);
  }
  std::string kinds;
  for (const auto& argument : given)
    kinds += (kinds.empty() ? "" : ", ") + std::string(name_of(argument.kind));
  return fail(node, {function.name, "() does not take (", kinds, ")"}, given[0].is(Kind::null));
}

Datum Evaluation::matches(const Node& node) {
  const auto text = run(children(node)[0]);
  if (failed(text)) return text;
  if (!text.is(Kind::text))
    return fail(node, {"matches() does not take (", name_of(text.kind), ")"});
  const auto& pattern = program_.patterns[node.index];
  // Without room for its automaton RE2 looks at every instruction for every byte; measured, that is
  // an eighth of a step each.
  if (!scratch_.charge(1 + text.size * pattern.size() / 8)) return Scratch::limit_passed();
  return of_boolean(pattern.matches(text.text()));
}

Datum Evaluation::coalesce(const Node& node) {
  Datum result;
  for (const auto child : children(node)) {
    result = run(child);
    if (result.is(Kind::optional)) {
      if (result.size == 0) result = fail(program_.nodes[child], {"is not there"}, true);
      if (result.is(Kind::optional)) result = item_of(result, 0);
    }
    const bool absent = failed(result) ? result.failure->absent : result.is(Kind::null);
    if (!absent) break;
  }
  return result;
}

Datum Evaluation::optional_method(const Node& node) {
  const auto operand = run(children(node)[0]);
  if (failed(operand)) return operand;
  if (!operand.is(Kind::optional)) return fail(node, {name_of(operand.kind), " is no optional"});
  if (node.op == Op::has_value) return of_boolean(operand.size == 1);
  if (operand.size == 1) return item_of(operand, 0);
  if (node.op == Op::or_value) return run(children(node)[1]);
  return fail(node, {"the optional is empty"}, true);
}

}  // namespace skald::expr
