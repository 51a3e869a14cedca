#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/model/definition.hpp"

/// What a diagram of a definition shows, in words, before it is written in a format. All texts are
/// one line of valid UTF-8 and not escaped.
namespace skald::diagram {

/// A step as a diagram names it.
struct StepLabel {
  std::string id;
  StepKind kind{};
  std::string undo;  ///< name of the undo; empty without one
  std::string more;  ///< what else there is to say, e.g. "for each, 4 at once"; may be empty
};

/// "debit ⤺ credit-back", "credit ◆ pivot", "notify ↻ retriable", "quote ○ readonly".
[[nodiscard]] std::string text_of(const StepLabel& step);

/// One action: a step, or words such as "raise paid".
struct ActionLabel {
  std::optional<StepLabel> step;
  std::string words;
};
[[nodiscard]] std::string text_of(const ActionLabel& action);

/// What a state does without being left: on entry, on exit, or on an event.
struct Row {
  enum class When { entry, exit, event };
  When when = When::entry;
  std::string label;  ///< "entry", "exit", "paid [rich]"
  std::vector<ActionLabel> actions;
};
[[nodiscard]] std::string text_of(const Row& row);

/// The states of a region: those its first state leads to.
struct Region {
  StateIndex initial{};
  bool history = false;
  std::vector<StateIndex> states;
};

struct Node {
  std::string name;
  Final final = Final::no;
  std::optional<StateIndex> parent;
  std::vector<Region> regions;  ///< of a composite state
  std::vector<Row> rows;
  bool calls_pivot = false;
};

/// What becomes of the saga on the way along an arrow.
enum class Course {
  forward,
  unwind,     ///< everything is undone before the target is entered
  park,       ///< an operator has to let it go on
  exhausted,  ///< a step whose outcome stayed unknown
};

struct Arrow {
  StateIndex from{};
  StateIndex to{};
  Course course = Course::forward;
  std::string label;  ///< "paid [rich]"; empty for an anonymous transition
  std::vector<ActionLabel> actions;
};
/// "paid [rich] / take-money ⤺ refund, unwind"
[[nodiscard]] std::string text_of(const Arrow& arrow);

struct Chart {
  std::string title;               ///< "money-transfer v1"
  std::vector<std::string> notes;  ///< what holds for the whole saga: "deadline 1d: unwind"
  std::vector<Region> regions;     ///< of the top level
  std::vector<Node> nodes;         ///< by StateIndex
  std::vector<Arrow> arrows;       ///< in the order of the table
  [[nodiscard]] const Node& at(StateIndex index) const { return nodes[number(index)]; }
};

[[nodiscard]] Chart chart_of(const Definition& definition);

/// The region of the top level, or of a composite state, that `state` lies in directly.
[[nodiscard]] const Region& region_of(const Chart& chart, StateIndex state);

}  // namespace skald::diagram
