#pragma once

#include "dsl/sml/rows.hpp"

/// Transition tables in the dialect of [Boost::ext].SML, with compensation.
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

/// The Definition of T, checked. T has operator() giving its table and `static constexpr
/// std::string_view name`; it may have `version` (default 1), `input()` giving fields(…),
/// `business_key` (the name of a text field), `deadline` (a duration) and `on_deadline`.
/// Error: invalid_argument with one finding for everything that is wrong, by row.
template <class T>
[[nodiscard]] Result<Definition> define() {
  Heading heading;
  heading.ref.name = T::name;
  if constexpr (requires { T::version; }) heading.ref.version = T::version;
  if constexpr (requires { T::input(); }) heading.input = T::input();
  if constexpr (requires { T::business_key; }) heading.business_key_field = T::business_key;
  if constexpr (requires { T::deadline; }) heading.deadline = T::deadline;
  if constexpr (requires { T::on_deadline; }) heading.on_deadline = T::on_deadline;
  return build(heading, T{}());
}

}  // namespace skald::sml
