#pragma once

#include <concepts>
#include <string>
#include <utility>
#include <vector>

#include "dsl/sml/operation.hpp"

namespace skald::sml {

/// Action: begin a step. `call(a).undo(b)` is compensatable; the other kinds say so.
class call {
 public:
  explicit call(const operation& what) : spec_{what.spec(), {}, {}} {
    spec_.step.id = what.spec().operation.name;
  }

  /// How the step is undone. For a pivot: used only while its outcome is unknown.
  call undo(const operation& what) const {
    return change([&](StepSpec& spec) { spec.undo = what.spec(); });
  }
  /// Why the step needs no undo, e.g. "a quote expires by itself".
  call no_undo(std::string reason) const {
    return change([&](StepSpec& spec) { spec.step.no_undo_reason = std::move(reason); });
  }
  /// Once it is done the saga only goes forward.
  call pivot() const { return kind(StepKind::pivot); }
  /// Comes after the pivot or after the unwinding, and must go through in the end.
  call retriable() const { return kind(StepKind::retriable); }
  /// Changes nothing, so it needs no undo.
  call readonly() const { return kind(StepKind::readonly); }
  call retry(RetryPolicy policy) const {
    return change([&](StepSpec& spec) { spec.step.retry = policy; });
  }
  call undo_retry(RetryPolicy policy) const {
    return change([&](StepSpec& spec) { spec.step.undo_retry = policy; });
  }
  /// For one attempt, of the call or the undo.
  call timeout(Duration limit) const {
    return change([&](StepSpec& spec) { spec.step.timeout = limit; });
  }

  [[nodiscard]] const StepSpec& spec() const { return spec_; }

 private:
  template <class Change>
  call change(Change apply) const {
    call copy = *this;
    apply(copy.spec_);
    return copy;
  }
  call kind(StepKind kind) const {
    return change([&](StepSpec& spec) { spec.step.kind = kind; });
  }

  StepSpec spec_;
};

/// Action: undo everything that ran, in reverse completion order; the target is entered only when
/// every undo is confirmed, so a state named after it never lies.
struct unwind_t {};
inline constexpr unwind_t unwind{};

/// Action of a last row: `"Refused"_s / fail = X` — the saga ends as a failure.
struct fail_t {};
inline constexpr fail_t fail{};

/// Action: change the saga's data. `run` must be a pure function of its arguments.
inline NativeAction set(
    std::string name, std::function<void(const SagaView&, const EventView&, nlohmann::json&)> run) {
  return {std::move(name), std::move(run)};
}

/// A condition, written in brackets after the event: `event<refused> [when("broke", is_broke)]`.
inline Guard when(std::string name, std::function<bool(const SagaView&, const EventView&)> holds) {
  return {std::move(name), std::move(holds)};
}

inline ActionSpec as_action(const call& action) { return action.spec(); }
inline ActionSpec as_action(unwind_t) { return UnwindSpec{}; }
inline ActionSpec as_action(fail_t) { return FailSpec{}; }
inline ActionSpec as_action(NativeAction action) { return action; }

/// Anything that may stand after '/'.
template <class T>
concept IsAction = requires(const T& action) {
  { as_action(action) } -> std::same_as<ActionSpec>;
};

/// Several actions, run in order: `/ (first, second)`.
struct action_list {
  std::vector<ActionSpec> actions;
};
template <IsAction A, IsAction B>
action_list operator,(const A& a, const B& b) {
  return {{as_action(a), as_action(b)}};
}
template <IsAction A>
action_list operator,(action_list list, const A& a) {
  list.actions.push_back(as_action(a));
  return list;
}

}  // namespace skald::sml
