#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dsl/expr/environment.hpp"
#include "dsl/expr/functions.hpp"
#include "dsl/expr/presence.hpp"
#include "dsl/expr/problem.hpp"
#include "dsl/expr/program.hpp"
#include "dsl/expr/type.hpp"

namespace skald::expr {

/// Finds out what the names of a parsed program mean, of what type everything is, and what is wrong
/// with it: all of it at once. Replaces the nodes that the evaluation does not know.
class Checker {
 public:
  Checker(Program& program, const Environment& environment, References& references,
          std::vector<Problem>& problems)
      : program_(program), env_(environment), references_(references), problems_(problems) {}

  /// The type of the whole, which must be able to be `wanted`.
  Type run(Kind wanted);

 private:
  using Index = std::uint32_t;

  Type check(Index index);

  // Names and selections.
  Type name(Index index);
  Type root(Index index, Root root);
  bool allow(Index index, Root root);
  Type unknown_name(Index index);
  void normalise_key(Node& node);
  [[nodiscard]] bool is_root_name(Index index, Root root) const;
  [[nodiscard]] std::optional<std::string> step_named(Index index);
  Type selection(Index index);
  Type step_member(Index index, const std::string& step);
  const KnownStep* known_step(Index index, const std::string& step);
  Type saga_member(Index index);
  Type outside_member(Index index, Root root);
  Type member(Index index, const Type& operand, bool optional);
  Type declared(Index index, const Type& operand, bool optional);
  Type subscript(Index index);
  void may_be_absent(Index index, std::string_view because = {});
  [[nodiscard]] bool may_be_null(Index index) const;
  Type has(Index index);

  // Operators.
  Type logic(Index index);
  Type choose(Index index);
  Type negation(Index index);
  Type binary(Index index);
  void compare(Index index, const Type& a, const Type& b);
  void compare_values(Index text, const Type& declared);
  Type list(Index index);
  Type map(Index index);
  void require(Index index, const Type& type, Kind wanted, std::string_view where);

  // Calls.
  Type call(Index index);
  Type function(Index index, const Function& function);
  Type result_of(Index index, const Function& function, const std::vector<Type>& arguments);
  void fold_literal(Index index, const Function& function);
  Type matches(Index index);
  Type coalesce(Index index);
  Type optional_method(Index index);
  Type macro(Index index, Op op);
  Type macro_body(Index index, const Type& range);
  Type unknown_function(Index index);
  Type misused(Index index, std::string_view usage);

  void problem(std::string code, Index index, std::string message, std::string hint = {});
  [[nodiscard]] Node& node(Index index) { return program_.nodes[index]; }
  [[nodiscard]] const std::string& text_of(Index index) const {
    return program_.texts[program_.nodes[index].index];
  }
  [[nodiscard]] Index child(Index index, std::size_t which) const {
    return program_.children(program_.nodes[index])[which];
  }
  [[nodiscard]] const Datum* constant_text(Index index) const;

  Program& program_;
  const Environment& env_;
  References& references_;
  std::vector<Problem>& problems_;
  Presence presence_;
  std::vector<std::string> variables_;  ///< by slot, of the macros around
  std::vector<Type> variable_types_;
  std::uint32_t absence_allowed_ = 0;  ///< inside how many coalesce()
};

}  // namespace skald::expr
