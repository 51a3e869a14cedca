#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

#include "dsl/sml/actions.hpp"

namespace skald::sml {

/// A finished or growing row of a table.
class row {
 public:
  explicit row(RowSpec spec) : spec_(std::move(spec)) {}
  [[nodiscard]] const RowSpec& spec() const { return spec_; }

 private:
  RowSpec spec_;
};

class state_ref;

/// What follows the '+' of a row: a trigger with its guard and actions.
class part {
 public:
  explicit part(TriggerSpec trigger) { spec_.trigger = std::move(trigger); }

  part operator[](Guard guard) const {
    part copy = *this;
    copy.spec_.guard = std::move(guard);
    return copy;
  }
  template <IsAction A>
  part operator/(const A& action) const {
    part copy = *this;
    copy.spec_.actions.push_back(as_action(action));
    return copy;
  }
  part operator/(const action_list& list) const {
    part copy = *this;
    auto& actions = copy.spec_.actions;
    actions.insert(actions.end(), list.actions.begin(), list.actions.end());
    return copy;
  }

  [[nodiscard]] const RowSpec& spec() const { return spec_; }

 private:
  RowSpec spec_;
};

/// A trigger alone, as the words event<T>, on_entry<_> and join<_> give it.
struct trigger {
  TriggerSpec::Kind kind;
  std::string_view name;

  operator part() const { return part({kind, std::string(name)}); }  // NOLINT: reads as one
  part operator[](Guard guard) const { return part(*this)[std::move(guard)]; }
  template <class Action>
  part operator/(const Action& action) const {
    return part(*this) / action;
  }
};

/// A row under way: it can still be given a target.
class open_row : public row {
 public:
  using row::row;
  row operator=(const state_ref& target) const;  // NOLINT: the dialect's "goes to"
  open_row(const open_row&) = default;

  /// `"A"_s [guard] / action = "B"_s`.
  template <IsAction A>
  open_row operator/(const A& action) const {
    return *this / action_list{{as_action(action)}};
  }
  open_row operator/(const action_list& list) const {
    RowSpec more = spec();
    more.actions.insert(more.actions.end(), list.actions.begin(), list.actions.end());
    return open_row(std::move(more));
  }
  /// `*"A"_s [guard] = "B"_s`: the brackets bind before the star.
  open_row operator*() const {
    RowSpec marked = spec();
    marked.source.initial = true;
    return open_row(std::move(marked));
  }
};

/// A state as written in a row: "Name"_s, state<composite> or X.
class state_ref {
 public:
  constexpr explicit state_ref(StateSpec spec) : spec_(spec) {}
  constexpr state_ref(const state_ref&) = default;

  /// Marks the initial state of the table, or of one of its regions.
  constexpr state_ref operator*() const {
    return state_ref({spec_.name, true, spec_.terminal, spec_.sub});
  }
  open_row operator+(const part& rest) const {
    RowSpec spec = rest.spec();
    spec.source = spec_;
    return open_row(std::move(spec));
  }
  /// Anonymous transitions: `"A"_s = "B"_s`, `"A"_s / action = "B"_s`, `"A"_s [guard] = "B"_s`.
  row operator=(const state_ref& target) const {  // NOLINT: the dialect's "goes to"
    return (*this + part({})) = target;
  }
  template <class Action>
  open_row operator/(const Action& action) const {
    return *this + part({}) / action;
  }
  open_row operator[](Guard guard) const { return *this + part({})[std::move(guard)]; }

  [[nodiscard]] const StateSpec& spec() const { return spec_; }

 private:
  StateSpec spec_;
};

inline row open_row::operator=(const state_ref& target) const {
  RowSpec finished = spec();
  finished.target = target.spec();
  return row(std::move(finished));
}

inline namespace literals {
constexpr state_ref operator""_s(const char* name, std::size_t size) {
  return state_ref({.name = std::string_view(name, size)});
}
}  // namespace literals

/// The end. `"Done"_s = X` makes Done a final state.
inline constexpr state_ref X{{.name = "X", .terminal = true}};

/// Stands for "any" in on_entry<_> and join<_>.
struct _ {};

/// A transition taken when T was raised.
template <class T>
inline constexpr trigger event{TriggerSpec::Kind::event, type_name<T>()};

/// Actions run when the state is entered: `"A"_s + on_entry<_> / call(…)`.
template <class>
inline constexpr trigger on_entry{TriggerSpec::Kind::entry, {}};

/// A transition taken when every region of a composite state has reached its end.
template <class>
inline constexpr trigger join{TriggerSpec::Kind::joined, {}};

/// Transitions on the outcomes of an operation that names no events of its own.
inline part done(const operation& what) {
  return part({TriggerSpec::Kind::event, what.spec().done_event});
}
inline part failed(const operation& what) {
  return part({TriggerSpec::Kind::event, what.spec().failed_event});
}

/// The rows of a table, or of a composite state.
template <class... Rows>
Table make_transition_table(const Rows&... rows) {
  static_assert(sizeof...(Rows) > 0, "skald: a transition table needs at least one row");
  static_assert((std::derived_from<Rows, row> && ...),
                "skald: a row reads: state + event [guard] / action = state");
  return {{rows.spec()...}};
}

/// A composite state: T is a struct like a saga's, whose operator() gives its table.
template <class T>
inline constexpr state_ref state{{.name = type_name<T>(), .sub = [] { return Table(T{}()); }}};

}  // namespace skald::sml
