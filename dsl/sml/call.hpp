#pragma once

#include <concepts>
#include <string>
#include <utility>
#include <vector>

#include "dsl/sml/operation.hpp"

namespace skald::sml {

template <class T>
class state_of;

/// Action: undo everything that ran, in reverse completion order; the target is entered only when
/// every undo is confirmed, so a state named after it never lies. `unwind("the bank declined")`
/// tells people why.
struct unwind_action {
  using skald_word = needs<saga_only, wants_target>;
  std::string reason;
};
struct unwind_t {
  using skald_word = needs<saga_only, wants_target>;
  unwind_action operator()(std::string reason) const { return {std::move(reason)}; }
};
inline constexpr unwind_t unwind{};

/// Action: the saga waits for an operator: `/ park("the stock is unclear")`.
struct park_action {
  using skald_word = needs<saga_only>;
  std::string reason;
};
struct park_t {
  park_action operator()(std::string reason) const { return {std::move(reason)}; }
};
inline constexpr park_t park{};

/// on_exhausted(go_to("Manual"_s)): the saga goes on there, and what may have happened stays in its
/// log.
struct go_to {
  template <class T>
  explicit go_to(const state_of<T>& state) : target(state.spec()) {}
  StateSpec target;
};

/// Action: begin a step. `call(a).undo(b)` is compensatable; the other kinds say so.
class call {
 public:
  using skald_word = needs<saga_only>;

  template <class Operation>
  explicit call(const Operation& what) {
    static_assert(std::same_as<Operation, operation>,
                  "skald: call(...) takes an operation: call(operation(\"debit\").post(...))");
    if constexpr (std::same_as<Operation, operation>) spec_.call = what.spec();
    spec_.step.id = spec_.call.operation.name;
  }

  /// How the step is undone. For a pivot: used only while its outcome is unknown.
  template <class Operation>
  call undo(const Operation& what) const {
    static_assert(std::same_as<Operation, operation>,
                  "skald: undo(...) takes an operation: call(debit).undo(credit_back)");
    return change([&](StepSpec& spec) {
      if constexpr (std::same_as<Operation, operation>) spec.undo = what.spec();
    });
  }
  /// Why the step needs no undo, e.g. "a quote expires by itself".
  call no_undo(std::string reason) const {
    return change([&](StepSpec& spec) { spec.step.no_undo_reason = std::move(reason); });
  }
  /// Asked, without effect, whether the call took effect, when its outcome stayed unknown.
  call probe(const operation& what) const {
    return change([&](StepSpec& spec) { spec.probe = what.spec(); });
  }
  /// The step's id where it is not the operation's name, e.g. for a second call of it.
  call id(std::string id) const {
    return change([&](StepSpec& spec) { spec.step.id = std::move(id); });
  }

  /// Once it is done the saga only goes forward.
  call pivot() const { return kind(StepKind::pivot); }
  /// Comes after the pivot or after the unwinding, and must go through in the end.
  call retriable() const { return kind(StepKind::retriable); }
  /// Changes nothing, so it needs no undo.
  call readonly() const { return kind(StepKind::readonly); }

  call retry(RetryPolicy policy) const {
    return change([&](StepSpec& spec) { spec.step.retry = std::move(policy); });
  }
  call undo_retry(RetryPolicy policy) const {
    return change([&](StepSpec& spec) { spec.step.undo_retry = std::move(policy); });
  }
  /// For one attempt, of the call, the undo or the probe.
  call timeout(Duration limit) const {
    return change([&](StepSpec& spec) { spec.step.timeout = limit; });
  }

  /// When the outcome stays unknown after every attempt (and the probe): undo what may have
  /// happened, which is what happens anyway; wait for an operator; or go on in another state.
  call on_exhausted(unwind_t) const { return exhausted(OnExhausted::Then::unwind); }
  call on_exhausted(park_t) const { return exhausted(OnExhausted::Then::park); }
  call on_exhausted(const go_to& there) const {
    const call copy = exhausted(OnExhausted::Then::go_to);
    return copy.change([&](StepSpec& spec) { spec.go_to = there.target; });
  }

  /// Runs the step once for each element of a list that `items` makes of the saga, each with its
  /// own attempts, output and undo; the body sees its element as saga.item().
  template <class F>
  call for_each(F items) const {
    return change([&](StepSpec& spec) {
      spec.step.for_each = ForEach{value_of(std::move(items)), 1};
    });
  }
  /// With for_each: how many at once.
  call concurrency(std::uint32_t at_once) const {
    return change([&](StepSpec& spec) {
      if (spec.step.for_each) spec.step.for_each->concurrency = at_once;
    });
  }

  /// Steps this one builds on, for UnwindOrder::dependency.
  template <std::same_as<operation>... Operations>
  call depends_on(const Operations&... steps) const {
    return change(
        [&](StepSpec& spec) { (spec.depends_on.push_back(steps.spec().operation.name), ...); });
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
  call exhausted(OnExhausted::Then then) const {
    return change([&](StepSpec& spec) { spec.step.on_exhausted.then = then; });
  }

  StepSpec spec_;
};

}  // namespace skald::sml
