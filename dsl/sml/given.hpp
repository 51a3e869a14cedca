#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "dsl/sml/rows.hpp"

/// Dependencies: what is given to define() and sm, and whether it is what the rows need.
namespace skald::sml {

/// These have no definition: using one is the error message, and its parameter says what is wrong.
template <class T>
struct dependency_not_given;
template <class T>
struct dependency_is_const_but_changed_by_an_action;
template <class E>
struct event_payload_needs_from_json;
template <class E>
struct event_payload_needs_to_json;

template <class T>
struct is_shared : std::false_type {};
template <class D>
struct is_shared<std::shared_ptr<D>> : std::true_type {
  using type = D;
};

/// What giving an A (as forwarded: `X&`, `const X&` or `X`) provides: `X&`, or `const X&`.
template <class A>
consteval auto provided_by() {
  using Bare = std::remove_cvref_t<A>;
  if constexpr (is_shared<Bare>::value)
    return std::type_identity<typename is_shared<Bare>::type&>{};
  else if constexpr (std::is_lvalue_reference_v<A>)
    return std::type_identity<A>{};
  else
    return std::type_identity<Bare&>{};
}
template <class D, class... As>
inline constexpr bool is_given = (std::is_same_v<D, typename decltype(provided_by<As>())::type> ||
                                  ...) ||
                                 (std::is_same_v<D, const std::remove_cvref_t<As>&> || ...);

/// Each call proves one need, or does not compile.
template <class... As>
struct Given {
  template <class D>
  static constexpr void prove(needs<Uses<D>>) {
    using Bare = std::remove_cvref_t<D>;
    constexpr bool as_mutable = is_given<Bare&, As...>;
    constexpr bool as_const = as_mutable || is_given<const Bare&, As...>;
    if constexpr (!as_const)
      static_cast<void>(sizeof(dependency_not_given<Bare>));
    else if constexpr (!as_mutable && is_mutable_reference<D>)
      static_cast<void>(sizeof(dependency_is_const_but_changed_by_an_action<Bare>));
  }
  template <class T>
  static constexpr void prove(needs<Makes<T>>) {
    if constexpr (!std::is_default_constructible_v<T>) prove(needs<Uses<T&>>{});
  }
  template <class Other>
  static constexpr void prove(needs<Other>) {}
};

/// Puts what was given where guards and actions find it: an object by reference, so that it must
/// outlive them; a temporary, or what a shared_ptr holds, together with its ownership.
template <class A>
void give(Surroundings& around, A&& what) {
  using Bare = std::remove_cvref_t<A>;
  if constexpr (is_shared<Bare>::value) {
    using D = std::remove_const_t<typename is_shared<Bare>::type>;
    auto pointer = std::make_shared<Bare>(what);
    around.add(tag_of<D>(), what.get(), what);
    around.add(tag_of<Bare>(), pointer.get(), pointer);
  } else if constexpr (std::is_lvalue_reference_v<A>) {
    around.add(tag_of<Bare>(), std::addressof(what), nullptr);
  } else {
    auto kept = std::make_shared<Bare>(std::forward<A>(what));
    around.add(tag_of<Bare>(), kept.get(), kept);
  }
}

/// The T that makes the table: the one that was given, or a new one.
template <class T>
T& table_maker(Surroundings& around) {
  if constexpr (std::is_default_constructible_v<T>)
    if (around.find(tag_of<T>()) == nullptr) {
      auto made = std::make_shared<T>();
      around.add(tag_of<T>(), made.get(), made);
    }
  return *static_cast<T*>(const_cast<void*>(around.find(tag_of<T>())));  // NOLINT: given as T&
}

template <class N>
struct made_by {
  using type = needs<>;
};
template <class T>
struct made_by<Makes<T>> {
  using type = std::conditional_t<std::is_default_constructible_v<T>, needs<T&>, needs<>>;
};
template <class... As, class... Ms>
Given<As..., Ms...> with(Given<As...>, needs<Ms...>);

/// Proves every need of a table. The structs of the table and of its composite states are given.
template <class T, class... As, class... Ns>
constexpr void prove_all(needs<Ns...>) {
  if constexpr (!std::is_default_constructible_v<T>) Given<As...>::prove(needs<Uses<const T&>>{});
  using Made = joined_needs<typename made_by<Ns>::type...>;
  using All = decltype(with(Given<As..., T&>{}, Made{}));
  (All::prove(needs<Ns>{}), ...);
}

}  // namespace skald::sml
