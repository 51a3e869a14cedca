#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/model/step.hpp"

namespace skald {

/// Action: begin a step.
struct CallStep {
  StepIndex step{};
};
/// Action: undo everything that ran, in reverse completion order, before the target is entered.
struct UnwindAll {
  std::string reason{};  ///< for a person; empty: what set the transition off
};
/// Action: change the saga's data. Must be a pure function of its arguments.
struct NativeAction {
  std::string name;
  std::function<void(const SagaView&, const EventView&, nlohmann::json& data)> run;
  Json source;  ///< {"set": …} of a document; null when it is a C++ function
};
/// Action: raise an event, handled after the present one (`process` of SML).
struct RaiseEvent {
  EventIndex event{};
  Value payload;
};
/// Action: keep the event until the state has changed, then handle it again.
struct DeferEvent {};
/// Action: the saga stays where it is and waits for an operator, who may let it go on (retry) or
/// have it undone. Going on, it enters the transition's target: with the state itself as target its
/// step is called again.
struct Park {
  std::string reason;
};
using Action = std::variant<CallStep, UnwindAll, NativeAction, RaiseEvent, DeferEvent, Park>;

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
  std::string where;  ///< the table row or pointer that declares its entry, for messages
  std::vector<Action> on_exit{};
  /// Of the first state of a region: entered only the first time; later the region goes on with the
  /// state it was left in (shallow history).
  bool history = false;
  /// Of a composite state: how many regions must have ended for it to be joined; 0: all. What the
  /// others have done until then is undone.
  std::uint32_t join = 0;
};

/// What sets a transition off.
enum class TriggerKind {
  event,       ///< the named event
  always,      ///< nothing: taken at once when the guard holds (an anonymous transition)
  joined,      ///< enough regions of the composite source state have reached a final state
  after,       ///< time: see Timer
  any_event,   ///< every event
  unexpected,  ///< every event, or the named one, that nothing else in the state handles
};

/// When a transition is due, counted from the entry to its source state.
struct Timer {
  Duration after{};  ///< fixed; 0 when `at` tells
  Value at;          ///< an RFC 3339 instant as text, or a duration as in documents ("90s")
};

struct Transition {
  StateIndex source{};
  TriggerKind trigger = TriggerKind::event;
  EventIndex event{};  ///< when trigger is `event`, or `unexpected` of one event
  std::optional<Guard> guard;
  std::vector<Action> actions;
  std::optional<StateIndex> target;  ///< none: internal, the state is not left
  std::string where;                 ///< "row 7", "/transitions/6", for messages
  std::optional<Timer> timer{};
  bool any = false;  ///< with `unexpected`: of every event
};

/// What happens to a signal that no active state handles.
enum class WhenUnexpected {
  keep,    ///< until a state handles it: early signals are not lost
  refuse,  ///< the sender is told that the saga does not wait for it
  ignore,  ///< it is accepted and dropped
};

/// An event from outside that a saga may be sent.
struct Signal {
  std::string name;
  EventIndex event{};
  Schema payload;
  /// From the input: the key under which an event for many sagas finds this one; none: only by id.
  Value correlation;
  WhenUnexpected unexpected = WhenUnexpected::keep;
  std::string where{};  ///< where a document declares it, for messages
};

/// What happens when the whole saga's deadline passes before the pivot. After it: always `alert`.
enum class OnDeadline { unwind, alert };

/// In which order an unwinding undoes what ran.
enum class UnwindOrder {
  reverse,     ///< one at a time, last completed first
  parallel,    ///< all at once
  dependency,  ///< a step when every step that builds on it is undone
};

/// What happens to the other undos when one of them cannot be confirmed.
enum class OnUndoFailure {
  park,          ///< they wait until an operator has settled it
  continue_with  ///< they are done; the saga stays stuck until it is settled
};

/// How a saga of an older version becomes one of this version.
struct Migration {
  std::uint32_t from = 0;                                  ///< the older version
  std::map<std::string, std::string, std::less<>> states;  ///< old name → new, where they differ
  std::map<std::string, std::string, std::less<>> steps;
  Value data;  ///< the new data, from the old saga; none: kept
};

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
  std::vector<Signal> signals;
  Schema input;
  Schema output_schema;
  Value output;        ///< what the saga gives when it completes; none: null
  Value business_key;  ///< from the input, as text
  std::map<std::string, Value> tags;
  std::vector<Value> locks;  ///< from the input, as text: held from the start to the end
  std::optional<Duration> deadline;
  OnDeadline on_deadline = OnDeadline::unwind;
  UnwindOrder unwind_order = UnwindOrder::reverse;
  OnUndoFailure on_undo_failure = OnUndoFailure::park;
  std::vector<Migration> migrations;
  std::string description;
  Json document;     ///< canonical, as registered; null for a C++ table
  std::string hash;  ///< SHA-256 of the canonical document, in hex; empty for a C++ table

  [[nodiscard]] const State& at(StateIndex index) const { return states[number(index)]; }
  [[nodiscard]] const Step& at(StepIndex index) const { return steps[number(index)]; }
  [[nodiscard]] const std::string& at(EventIndex index) const { return events[number(index)]; }
  [[nodiscard]] std::optional<StateIndex> find_state(std::string_view name) const;
  [[nodiscard]] std::optional<StepIndex> find_step(std::string_view id) const;
  [[nodiscard]] std::optional<EventIndex> find_event(std::string_view name) const;
  [[nodiscard]] const Signal* find_signal(std::string_view name) const;
};

}  // namespace skald
