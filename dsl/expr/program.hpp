#pragma once

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "dsl/expr/datum.hpp"
#include "dsl/expr/regex.hpp"

namespace skald::expr {

/// What a node does. Those marked P come from the parser and are replaced by the checker.
enum class Op : std::uint8_t {
  constant,         ///< constants[index]
  name,             ///< P: texts[index]
  slot,             ///< the variable of a macro
  input,            //
  data,             //
  event,            //
  error,            //
  item,             //
  item_index,       //
  saga_id,          //
  saga_key,         //
  saga_definition,  //
  saga_version,     //
  saga_now,         //
  step_output,      ///< of the step texts[index]
  step_ran,         //
  outside,          ///< a participant or secret: known only when a request is sent
  select,           ///< child . texts[index]
  select_optional,  ///< child .? texts[index]
  at,               ///< child [ child ]
  at_optional,      ///< child [? child ]
  has,              ///< of a select, step_output or at
  negate,           ///< - child
  invert,           ///< ! child
  conjunction,      ///< all children, at least two
  disjunction,      //
  choose,           ///< child ? child : child
  equal,            //
  not_equal,        //
  less,             //
  less_equal,       //
  greater,          //
  greater_equal,    //
  contained,        ///< child in child
  add,              //
  subtract,         //
  multiply,         //
  divide,           //
  remainder,        //
  list,             ///< of all children
  map,              ///< key, value, key, value, …
  call,             ///< P: texts[index]; `method`: the first child is the receiver
  function,         ///< functions()[index]
  matches,          ///< child with patterns[index]
  coalesce,         //
  or_value,         ///< child, or child when it is none
  has_value,        //
  value_of,         //
  macro_all,        ///< range, slot, body
  macro_exists,     //
  macro_exists_one,
  macro_filter,
  macro_map,
  macro_map_if,  ///< range, slot, condition, body
};

struct Node {
  Op op = Op::constant;
  bool method = false;       ///< of a call
  bool optional = false;     ///< of a step_output: gives an optional
  std::uint16_t height = 0;  ///< of the tree below, 0: none
  std::uint32_t offset = 0;  ///< byte of the text, for messages
  std::uint32_t index = 0;   ///< what `op` says; of a slot and macro: the number of the variable
  std::uint32_t first = 0;   ///< its children are links[first … first + count)
  std::uint32_t count = 0;
};

/// A compiled expression: a tree in flat arrays.
struct Program {
  std::string text;
  std::vector<Node> nodes;
  std::vector<std::uint32_t> links;  ///< numbers of nodes
  std::deque<std::string> texts;     ///< names, keys and literals; they never move
  std::vector<Datum> constants;
  std::vector<Regex> patterns;
  std::uint32_t root = 0;

  [[nodiscard]] std::span<const std::uint32_t> children(const Node& node) const {
    return std::span(links).subspan(node.first, node.count);
  }
};

}  // namespace skald::expr
