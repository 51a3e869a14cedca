#include "dsl/expr/evaluation.hpp"

namespace skald::expr {

namespace {

bool failed(const Datum& datum) { return datum.is(Kind::failure); }

}  // namespace

Datum Evaluation::keys_of(const Datum& map) {
  const auto room = scratch_.items(map.size);
  if (scratch_.spent()) return Scratch::limit_passed();
  auto at = room.begin();
  const bool all = for_each_entry(map, [&](std::string_view key, const Datum&) {
    *at++ = of_text(key);
    return true;
  });
  return all ? Scratch::list(room) : Datum();
}

Datum Evaluation::macro(const Node& node) {
  auto range = run(children(node)[0]);
  if (range.is(Kind::map)) range = keys_of(range);
  if (failed(range)) return range;
  if (!range.is(Kind::list))
    return fail(node, {"goes over a list or map, not over ", name_of(range.kind)});
  if (node.op == Op::macro_all || node.op == Op::macro_exists) return quantified(node, range);
  if (node.op == Op::macro_exists_one) return exactly_one(node, range);
  return collected(node, range);
}

/// all() and exists() are && and || over the items, so one item can settle them.
Datum Evaluation::quantified(const Node& node, const Datum& range) {
  const bool settles = node.op == Op::macro_exists;
  Datum result = of_boolean(!settles);
  for (std::size_t i = 0; i < range.size; ++i) {
    slots_[node.index] = item_of(range, i);
    auto holds = run(children(node)[1]);
    if (holds.is(Kind::boolean)) {
      if (holds.truth == settles) return holds;
      continue;
    }
    if (!failed(holds))
      holds = fail(node, {"the condition is ", name_of(holds.kind), ", not bool"});
    if (!failed(result)) result = holds;
  }
  return result;
}

Datum Evaluation::exactly_one(const Node& node, const Datum& range) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < range.size; ++i) {
    slots_[node.index] = item_of(range, i);
    const auto holds = run(children(node)[1]);
    if (failed(holds)) return holds;
    if (!holds.is(Kind::boolean))
      return fail(node, {"the condition is ", name_of(holds.kind), ", not bool"});
    if (holds.truth) ++count;
  }
  return of_boolean(count == 1);
}

/// filter() and map(), whose results have at most as many items as the range.
Datum Evaluation::collected(const Node& node, const Datum& range) {
  const auto room = scratch_.items(range.size);
  if (scratch_.spent()) return Scratch::limit_passed();
  std::size_t count = 0;
  for (std::size_t i = 0; i < range.size; ++i) {
    slots_[node.index] = item_of(range, i);
    auto result = slots_[node.index];
    if (node.op != Op::macro_map) {
      const auto holds = run(children(node)[1]);
      if (failed(holds)) return holds;
      if (!holds.is(Kind::boolean))
        return fail(node, {"the condition is ", name_of(holds.kind), ", not bool"});
      if (!holds.truth) continue;
    }
    if (node.op != Op::macro_filter) result = run(children(node).back());
    if (failed(result)) return result;
    room[count++] = result;
  }
  return Scratch::list(room.first(count));
}

}  // namespace skald::expr
