#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

#include "dsl/sml/actions.hpp"

/// What a row is made of: `state + event [guard] / action = state`, or `state <= state + event …`.
namespace skald::sml {

/// A finished row of a table.
template <class Needs>
class row {
 public:
  using needs_type = Needs;
  static constexpr bool leads_on = true;
  explicit row(RowSpec spec) : spec_(std::move(spec)) {}
  [[nodiscard]] const RowSpec& spec() const { return spec_; }

 private:
  RowSpec spec_;
};

template <class T>
inline constexpr bool is_state = false;
template <class T>
inline constexpr bool is_state<state_of<T>> = true;

template <class Needs, class N>
inline constexpr bool has_need = false;
template <class... Ns, class N>
inline constexpr bool has_need<needs<Ns...>, N> = (std::same_as<Ns, N> || ...);

template <class T>
concept CompositeTable = requires(T& table) {
  { table() } -> std::derived_from<Table>;
};
template <class T>
consteval auto needs_of_state() {
  if constexpr (CompositeTable<T>)
    return joined_needs<typename decltype(std::declval<T&>()())::needs_type, needs<Makes<T>>>{};
  else
    return needs<>{};
}
template <class T>
using needs_of_state_t = decltype(needs_of_state<T>());

/// Says what is wrong with a row's target; true when nothing is.
template <class Needs, class Target>
consteval bool target_is_right() {
  static_assert(is_state<Target>, "skald: after '=' stands a state: \"Paid\"_s, state<T> or X");
  static_assert(
      !has_need<Needs, wants_no_target>,
      "skald: on_entry<_>, on_exit<_> and 'defer' leave the state as it is; the row takes "
      "no target");
  return is_state<Target> && !has_need<Needs, wants_no_target>;
}

/// What follows the '+' of a row: a trigger of event type E with its guard and actions.
template <class E, class Needs = needs<>>
class part {
 public:
  explicit part(TriggerSpec trigger) { spec_.trigger = std::move(trigger); }
  explicit part(RowSpec spec) : spec_(std::move(spec)) {}

  template <class G>
  auto operator[](const G& guard) const {
    auto bound = bind_guard<E>(guard);
    RowSpec more = spec_;
    more.guard = std::move(bound.spec);
    return part<E, joined_needs<Needs, typename decltype(bound)::needs_type>>(std::move(more));
  }
  template <class A>
  auto operator/(const A& action) const {
    auto bound = bind_actions<E>(action);
    RowSpec more = spec_;
    for (auto& spec : bound.specs) more.actions.push_back(std::move(spec));
    return part<E, joined_needs<Needs, typename decltype(bound)::needs_type>>(std::move(more));
  }

  [[nodiscard]] const RowSpec& spec() const { return spec_; }

 private:
  RowSpec spec_;
};

/// A trigger alone, as the words event<T>, on_entry<_> and join<_> give it.
template <class E, class Needs = needs<>>
struct trigger {
  using no_function = void;
  TriggerSpec::Kind kind;
  std::string_view name{};
  TypeTag type = nullptr;
  std::uint32_t count = 0;

  [[nodiscard]] part<E, Needs> alone() const {
    return part<E, Needs>(TriggerSpec{kind, {std::string(name), type}, count, {}});
  }
  template <class G>
  auto operator[](const G& guard) const {
    return alone()[guard];
  }
  template <class A>
  auto operator/(const A& action) const {
    return alone() / action;
  }
  /// The event itself: `process_event("paid"_e())`.
  E operator()() const { return E{}; }
};

/// A row that has no target yet, and may stay without: then the state is not left.
template <class Needs>
class open_row {
 public:
  using needs_type = Needs;
  static constexpr bool leads_on = false;
  explicit open_row(RowSpec spec) : spec_(std::move(spec)) {}
  open_row(const open_row&) = default;

  template <class Target>
  auto operator=(const Target& target) const {  // NOLINT: the dialect's "goes to"
    if constexpr (target_is_right<Needs, Target>())
      return to<joined_needs<Needs, typename Target::needs_type>>(target.spec());
    else
      return to<needs<>>({});
  }
  row<Needs> operator=(const open_row&) const = delete;  // NOLINT: a row is no target

  /// `"A"_s [guard] / action = "B"_s`.
  template <class A>
  auto operator/(const A& action) const {
    auto more = part<no_event, Needs>(spec_) / action;
    return open_row<joined_needs<decltype(needs_in(more))>>(more.spec());
  }
  /// `*"A"_s [guard] = "B"_s`: the brackets bind before the star.
  open_row operator*() const {
    RowSpec marked = spec_;
    marked.source.initial = true;
    return open_row(std::move(marked));
  }
  [[nodiscard]] const RowSpec& spec() const { return spec_; }

 private:
  template <class E, class N>
  static N needs_in(const part<E, N>&);
  template <class All>
  row<All> to(const StateSpec& target) const {
    RowSpec finished = spec_;
    finished.target = target;
    return row<All>(std::move(finished));
  }

