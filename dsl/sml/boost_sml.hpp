#pragma once

#include <boost/sml.hpp>
#include <memory>
#include <type_traits>
#include <utility>

#include "dsl/sml/sml.hpp"

/// Genuine [Boost::ext].SML tables as ours: `define<genuine<my_table>>(dependencies…)` for a T
/// whose operator() gives a boost::sml table, and `sm<genuine<my_table>>` likewise. Written against
/// SML 1.1.13; only where <boost/sml.hpp> is installed.
///
/// Guards and actions are called as SML calls them. An action list is one action here, its
/// process(…) come after it, and those in a list must be of events without members.
namespace skald::sml {

/// The names SML gives to what a transition is made of.
namespace theirs {

namespace aux = boost::sml::aux;
namespace back = boost::sml::back;
namespace front = boost::sml::front;

/// Stands for the event where a row has none of one type.
struct nothing {};

/// Takes what `process` and `defer` do, which our rows say as actions of their own.
struct Queue {
  std::shared_ptr<const void> last{};
  template <class E>
  void push(const E& event) {
    last = std::make_shared<const E>(event);
  }
  template <class E>
  void push_back(const E&) {}
};
struct Root {
  using logger_t = back::no_policy;
  using sm_t = Root;
  Queue process_{};
  Queue defer_{};
  bool defer_processing_ = false;
  bool defer_again_ = false;
};

/// The event type of a row's guard and actions, and how it reads in our rows.
template <class E>
struct event_of {
  using type = E;
  static TriggerSpec trigger() {
    return {TriggerSpec::Kind::event, {std::string(type_name<E>()), tag_of<E>()}, 0, {}};
  }
};
template <char... Cs>
struct event_of<aux::string<char, Cs...>> {
  using type = aux::string<char, Cs...>;
  static TriggerSpec trigger() {
    return {TriggerSpec::Kind::event, {std::string{Cs...}, tag_of<type>()}, 0, {}};
  }
};
template <TriggerSpec::Kind kind>
struct untyped_event {
  using type = nothing;
  static TriggerSpec trigger() { return {kind, {}, 0, {}}; }
};
template <>
struct event_of<back::_> : untyped_event<TriggerSpec::Kind::any_event> {};
template <>
struct event_of<back::anonymous> : untyped_event<TriggerSpec::Kind::always> {};
template <class T, class E>
struct event_of<back::on_entry<T, E>> : untyped_event<TriggerSpec::Kind::entry> {
  static_assert(std::is_same_v<E, back::_>, "skald: write on_entry<_> and on_exit<_>");
};
template <class T, class E>
struct event_of<back::on_exit<T, E>> : untyped_event<TriggerSpec::Kind::exit> {
  static_assert(std::is_same_v<E, back::_>, "skald: write on_entry<_> and on_exit<_>");
};
template <class T, class E>
struct event_of<back::unexpected_event<T, E>> : event_of<T> {
  static TriggerSpec trigger() {
    TriggerSpec expected = event_of<T>::trigger();
    expected.kind = TriggerSpec::Kind::unexpected;
    return expected;
  }
};
template <class E>
struct event_of<back::unexpected_event<back::_, E>>
    : untyped_event<TriggerSpec::Kind::unexpected_any> {};
template <class T, class E>
struct event_of<back::exception<T, E>> {
  static_assert(!std::is_same_v<T, T>, "skald: exceptions are no events here");
};

}  // namespace theirs

template <class T>
struct genuine;

namespace theirs {

/// A state of theirs as one of ours.
template <class S>
struct state_as_ours {
  using composite = void;
  static StateSpec spec() { return spec_of_state<S>(); }
};
template <char... Cs>
struct state_as_ours<aux::string<char, Cs...>> {
  using composite = void;
  static StateSpec spec() {
    static constexpr char name[]{Cs..., 0};
    return {.name = {name, sizeof...(Cs)}};
  }
};
template <>
struct state_as_ours<back::terminate_state> {
  using composite = void;
  static StateSpec spec() { return X.spec(); }
};
template <class T, class... Policies>
struct state_as_ours<back::sm<back::sm_policy<T, Policies...>>> {
  using composite = genuine<T>;
  static StateSpec spec() {
    StateSpec made = spec_of_state<T>();
    made.type = tag_of<T>();
    made.sub = &table_of_composite<genuine<T>>;
    return made;
  }
};

/// One guard or action with what SML says it depends on, called with arguments of ours.
template <class Self, class E, class F, class... Ds>
auto called_by_us(Self* self, F function, aux::type_list<Ds...>) {
  return [self, function](const Context& context) mutable {
    [[maybe_unused]] const auto argument = [&]<class D>(std::type_identity<D>) -> D {
      if constexpr (std::is_same_v<std::remove_cvref_t<D>, Self>)
        return static_cast<D>(*self);
      else
        return static_cast<D>(argument_for<D, nothing>(context).get());
    };
    aux::pool<Ds...> dependencies{argument(std::type_identity<Ds>{})...};
    aux::pool<Root> subs{Root{}};
    Root root;
    const auto call = [&](const E& event) {
      return front::call<E, front::args_t<F, E>, back::no_policy>::execute(function, event, root,
                                                                           dependencies, subs);
    };
    if constexpr (std::is_same_v<E, nothing>)
      return call(nothing{});
    else
      return call(EventArgument<E>(context).get());
  };
}

template <class Self, class D>
consteval auto need_of() {
  if constexpr (std::is_same_v<std::remove_cvref_t<D>, Self>)
    return needs<>{};
  else
    return needs_of_parameter<D, nothing>();
}
template <class Self, class... Ds>
joined_needs<decltype(need_of<Self, Ds>())...> needs_of_all(aux::type_list<Ds...>);

/// What the actions of a row are made of.
template <class A>
struct action_parts {
  static void add(std::vector<ActionSpec>&) {}
  static constexpr bool runs = true;
};
template <>
struct action_parts<front::none> {
  static void add(std::vector<ActionSpec>&) {}
  static constexpr bool runs = false;
};
template <>
struct action_parts<front::actions::defer> {
  static void add(std::vector<ActionSpec>& actions) { actions.push_back(DeferSpec{}); }
  static constexpr bool runs = false;
};
template <class E>
struct action_parts<front::actions::process::process_impl<E>> {
  static void add(std::vector<ActionSpec>& actions) {
    static_assert(Memberless<E>,
                  "skald: in an action list of a genuine SML table, process(...) takes events "
                  "without members");
    actions.push_back(as_action(process_action<E>{}));
  }
  static constexpr bool runs = false;
};
template <class... As>
struct action_parts<front::seq_<As...>> {
  static void add(std::vector<ActionSpec>& actions) {
    (action_parts<typename As::type>::add(actions), ...);
  }
  static constexpr bool runs = (action_parts<typename As::type>::runs || ...);
};

/// A process(…) that stands alone: the event it holds is taken out of it.
template <class A>
struct alone {
  static constexpr bool is = false;
};
template <class E>
struct alone<front::actions::process::process_impl<E>> {
  static constexpr bool is = true;
  template <class A>
  static ActionSpec action(A held) {
    aux::pool<Root> subs{Root{}};
    Root root;
    aux::pool<> dependencies;
    held(nothing{}, root, dependencies, subs);
    const auto& queue = aux::get<Root>(subs).process_;
    return as_action(process_action<E>{*static_cast<const E*>(queue.last.get())});
  }
};

template <class A>
struct unwrapped {
  using type = A;
};
template <class A>
struct unwrapped<aux::zero_wrapper<A>> {
  using type = A;
};

template <class Self, class Row>
RowSpec row_as_ours(Self* self, const Row& row) {
  using E = typename event_of<typename Row::event>::type;
  using A = typename unwrapped<typename Row::action>::type;
  RowSpec made{.source = state_as_ours<typename Row::src_state>::spec(),
               .trigger = event_of<typename Row::event>::trigger(),
               .guard = {},
               .actions = {},
               .target = {}};
  made.source.initial = Row::initial;
  made.source.history = Row::history;
  if constexpr (!std::is_same_v<typename Row::dst_state, front::internal>)
    made.target = state_as_ours<typename Row::dst_state>::spec();
  using Dependencies = typename Row::deps;
  if constexpr (!std::is_same_v<typename Row::guard, front::always>)
    made.guard = GuardSpec{"", called_by_us<Self, E>(self, row.g, Dependencies{})};
  if constexpr (alone<A>::is) {
    made.actions.push_back(alone<A>::action(row.a));
  } else {
    if constexpr (action_parts<A>::runs)
      made.actions.push_back(RunSpec{"", called_by_us<Self, E>(self, row.a, Dependencies{})});
    action_parts<A>::add(made.actions);
  }
  return made;
}

template <class S>
using needs_of_their_state = needs_of_state_t<typename state_as_ours<S>::composite>;

template <class Self, class Row>
using needs_of_their_row = joined_needs<decltype(needs_of_all<Self>(typename Row::deps{})),
                                        needs_of_their_state<typename Row::src_state>,
                                        needs_of_their_state<typename Row::dst_state>>;

template <class Self, class... Rows>
auto table_as_ours(Self* self, const aux::pool<Rows...>& rows) {
  return table_of<joined_needs<needs_of_their_row<Self, Rows>...>>{
      {{row_as_ours(self, static_cast<const aux::pool_type<Rows>&>(rows).value)...}}};
}

}  // namespace theirs

/// T with its SML table as one of ours. What T declares beside its rows counts as for define().
template <class T>
struct genuine : T {
  using T::T;
  genuine() = default;
  explicit genuine(const T& table) : T(table) {}

  auto operator()() { return theirs::table_as_ours(static_cast<T*>(this), T::operator()()); }
};

}  // namespace skald::sml
