#pragma once

#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "dsl/sml/context.hpp"
#include "dsl/sml/convert.hpp"

/// How the parameters of guards and actions find their arguments: by type. The event of the row,
/// `const SagaView&`, `const EventView&`, `nlohmann::json&` (the saga's data), else a dependency.
namespace skald::sml {

/// What a row asks of define() or sm, by type; joined with +.
template <class... Ts>
struct needs {};
template <class... As, class... Bs>
needs<As..., Bs...> operator+(needs<As...>, needs<Bs...>);
template <class... Ns>
using joined_needs = decltype((needs<>{} + ... + Ns{}));

template <class D>
struct Uses {};  ///< a dependency: D is `X&` or `const X&`
template <class T>
struct Makes {};  ///< the struct of a composite state; it is made when it is not given
template <class E>
struct Reads {};  ///< an event's payload as an E
template <class E>
struct Writes {};  ///< an E as an event's payload
struct saga_only {};
struct wants_target {};
struct wants_no_target {};
struct wants_composite {};

/// The event of rows whose event has no C++ type, or many.
struct no_event {};

template <class... Ps>
struct Parameters {};
template <class R, class... Ps>
struct SignatureOf {
  using result = R;
  using arguments = Parameters<Ps...>;
};

template <class R, class... Ps, bool N>
SignatureOf<R, Ps...> called_as(R (*)(Ps...) noexcept(N));
template <class R, class C, class... Ps, bool N>
SignatureOf<R, C&, Ps...> called_as(R (C::*)(Ps...) noexcept(N));
template <class R, class C, class... Ps, bool N>
SignatureOf<R, const C&, Ps...> called_as(R (C::*)(Ps...) const noexcept(N));
template <class R, class C, class... Ps, bool N>
SignatureOf<R, Ps...> call_operator(R (C::*)(Ps...) noexcept(N));
template <class R, class C, class... Ps, bool N>
SignatureOf<R, Ps...> call_operator(R (C::*)(Ps...) const noexcept(N));

/// What stands for the event in a generic lambda.
template <class E>
using generic_event = std::conditional_t<std::is_same_v<E, no_event>, EventView, E>;

/// The signature of F; of a generic lambda, the one it has for event E. `void`: there is none, or
/// more than one.
template <class F, class E>
consteval auto signature_of() {
  if constexpr (requires { call_operator(&F::operator()); })
    return std::type_identity<decltype(call_operator(&F::operator()))>{};
  else if constexpr (requires { call_operator(&F::template operator()<generic_event<E>>); })
    return std::type_identity<decltype(call_operator(&F::template operator()<generic_event<E>>))>{};
  else if constexpr (requires(F f) { called_as(f); })
    return std::type_identity<decltype(called_as(std::declval<F>()))>{};
  else
    return std::type_identity<void>{};
}
template <class F, class E>
using signature_for = typename decltype(signature_of<F, E>())::type;

/// Has one call operator or more, of whatever kind: a class that inherits it and another one cannot
/// tell them apart. Types that test as bool, such as std::function, are left alone: `!f` is theirs;
/// so are our own states and triggers, which are called in other ways.
struct OtherCallOperator {
  void operator()();
};
template <class T>
struct CallProbe : T, OtherCallOperator {};
template <class T>
concept FunctionObject = std::is_class_v<T> && !std::is_final_v<T> && !requires {
  typename T::no_function;
}
&&!requires(const T& t) { t.operator bool(); }
&&!requires { &CallProbe<T>::operator(); };
template <class T>
concept FunctionPointer = std::is_member_function_pointer_v<T> ||
    (std::is_pointer_v<T>&& std::is_function_v<std::remove_pointer_t<T>>);

template <class P>
inline constexpr bool is_mutable_reference =
    std::is_lvalue_reference_v<P> && !std::is_const_v<std::remove_reference_t<P>>;

/// The event as an E: the object itself, or made from the payload.
template <class E>
class EventArgument {
 public:
  explicit EventArgument(const Context& context)
      : object_(static_cast<const E*>(context.object())) {
    if constexpr (Memberless<E> || FromJson<E>)
      if (object_ == nullptr) object_ = &made_.emplace(from_json_value<E>(context.event.payload));
  }
  [[nodiscard]] const E& get() const { return *object_; }

 private:
  struct Nothing {};
  std::conditional_t<Memberless<E> || FromJson<E>, std::optional<E>, Nothing> made_{};
  const E* object_;
};

/// A thing the engine or the surroundings hold.
template <class T>
class HeldArgument {
 public:
  explicit HeldArgument(const Context& context) : object_(find(context)) {}
  [[nodiscard]] T& get() const { return *object_; }

 private:
  static T* find(const Context& context) {
    using Bare = std::remove_const_t<T>;
    if constexpr (std::is_same_v<Bare, SagaView>)
      return &context.saga;
    else if constexpr (std::is_same_v<Bare, EventView>)
      return &context.event;
    else if constexpr (std::is_same_v<T, nlohmann::json>)
      return context.data;
    else if constexpr (std::is_same_v<Bare, nlohmann::json>)
      return context.data != nullptr ? context.data : &context.saga.data();
    else
      // It was given as mutable where it is asked for as such: define() and sm have checked it.
      return static_cast<T*>(const_cast<void*>(context.around.find(tag_of<Bare>())));  // NOLINT
  }
  T* object_;
};

template <class P, class E>
using argument_for = std::conditional_t<
    std::is_same_v<std::remove_cvref_t<P>, E>, EventArgument<E>,
    HeldArgument<std::conditional_t<is_mutable_reference<P>, std::remove_reference_t<P>,
                                    const std::remove_cvref_t<P>>>>;

template <class P, class E>
consteval auto needs_of_parameter() {
  using Bare = std::remove_cvref_t<P>;
  if constexpr (std::is_same_v<Bare, E>)
    return needs<Reads<E>>{};
  else if constexpr (std::is_same_v<Bare, SagaView> || std::is_same_v<Bare, EventView>)
    return needs<>{};
  else if constexpr (std::is_same_v<Bare, nlohmann::json>)
    return needs<>{};
  else
    return needs<Uses<std::conditional_t<is_mutable_reference<P>, Bare&, const Bare&>>>{};
}

template <class F, class E, class... Ps>
joined_needs<decltype(needs_of_parameter<Ps, E>())...> needs_of_parameters(Parameters<Ps...>);
template <class F, class E>
using needs_of = decltype(needs_of_parameters<F, E>(typename signature_for<F, E>::arguments{}));

template <class E, class... Ps>
consteval bool changes_event(Parameters<Ps...>) {
  return ((std::is_same_v<std::remove_cvref_t<Ps>, E> && is_mutable_reference<Ps>) || ...);
}
template <class... Ps>
consteval bool changes_data(Parameters<Ps...>) {
  return (std::is_same_v<Ps, nlohmann::json&> || ...);
}

/// `function` as one that takes its arguments from a Context.
template <class E, class F, class... Ps>
auto bound_to(F function, Parameters<Ps...>) {
  return [function = std::move(function)](const Context& context) mutable {
    // The argument objects live until the call returns, and with them what they made.
    return std::invoke(function, static_cast<Ps>(argument_for<Ps, E>(context).get())...);
  };
}

}  // namespace skald::sml