  RowSpec spec_;
};

/// A state as written in a row: "Name"_s and X (T is void), or state<T>.
template <class T = void>
class state_of {
 public:
  using no_function = void;
  using type = T;
  using needs_type = needs_of_state_t<T>;

  constexpr explicit state_of(StateSpec spec) : spec_(spec) {}
  constexpr state_of(const state_of&) = default;

  /// Marks the initial state of the table, or of one of its regions.
  constexpr state_of operator*() const {
    StateSpec marked = spec_;
    marked.initial = true;
    return state_of(marked);
  }
  /// `"A"_s(H)`: initial, and later the region goes on where it was left.
  template <class History>
  constexpr state_of operator()(const History&) const {
    static_assert(
        requires { typename History::skald_history; },
        "skald: a state is called with H only: \"Idle\"_s(H)");
    StateSpec marked = spec_;
    marked.initial = marked.history = true;
    return state_of(marked);
  }

  template <class E, class N>
  auto operator+(const part<E, N>& rest) const {
    RowSpec spec = rest.spec();
    spec.source = spec_;
    static_assert(
        !has_need<N, wants_composite> || CompositeTable<T>,
        "skald: join<_> is for composite states: state<T> whose operator() gives a table");
    return open_row<joined_needs<N, needs_type>>(std::move(spec));
  }
  template <class E, class N>
  auto operator+(const trigger<E, N>& bare) const {
    return *this + bare.alone();
  }
  template <class Other>
  auto operator+(const Other&) const {
    static_assert(!std::same_as<Other, Other>,
                  "skald: after '+' stands event<T>, on_entry<_>, on_exit<_>, unexpected_event<T>, "
                  "join<_>, after(...), at(...), done(...) or failed(...)");
    return open_row<needs<>>(RowSpec{});
  }
  /// Anonymous transitions: `"A"_s = "B"_s`, `"A"_s / action = "B"_s`, `"A"_s [guard] = "B"_s`.
  template <class U>
  auto operator=(const state_of<U>& target) const {  // NOLINT: the dialect's "goes to"
    return always() = target;
  }
  auto operator=(const state_of& target) const {  // NOLINT: the same, for T itself
    return always() = target;
  }
  template <class A>
  auto operator/(const A& action) const {
    return always() / action;
  }
  template <class G>
  auto operator[](const G& guard) const {
    return *this + part<no_event>(TriggerSpec{})[guard];
  }

  /// Prefix notation: `"B"_s <= "A"_s + event<paid>`.
  template <class N>
  auto operator<=(const open_row<N>& rest) const {
    return rest = *this;
  }
  template <class U>
  auto operator<=(const state_of<U>& source) const {
    return source = *this;
  }

  /// The name, with a zero behind it.
  [[nodiscard]] constexpr const char* c_str() const { return spec_.name.data(); }
  [[nodiscard]] constexpr const StateSpec& spec() const { return spec_; }

 private:
  [[nodiscard]] auto always() const { return *this + part<no_event>(TriggerSpec{}); }

  StateSpec spec_;
};

/// A table with what its rows need.
template <class Needs>
struct table_of : Table {
  using needs_type = Needs;
};

template <class R>
concept Row = requires(const R& row) {
  typename R::needs_type;
  { row.spec() } -> std::same_as<const RowSpec&>;
};
template <class R>
inline constexpr bool unwinds_to_nowhere = false;
template <Row R>
inline constexpr bool unwinds_to_nowhere<R> =
    !R::leads_on && has_need<typename R::needs_type, wants_target>;

/// What a row asks of whoever runs its table; what it asked of its own form is settled.
template <class N>
struct asked_of_table {
  using type = needs<N>;
};
template <>
struct asked_of_table<saga_only> {
  using type = needs<>;  // said once for the whole table
};
template <>
struct asked_of_table<wants_target> {
  using type = needs<>;
};
template <>
struct asked_of_table<wants_no_target> {
  using type = needs<>;
};
template <>
struct asked_of_table<wants_composite> {
  using type = needs<>;
};
template <class... Ns>
consteval auto needs_of_table(needs<Ns...>) {
  using Asked = joined_needs<typename asked_of_table<Ns>::type...>;
  if constexpr ((std::same_as<Ns, saga_only> || ...))
    return joined_needs<needs<saga_only>, Asked>{};
  else
    return Asked{};
}

/// The rows of a table, or of a composite state.
template <class... Rows>
auto make_transition_table(const Rows&... rows) {
  constexpr bool any = sizeof...(Rows) > 0;
  constexpr bool right = (Row<Rows> && ...);
  static_assert(any, "skald: a transition table needs at least one row");
  static_assert(right, "skald: a row reads: state + event [guard] / action = state");
  static_assert(!(unwinds_to_nowhere<Rows> || ...),
                "skald: 'unwind' needs a target to go to when it is done");
  if constexpr (any && right)
    return table_of<decltype(needs_of_table(joined_needs<typename Rows::needs_type...>{}))>{
        {{rows.spec()...}}};
  else
    return table_of<needs<>>{};
}

}  // namespace skald::sml
