#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "dsl/sml/call.hpp"

/// What may stand after '/': the words call, unwind, park, fail, defer and process, lambdas,
/// function objects and functions, and lists of them: `/ (first, second)`.
namespace skald::sml {

/// Action of a last row: `"Refused"_s / fail = X` — the saga ends as a failure.
struct fail_t {
  using skald_word = needs<saga_only>;
};
inline constexpr fail_t fail{};

/// Action: keep the event until the state has changed, then handle it again.
struct defer_t {
  using skald_word = needs<wants_no_target>;
};
inline constexpr defer_t defer{};

/// Action: raise an event, handled when the present one is done: `/ process(paid{})`.
template <class E>
struct process_action {
  using skald_word = needs<Writes<E>>;
  E event;
};
struct process_t {
  template <class E>
  process_action<E> operator()(E event) const {
    static_assert(std::is_class_v<E> && !is_word<E>,
                  "skald: process(...) takes an event object: process(paid{})");
    return {std::move(event)};
  }
};
inline constexpr process_t process{};

/// An action with the name that diagrams and messages give it.
template <class F>
struct named_action {
  std::string name;
  F run;
};
/// Action: change the saga's data, or a dependency. In a saga `run` must be a pure function of its
/// arguments.
template <class F>
named_action<F> set(std::string name, F run) {
  return {std::move(name), std::move(run)};
}

inline ActionSpec as_action(const call& action) { return action.spec(); }
inline ActionSpec as_action(unwind_t) { return UnwindSpec{}; }
inline ActionSpec as_action(const unwind_action& action) { return UnwindSpec{action.reason}; }
inline ActionSpec as_action(fail_t) { return FailSpec{}; }
inline ActionSpec as_action(defer_t) { return DeferSpec{}; }
inline ActionSpec as_action(const park_action& action) { return Park{action.reason}; }
template <class E>
ActionSpec as_action(const process_action<E>& action) {
  auto object = std::make_shared<const E>(action.event);
  // A member that is there needs JSON to travel in; where there is none, define() refuses the row.
  Value payload;
  if constexpr (ToJson<E>)
    payload.make = [object](const SagaView&, const EventView&) { return to_json_value(*object); };
  return ProcessSpec{{std::string(event_name<E>()), tag_of<E>()}, std::move(payload), object};
}

/// Several actions, run in order.
template <class... As>
struct action_list {
  std::tuple<As...> actions;
};

template <class T>
inline constexpr bool is_action_term = is_word<T>;
template <class F>
inline constexpr bool is_action_term<named_action<F>> = true;
template <class... As>
inline constexpr bool is_action_term<action_list<As...>> = true;

template <class T>
concept ActionOperand = is_action_term<T> || FunctionObject<T> || FunctionPointer<T>;

template <ActionOperand A, ActionOperand B>
action_list<A, B> operator,(const A& a, const B& b) {
  return {{a, b}};
}
template <class... As, ActionOperand B>
action_list<As..., B> operator,(const action_list<As...>& list, const B& b) {
  return {std::tuple_cat(list.actions, std::tuple<B>(b))};
}

/// Actions that know their row's event, and what they need.
template <class Needs>
struct bound_actions {
  using needs_type = Needs;
  std::vector<ActionSpec> specs;
};

/// Says what is wrong with `A` as an action; true when nothing is.
template <class E, class A>
consteval bool action_is_right() {
  static_assert(!std::same_as<A, operation>,
                "skald: a row begins a step with call(...): / call(debit).undo(credit_back)");
  constexpr bool callable = ActionOperand<A>;
  static_assert(
      callable || std::same_as<A, operation>,
      "skald: an action is call(...), unwind, park(...), fail, defer, process(...), a lambda, "
      "function object or function");
  if constexpr (callable) {
    using Signature = signature_for<A, E>;
    constexpr bool known = !std::is_void_v<Signature>;
    static_assert(known,
                  "skald: an action has one call operator, whose template parameter, if any, is "
                  "the event");
    if constexpr (known) {
      constexpr bool event_is_const = !changes_event<E>(typename Signature::arguments{});
      static_assert(event_is_const,
                    "skald: an action takes the event by const reference or by value");
      return event_is_const;
    }
  }
  return false;
}

template <class E, class A>
auto bind_actions(const A& action) {
  if constexpr (is_word<A>) {
    return bound_actions<typename A::skald_word>{{as_action(action)}};
  } else if constexpr (action_is_right<E, A>()) {
    using Arguments = typename signature_for<A, E>::arguments;
    return bound_actions<needs_of<A, E>>{
        {RunSpec{name_of_function<A>(), bound_to<E>(action, Arguments{})}}};
  } else {
    return bound_actions<needs<>>{};
  }
}
template <class E, class F>
auto bind_actions(const named_action<F>& action) {
  auto bound = bind_actions<E>(action.run);
  for (auto& spec : bound.specs)
    if (auto* run = std::get_if<RunSpec>(&spec)) run->name = action.name;
  return bound;
}
template <class E, class... As>
auto bind_actions(const action_list<As...>& list) {
  using Needs = joined_needs<typename decltype(bind_actions<E>(std::declval<As>()))::needs_type...>;
  bound_actions<Needs> bound;
  const auto append = [&](auto more) {
    for (auto& spec : more.specs) bound.specs.push_back(std::move(spec));
  };
  std::apply([&](const As&... each) { (append(bind_actions<E>(each)), ...); }, list.actions);
  return bound;
}

}  // namespace skald::sml
