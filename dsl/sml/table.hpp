#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dsl/sml/context.hpp"
#include "engine/model/definition.hpp"

/// A transition table as it was written, before it becomes a Definition. Users write tables with
/// the words in rows.hpp, actions.hpp and operation.hpp; nothing here is for them.
namespace skald::sml {

struct Table;

/// An event by the name it is stored under and the type it stands for (null: none).
struct EventSpec {
  std::string name;
  TypeTag type = nullptr;
};

/// An operation and the events its outcomes raise.
struct OperationSpec {
  Operation operation;
  EventSpec done_event;
  EventSpec failed_event;
  std::vector<std::pair<std::string, EventSpec>> outcome_events;  ///< by outcome or failure code
};

/// A literal type, so that the words of the dialect are ready before any table is made.
struct StateSpec {
  std::string_view name;  ///< of a literal or a type: lives as long as the program
  TypeTag type = nullptr;
  bool initial = false;
  bool terminal = false;                  ///< X
  bool history = false;                   ///< (H)
  Table (*sub)(Surroundings&) = nullptr;  ///< makes the table of a composite state
};

/// A step as written: call(…).undo(…).
struct StepSpec {
  OperationSpec call;
  std::optional<OperationSpec> undo;
  std::optional<OperationSpec> probe;
  Step step;  ///< everything but the operations, the events and the places of the table
  std::optional<StateSpec> go_to;       ///< on_exhausted(go_to(…))
  std::vector<std::string> depends_on;  ///< ids of steps
};
struct UnwindSpec {
  std::string reason{};  ///< for a person
};
struct FailSpec {};
struct DeferSpec {};
/// An event for this saga itself. In a machine run by itself the object goes with it.
struct ProcessSpec {
  EventSpec event;
  Value payload;
  std::shared_ptr<const void> object;
};
struct RunSpec {
  std::string name;  ///< empty: it has none
  std::function<void(const Context&)> run;
};
using ActionSpec =
    std::variant<StepSpec, UnwindSpec, FailSpec, DeferSpec, ProcessSpec, RunSpec, Park>;

struct GuardSpec {
  std::string name;  ///< empty: it has none
  std::function<bool(const Context&)> holds;
};

struct TriggerSpec {
  enum class Kind {
    event,
    any_event,
    unexpected,
    unexpected_any,
    always,
    joined,
    entry,
    exit,
    after
  };
  Kind kind = Kind::always;
  EventSpec event;
  std::uint32_t count = 0;  ///< with `joined`: how many regions are enough; 0: all
  Timer timer{};
};

struct RowSpec {
  StateSpec source;
  TriggerSpec trigger;
  std::optional<GuardSpec> guard;
  std::vector<ActionSpec> actions;
  std::optional<StateSpec> target;
};

struct Table {
  std::vector<RowSpec> rows;
};

/// An event from outside, as declared.
struct SignalSpec {
  Signal signal;
  TypeTag type = nullptr;
};

/// What a table declares beside its rows.
struct Heading {
  DefinitionRef ref;
  Schema input;
  Value business_key;
  std::optional<Duration> deadline;
  OnDeadline on_deadline = OnDeadline::unwind;
  /// None: every event that no step and no action raises may be sent.
  std::optional<std::vector<SignalSpec>> signals{};
  std::map<std::string, Value> tags{};
  std::vector<Value> locks{};
  Value output{};
  UnwindOrder unwind_order = UnwindOrder::reverse;
  OnUndoFailure on_undo_failure = OnUndoFailure::park;
  std::vector<Migration> migrations{};
  std::string description{};
};

/// Makes the Definition and checks it. The error names every wrong row, e.g. "row 7". Guards and
/// actions keep `around`.
[[nodiscard]] Result<Definition> build(const Heading& heading, const Table& table,
                                       std::shared_ptr<Surroundings> around = nullptr);

}  // namespace skald::sml
