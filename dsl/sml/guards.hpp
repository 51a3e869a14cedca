#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <utility>

#include "dsl/sml/arguments.hpp"
#include "dsl/sml/table.hpp"

/// Conditions, written in brackets after the event: `event<paid> [is_rich && !is_blocked]`.
namespace skald::sml {

template <class G>
struct not_guard {
  G guard;
};
template <class A, class B>
struct and_guard {
  A first;
  B second;
};
template <class A, class B>
struct or_guard {
  A first;
  B second;
};
/// A guard with the name that diagrams and messages give it.
template <class G>
struct named_guard {
  std::string name;
  G guard;
};

template <class G>
named_guard<G> when(std::string name, G holds) {
  return {std::move(name), std::move(holds)};
}

/// Gives a function pointer the operators of guards and actions.
template <class F>
auto wrap(F function) {
  return [function]<class... Ps>(Parameters<Ps...>) {
    return [function](Ps... arguments) {
      return std::invoke(function, static_cast<Ps>(arguments)...);
    };
  }(typename signature_for<F, no_event>::arguments{});
}

template <class T>
inline constexpr bool is_guard_term = false;
template <class G>
inline constexpr bool is_guard_term<not_guard<G>> = true;
template <class A, class B>
inline constexpr bool is_guard_term<and_guard<A, B>> = true;
template <class A, class B>
inline constexpr bool is_guard_term<or_guard<A, B>> = true;
template <class G>
inline constexpr bool is_guard_term<named_guard<G>> = true;

template <class T>
concept GuardOperand = is_guard_term<T> || FunctionObject<T> || FunctionPointer<T>;

template <GuardOperand G>
not_guard<G> operator!(const G& guard) {
  return {guard};
}
template <GuardOperand A, GuardOperand B>
and_guard<A, B> operator&&(const A& first, const B& second) {
  return {first, second};
}
template <GuardOperand A, GuardOperand B>
or_guard<A, B> operator||(const A& first, const B& second) {
  return {first, second};
}

/// A guard that knows its row's event, and what it needs. The name is empty where it has none.
template <class Needs>
struct bound_guard {
  using needs_type = Needs;
  GuardSpec spec;
};

template <class T>
inline constexpr bool is_word = requires {
  typename T::skald_word;
};

/// Says what is wrong with `G` as a guard; true when nothing is.
template <class E, class G>
consteval bool guard_is_right() {
  constexpr bool callable = GuardOperand<G>;
  static_assert(callable,
                "skald: a guard is a lambda, function object or function that gives bool");
  if constexpr (callable) {
    using Signature = signature_for<G, E>;
    constexpr bool known = !std::is_void_v<Signature>;
    static_assert(known,
                  "skald: a guard has one call operator, whose template parameter, if any, is the "
                  "event");
    if constexpr (known) {
      constexpr bool gives_bool = std::is_same_v<typename Signature::result, bool>;
      constexpr bool event_is_const = !changes_event<E>(typename Signature::arguments{});
      constexpr bool data_is_const = !changes_data(typename Signature::arguments{});
      static_assert(gives_bool, "skald: a guard gives bool");
      static_assert(event_is_const,
                    "skald: a guard takes the event by const reference or by value");
      static_assert(data_is_const,
                    "skald: a guard takes the saga's data as const nlohmann::json&; only actions "
                    "change it");
      return gives_bool && event_is_const && data_is_const;
    }
  }
  return false;
}

/// The name a function object's type gives it; lambdas and function pointers have none.
template <class F>
std::string name_of_function() {
  if constexpr (std::is_class_v<F>) {
    const std::string_view name = type_name<F>();
    if (!name.empty() && name.front() != '<' && name.front() != '(') return std::string(name);
  }
  return {};
}

inline std::string both_names(const GuardSpec& first, std::string_view between,
                              const GuardSpec& second) {
  if (first.name.empty() || second.name.empty()) return {};
  return first.name + std::string(between) + second.name;
}

template <class E, class G>
auto bind_guard(const G& guard) {
  if constexpr (guard_is_right<E, G>()) {
    using Arguments = typename signature_for<G, E>::arguments;
    return bound_guard<needs_of<G, E>>{{name_of_function<G>(), bound_to<E>(guard, Arguments{})}};
  } else {
    return bound_guard<needs<>>{};
  }
}
template <class E, class G>
auto bind_guard(const named_guard<G>& guard) {
  auto bound = bind_guard<E>(guard.guard);
  bound.spec.name = guard.name;
  return bound;
}
template <class E, class G>
auto bind_guard(const not_guard<G>& guard) {
  auto bound = bind_guard<E>(guard.guard);
  if (!bound.spec.name.empty()) bound.spec.name = "!(" + bound.spec.name + ")";
  bound.spec.holds = [inner = std::move(bound.spec.holds)](const Context& context) {
    return !inner(context);
  };
  return bound;
}
template <class E, class A, class B>
auto bind_guard(const and_guard<A, B>& guard) {
  auto first = bind_guard<E>(guard.first);
  auto second = bind_guard<E>(guard.second);
  using Needs =
      joined_needs<typename decltype(first)::needs_type, typename decltype(second)::needs_type>;
  return bound_guard<Needs>{{both_names(first.spec, " && ", second.spec),
                             [a = std::move(first.spec.holds), b = std::move(second.spec.holds)](
                                 const Context& context) { return a(context) && b(context); }}};
}
template <class E, class A, class B>
auto bind_guard(const or_guard<A, B>& guard) {
  auto first = bind_guard<E>(guard.first);
  auto second = bind_guard<E>(guard.second);
  using Needs =
      joined_needs<typename decltype(first)::needs_type, typename decltype(second)::needs_type>;
  return bound_guard<Needs>{{both_names(first.spec, " || ", second.spec),
                             [a = std::move(first.spec.holds), b = std::move(second.spec.holds)](
                                 const Context& context) { return a(context) || b(context); }}};
}

}  // namespace skald::sml
