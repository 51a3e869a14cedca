#pragma once

#include <array>

#include "dsl/expr/functions.hpp"
#include "dsl/expr/operators.hpp"
#include "dsl/expr/program.hpp"
#include "engine/model/view.hpp"

namespace skald::expr {

/// One evaluation of a checked program. Its results are valid as long as the scratch, the program,
/// the saga and the event are.
///
/// Recursion is as deep as the tree, which depth_max bounds; there are no loops but over lists, and
/// each turn of one is charged.
class Evaluation {
 public:
  Evaluation(const Program& program, const SagaView& saga, const EventView& event, Scratch& scratch)
      : program_(program), saga_(saga), event_(event), scratch_(scratch) {}

  [[nodiscard]] Datum run();

 private:
  using Children = std::span<const std::uint32_t>;

  Datum run(std::uint32_t index);
  Datum root(const Node& node);
  Datum saga_field(const Node& node) const;
  Datum step_output(const Node& node);
  Datum select(const Node& node);
  Datum member(const Node& node, const Datum& operand, std::string_view name);
  Datum at(const Node& node);
  Datum element(const Node& node, const Datum& operand, const Datum& key);
  Datum optional_of(const Node& node, const Datum& operand, const Datum& found);
  Datum has(const Node& node);
  Datum logic(const Node& node);
  Datum choose(const Node& node);
  Datum binary(const Node& node);
  Datum list(const Node& node);
  Datum map(const Node& node);
  Datum function(const Node& node);
  Datum matches(const Node& node);
  Datum coalesce(const Node& node);
  Datum optional_method(const Node& node);
  Datum negation(const Node& node);
  Datum macro(const Node& node);
  Datum quantified(const Node& node, const Datum& range);
  Datum exactly_one(const Node& node, const Datum& range);
  Datum collected(const Node& node, const Datum& range);
  [[nodiscard]] Datum keys_of(const Datum& map);

  Datum fail(const Node& node, std::initializer_list<std::string_view> message,
             bool absent = false) {
    return scratch_.fail(node.offset, message, absent);
  }
  [[nodiscard]] Call call(const Node& node) { return {scratch_, node.offset}; }
  [[nodiscard]] Children children(const Node& node) const { return program_.children(node); }

  const Program& program_;
  const SagaView& saga_;
  const EventView& event_;
  Scratch& scratch_;
  std::array<Datum, slots_max> slots_;
};

}  // namespace skald::expr
