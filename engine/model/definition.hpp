#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/model/ids.hpp"
#include "engine/model/json.hpp"
#include "engine/model/outcome.hpp"
#include "engine/model/time.hpp"
#include "engine/model/view.hpp"

namespace skald {

/// Name and version under which a definition is registered.
struct DefinitionRef {
  std::string name;
  std::uint32_t version = 1;
  friend auto operator<=>(const DefinitionRef&, const DefinitionRef&) = default;
};

/// How often and when an attempt with unknown outcome is repeated.
///
/// The wait before attempt n+1 is first · factorⁿ⁻¹, at most `max`, spread by ± `jitter` of itself.
/// A Retry-After of the participant makes it longer, never shorter.
struct RetryPolicy {
  std::uint32_t attempts = 5;  ///< tries in all, at least 1
  Duration first{200};
  double factor = 2.0;
  Duration max{30'000};
  double jitter = 0.2;  ///< 0 … 1
  /// How long a participant may stay "still working" before its outcome counts as unknown.
  Duration patience{3'600'000};
};

/// The policy undos have unless they name their own: patient, because giving up means an operator.
inline constexpr RetryPolicy default_undo_retry{
    .attempts = 20, .first = Duration{200}, .factor = 2.0, .max = Duration{60'000}};

/// A call to a configured participant over HTTP.
struct HttpTarget {
  std::string participant;  ///< the name it is configured under
  std::string method;       ///< "POST", "PUT", "DELETE", …
  std::string path;         ///< origin-form, e.g. "/debits"
};

/// One attempt, as a C++ function that performs operations sees it.
struct Invocation {
  SagaId saga;
  DefinitionRef definition;
  std::string step;
  bool undo = false;
  std::uint32_t attempt = 1;    ///< from 1
  std::string idempotency_key;  ///< the same for every attempt of one step and phase
  Json body;
  Duration timeout{};
};

/// A call to a C++ function in this process. It runs on a worker thread, may run twice for one
/// idempotency key (after a crash), and must not throw: an exception counts as Unknown.
struct FunctionTarget {
  std::function<Outcome(const Invocation&)> function;
};

/// What a step does, or how it is undone.
struct Operation {
  std::string name;  ///< e.g. "debit-source"
  std::variant<HttpTarget, FunctionTarget> target;
  /// Makes the request body; called once per step and phase, so that every attempt sends the same.
  std::function<nlohmann::json(const SagaView&)> body;
};

enum class StepKind {
  compensatable,  ///< can be undone
  pivot,          ///< once done there is no way back
  retriable,      ///< comes after the pivot (or after the unwinding) and must go through in the end
  readonly,       ///< has no effect, so nothing to undo
};

/// A call to a participant together with its undo.
struct Step {
  std::string id;  ///< unique in the definition, stable across versions
  StepKind kind = StepKind::compensatable;
  Operation call;
  /// For a pivot: used only while it is unknown whether the pivot took effect.
  std::optional<Operation> undo;
  std::string no_undo_reason;  ///< why a compensatable step needs no undo; empty if it has one
  RetryPolicy retry;
  RetryPolicy undo_retry = default_undo_retry;
  Duration timeout{5'000};  ///< per attempt, of call and undo
  EventIndex done_event{};
  EventIndex failed_event{};
};

/// A named condition on a transition. Must be a pure function of its arguments.
struct Guard {
  std::string name;
  std::function<bool(const SagaView&, const EventView&)> holds;
};

/// Action: begin a step.
struct CallStep {
  StepIndex step{};
};
/// Action: undo everything that ran, in reverse completion order, before the target is entered.
struct UnwindAll {};
/// Action: change the saga's data. Must be a pure function of its arguments.
struct NativeAction {
  std::string name;
  std::function<void(const SagaView&, const EventView&, nlohmann::json& data)> run;
};
using Action = std::variant<CallStep, UnwindAll, NativeAction>;

/// Whether and how a saga ends in a state.
enum class Final {
  no,
  success,
  failure,  ///< the business transaction did not take place: everything is undone, or nothing ran
};

/// A state, as in UML. A state with regions is composite: while it is active, so is one state in
/// each of its regions.
struct State {
  std::string name;
  Final final = Final::no;
  std::optional<StateIndex> parent;  ///< the composite state it belongs to
  std::vector<StateIndex> initials;  ///< first state of each region, in order; empty when simple
  std::vector<Action> on_entry;
  std::string where;  ///< the table row that declares its entry, for messages
};

/// What sets a transition off.
enum class TriggerKind {
  event,   ///< the named event
  always,  ///< nothing: taken at once when the guard holds (an anonymous transition)
  joined,  ///< every region of the composite source state has reached a final state
};

struct Transition {
  StateIndex source{};
  TriggerKind trigger = TriggerKind::event;
  EventIndex event{};  ///< when trigger is `event`
  std::optional<Guard> guard;
  std::vector<Action> actions;
  std::optional<StateIndex> target;  ///< none: internal, the state is not left
  std::string where;                 ///< "row 7", for messages
};

/// What one field of the input must be.
struct Field {
  enum class Type { text, integer, number, boolean, object, array };
  std::string name;
  Type type = Type::text;
  bool required = true;
  std::optional<std::int64_t> minimum;  ///< of an integer or number; length of text or array
  std::vector<Field> fields;            ///< of an object, or of each element of an array of objects
};

/// What happens when the whole saga's deadline passes before the pivot. After it: always `alert`.
enum class OnDeadline { unwind, alert };

/// A named, versioned state machine with its steps: the one model behind tables and documents.
///
/// Immutable once registered; shared between threads.
struct Definition {
  DefinitionRef ref;
  std::vector<std::string> events;      ///< names, by EventIndex
  std::vector<State> states;            ///< by StateIndex
  std::vector<StateIndex> initials;     ///< first state of each top-level region, in order
  std::vector<Transition> transitions;  ///< in table order: the first enabled one is taken
  std::vector<Step> steps;              ///< by StepIndex
  std::vector<Field> input;
  bool closed_input = true;        ///< refuse input fields that are not declared
  std::string business_key_field;  ///< text field of the input that is the default business key
  std::optional<Duration> deadline;
  OnDeadline on_deadline = OnDeadline::unwind;

  [[nodiscard]] const State& at(StateIndex index) const { return states[number(index)]; }
  [[nodiscard]] const Step& at(StepIndex index) const { return steps[number(index)]; }
  [[nodiscard]] const std::string& at(EventIndex index) const { return events[number(index)]; }
  [[nodiscard]] std::optional<StateIndex> find_state(std::string_view name) const;
  [[nodiscard]] std::optional<StepIndex> find_step(std::string_view id) const;
};

/// "pivot", "compensatable", … as in documents and answers.
[[nodiscard]] std::string_view name_of(StepKind kind);

}  // namespace skald
