#pragma once

#include "dsl/sml/rows.hpp"

/// The words of a table.
namespace skald::sml {

inline namespace literals {
constexpr state_of<> operator""_s(const char* name, std::size_t size) {
  return state_of<>({.name = std::string_view(name, size)});
}
/// An event without data that needs no type: `"a"_s + "paid"_e`, `process_event("paid"_e())`.
template <Text name>
constexpr auto operator""_e() {
  using E = named_event<name>;
  return trigger<E>{TriggerSpec::Kind::event, E::event_name, tag_of<E>()};
}
}  // namespace literals

/// The end. `"Done"_s = X` makes Done a final state.
inline constexpr state_of<> X{{.name = "X", .terminal = true}};

/// Makes the table of a composite state: of the T that was given, or of a new one, which its guards
/// and actions keep.
template <CompositeTable T>
Table table_of_composite(Surroundings& around) {
  if constexpr (std::is_default_constructible_v<T>)
    if (around.find(tag_of<T>()) == nullptr) {
      auto made = std::make_shared<T>();
      around.add(tag_of<T>(), made.get(), made);
    }
  return (
      *static_cast<T*>(const_cast<void*>(around.find(tag_of<T>()))))();  // NOLINT: given mutable
}

template <class T>
constexpr StateSpec spec_of_state() {
  StateSpec spec{.name = {stored_type_name<T>.data(), stored_type_name<T>.size() - 1},
                 .type = tag_of<T>()};
  if constexpr (CompositeTable<T>) spec.sub = &table_of_composite<T>;
  return spec;
}

/// A state named after T. When T has an operator() that gives a table, the state is composite; a
/// type that is only declared will do for a simple one.
template <class T>
inline constexpr state_of<T> state{spec_of_state<T>()};

struct history_t {
  using skald_history = void;
};
/// Marks the initial state of a region with (shallow) history: `"Idle"_s(H)`.
inline constexpr history_t H{};

/// Stands for "any" in event<_>, on_entry<_> and join<_>.
struct _ {};

/// A transition taken when T was raised. event<_>: on every event no other row of the state names.
template <class T>
inline constexpr trigger<T> event{TriggerSpec::Kind::event, event_name<T>(), tag_of<T>()};
template <>
inline constexpr trigger<no_event> event<_>{TriggerSpec::Kind::any_event};

/// A transition taken when T, or with `_` any event, came and nothing else handles it.
template <class T>
inline constexpr trigger<T> unexpected_event{TriggerSpec::Kind::unexpected, event_name<T>(),
                                             tag_of<T>()};
template <>
inline constexpr trigger<no_event> unexpected_event<_>{TriggerSpec::Kind::unexpected_any};

template <class T, TriggerSpec::Kind kind>
consteval trigger<no_event, needs<wants_no_target>> entry_or_exit() {
  static_assert(std::same_as<T, _>, "skald: write on_entry<_> and on_exit<_>");
  return {kind};
}
/// Actions run when the state is entered, or left: `"A"_s + on_entry<_> / call(…)`.
template <class T>
inline constexpr auto on_entry = entry_or_exit<T, TriggerSpec::Kind::entry>();
template <class T>
inline constexpr auto on_exit = entry_or_exit<T, TriggerSpec::Kind::exit>();

/// A transition taken when the regions of a composite state have reached their end: all of them,
/// one, or n. With fewer than all, what the others did is undone.
using join_trigger = trigger<no_event, needs<wants_composite>>;
template <class>
inline constexpr join_trigger join{TriggerSpec::Kind::joined};
template <class>
inline constexpr join_trigger join_any{TriggerSpec::Kind::joined, {}, nullptr, 1};
template <std::uint32_t n>
inline constexpr join_trigger join_n{TriggerSpec::Kind::joined, {}, nullptr, n};

/// Transitions on the outcomes of an operation that names no events of its own.
inline part<no_event> done(const operation& what) {
  return part<no_event>(TriggerSpec{TriggerSpec::Kind::event, what.spec().done_event, 0, {}});
}
inline part<no_event> failed(const operation& what) {
  return part<no_event>(TriggerSpec{TriggerSpec::Kind::event, what.spec().failed_event, 0, {}});
}

/// A transition taken when the state has been active for so long.
inline part<no_event, needs<saga_only>> after(Duration time) {
  TriggerSpec trigger{.kind = TriggerSpec::Kind::after, .event = {}};
  trigger.timer.after = time;
  return part<no_event, needs<saga_only>>(std::move(trigger));
}
/// The same, at an instant (RFC 3339 text) or after a time ("90s") that `make` makes of the saga
/// when the state is entered.
template <class F>
part<no_event, needs<saga_only>> at(F make) {
  TriggerSpec trigger{.kind = TriggerSpec::Kind::after, .event = {}};
  trigger.timer.at = value_of(std::move(make));
  return part<no_event, needs<saga_only>>(std::move(trigger));
}

}  // namespace skald::sml
