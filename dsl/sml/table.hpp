#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/model/definition.hpp"

/// A transition table as it was written, before it becomes a Definition. Users write tables with
/// the words in rows.hpp, actions.hpp and operation.hpp; nothing here is for them.
namespace skald::sml {

struct Table;

/// An operation and the events its outcomes raise.
struct OperationSpec {
  Operation operation;
  std::string done_event;
  std::string failed_event;
};

/// A step as written: call(…).undo(…).
struct StepSpec {
  OperationSpec call;
  std::optional<OperationSpec> undo;
  Step step;  ///< everything but call, undo and events
};
struct UnwindSpec {};
struct FailSpec {};
using ActionSpec = std::variant<StepSpec, UnwindSpec, FailSpec, NativeAction>;

/// A literal type, so that the words of the dialect are ready before any table is made.
struct StateSpec {
  std::string_view name;  ///< of a literal or a type: lives as long as the program
  bool initial = false;
  bool terminal = false;     ///< X
  Table (*sub)() = nullptr;  ///< makes the table of a composite state
};

struct TriggerSpec {
  enum class Kind { event, always, joined, entry };
  Kind kind = Kind::always;
  std::string event;
};

struct RowSpec {
  StateSpec source;
  TriggerSpec trigger;
  std::optional<Guard> guard;
  std::vector<ActionSpec> actions;
  std::optional<StateSpec> target;
};

struct Table {
  std::vector<RowSpec> rows;
};

/// What a table declares beside its rows.
struct Heading {
  DefinitionRef ref;
  std::vector<Field> input;
  std::string business_key_field;
  std::optional<Duration> deadline;
  OnDeadline on_deadline = OnDeadline::unwind;
};

/// Makes the Definition and checks it. The error names every wrong row, e.g. "row 7".
[[nodiscard]] Result<Definition> build(const Heading& heading, const Table& table);

}  // namespace skald::sml
