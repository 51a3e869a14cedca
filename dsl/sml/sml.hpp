#pragma once

#include <memory>
#include <utility>

#include "dsl/sml/declarations.hpp"
#include "dsl/sml/given.hpp"
#include "dsl/sml/words.hpp"

/// Transition tables in the dialect of [Boost::ext].SML, with compensation; see README.md.
///
///     struct money_transfer {
///       static constexpr std::string_view name = "money-transfer";
///       auto operator()() const {
///         using namespace skald::sml;
///         return make_transition_table(
///             *"Initiated"_s + on_entry<_> / call(debit).undo(credit_back),
///              "Initiated"_s + event<account_debited>  = "Debited"_s,
///              …
namespace skald::sml {

/// Proves what a saga needs beyond what a machine run by itself does: payloads travel as JSON.
struct SagaNeeds {
  template <class E>
  static constexpr void prove(needs<Reads<E>>) {
    if constexpr (!Memberless<E> && !FromJson<E>)
      static_cast<void>(sizeof(event_payload_needs_from_json<E>));
  }
  template <class E>
  static constexpr void prove(needs<Writes<E>>) {
    if constexpr (!Memberless<E> && !ToJson<E>)
      static_cast<void>(sizeof(event_payload_needs_to_json<E>));
  }
  template <class Other>
  static constexpr void prove(needs<Other>) {}
  template <class... Ns>
  static constexpr void prove_all(needs<Ns...>) {
    (prove(needs<Ns>{}), ...);
  }
};

/// What T declares beside its rows.
template <class T>
Heading heading_of() {
  Heading heading;
  heading.ref.name = T::name;
  if constexpr (requires { T::version; }) heading.ref.version = T::version;
  if constexpr (requires { schema_of(T::input()); })
    heading.input = schema_of(T::input());
  else if constexpr (requires { T::input(); })
    heading.input = T::input();
  if constexpr (requires { T::business_key(); })
    heading.business_key = value(T::business_key);
  else if constexpr (requires { T::business_key; })
    heading.business_key = value(std::string_view(T::business_key));
  if constexpr (requires { T::deadline; }) heading.deadline = T::deadline;
  if constexpr (requires { T::on_deadline; }) heading.on_deadline = T::on_deadline;
  if constexpr (requires { T::signals(); }) heading.signals = T::signals();
  if constexpr (requires { T::tags(); }) heading.tags = T::tags();
  if constexpr (requires { T::locks(); }) heading.locks = T::locks();
  if constexpr (requires { &T::output; }) heading.output = value_of(&T::output);
  if constexpr (requires { T::unwind_order; }) heading.unwind_order = T::unwind_order;
  if constexpr (requires { T::on_undo_failure; }) heading.on_undo_failure = T::on_undo_failure;
  if constexpr (requires { T::migrations(); }) heading.migrations = T::migrations();
  if constexpr (requires { T::description; }) heading.description = T::description;
  return heading;
}

/// The Definition of T, checked. T has operator() giving its table and `static constexpr
/// std::string_view name`; what else it may declare is in README.md.
///
/// `dependencies` are given by type to guards and actions that ask for them: an object by
/// reference, which must then outlive the Definition and every copy of it; a temporary is moved
/// in, and a std::shared_ptr shared. They run on the thread that moves the saga.
/// Error: invalid_argument with one finding for everything that is wrong, by row.
template <class T, class... Dependencies>
[[nodiscard]] Result<Definition> define(Dependencies&&... dependencies) {
  constexpr bool named = requires { std::string_view(T::name); };
  static_assert(named, "skald: a saga has a name: static constexpr std::string_view name = ...");
  static_assert(CompositeTable<T>,
                "skald: a saga is a struct whose operator() gives make_transition_table(...)");
  if constexpr (named && CompositeTable<T>) {
    using Needs = typename decltype(std::declval<T&>()())::needs_type;
    prove_all<T, Dependencies...>(Needs{});
    SagaNeeds::prove_all(Needs{});
    auto around = std::make_shared<Surroundings>();
    (give<Dependencies>(*around, std::forward<Dependencies>(dependencies)), ...);
    const Table table = table_maker<T>(*around)();
    return build(heading_of<T>(), table, around);
  } else {
    return Error{};
  }
}

}  // namespace skald::sml
