#include "dsl/expr/functions.hpp"
#include "dsl/expr/operators.hpp"

namespace skald::expr {

namespace {

using Arguments = std::span<const Datum>;

Datum sum(const Call& call, Arguments a) {
  if (a[0].size == 0) return of_integer(0);
  auto total = item_of(a[0], 0);
  const auto kind = total.kind;
  if (kind != Kind::integer && kind != Kind::real && kind != Kind::decimal &&
      kind != Kind::duration)
    return call.fail({"sum() takes a list of numbers or durations, not of ", name_of(kind)});
  for (std::size_t i = 1; i < a[0].size && !total.is(Kind::failure); ++i) {
    if (!call.scratch.charge(1)) return Scratch::limit_passed();
    total = arithmetic(call, Op::add, total, item_of(a[0], i));
  }
  return total;
}

/// The one of two that `op` puts first.
Datum better(const Call& call, Op op, const Datum& a, const Datum& b) {
  const auto other = ordered(call, op, b, a);
  return other.is(Kind::failure) ? other : (other.truth ? b : a);
}

Datum best(const Call& call, Op op, const Datum& list) {
  if (list.size == 0)
    return call.fail({op == Op::less ? "min() of an empty list" : "max() of an empty list"});
  auto result = item_of(list, 0);
  // A single item is compared with itself, so that its kind is checked.
  for (std::size_t i = list.size > 1 ? 1 : 0; i < list.size && !result.is(Kind::failure); ++i) {
    if (!call.scratch.charge(1)) return Scratch::limit_passed();
    result = better(call, op, result, item_of(list, i));
  }
  return result;
}

Datum min_of_list(const Call& call, Arguments a) { return best(call, Op::less, a[0]); }
Datum max_of_list(const Call& call, Arguments a) { return best(call, Op::greater, a[0]); }
Datum min_of_two(const Call& call, Arguments a) { return better(call, Op::less, a[0], a[1]); }
Datum max_of_two(const Call& call, Arguments a) { return better(call, Op::greater, a[0], a[1]); }

}  // namespace

std::vector<Function> list_functions() {
  using enum Kind;
  using enum Function::Style;
  using Gives = Overload::Gives;
  return {
      {"sum", global, {{{list}, dyn, sum, Gives::element}}, "sum(list)"},
      {"min",
       global,
       {{{list}, dyn, min_of_list, Gives::element}, {{dyn, dyn}, dyn, min_of_two, Gives::common}},
       "min(list) or min(a, b)"},
      {"max",
       global,
       {{{list}, dyn, max_of_list, Gives::element}, {{dyn, dyn}, dyn, max_of_two, Gives::common}},
       "max(list) or max(a, b)"},
  };
}

}  // namespace skald::expr
