#pragma once

// Included by each library's file after it has said what `sml` is: the same text must compile in
// both and take the same transitions. So it includes nothing itself.

namespace {

using skald::test::same::Counter;
using skald::test::same::e1;
using skald::test::same::e2;
using skald::test::same::e3;
using skald::test::same::e4;
using skald::test::same::Log;
using skald::test::same::stranger;

/// Which of the states are active.
template <class M, class... S>
std::string in(const M& machine, const S&... states) {
  std::string row;
  ((row += machine.is(states) ? '1' : '0'), ...);
  return row;
}
template <class Composite, class M, class... S>
std::string inside(const M& machine, const S&... states) {
  std::string row = "/";
  ((row += machine.template is<Composite>(states) ? '1' : '0'), ...);
  return row;
}

bool is_small(const e3& event) { return event.amount < 10; }
void write_small(Log& log) { log.push_back("small"); }

struct note {
  std::string text;
  void operator()(Log& log) const { log.push_back(text); }
};

/// States, events with data, guards with operators, action lists, functions, a terminal state.
struct basics {
  auto operator()() const {
    using namespace sml;
    const auto count = [](Counter& counter, const e3& event) { counter.value += event.amount; };
    const auto full = [](const Counter& counter) { return counter.value > 20; };
    const auto even = [](const e3& event) { return event.amount % 2 == 0; };
    const auto say = [](Log& log, const auto& event) { log.push_back(event.text); };
    return make_transition_table(
        *"empty"_s + event<e1> / note{"begin"} = "filling"_s,
        "filling"_s + event<e3>[full && !even] / note{"odd"} = "full"_s,
        "filling"_s + event<e3>[wrap(&is_small) || full] / (count, wrap(&write_small)),
        "filling"_s + event<e3> / (count, note{"big"}, note{"very"}) = "filling"_s,
        "full"_s + event<e4> / say = "empty"_s,
        "full"_s +
            event<e1>[([](const Counter& counter, const e1&) { return counter.value > 40; })] = X);
  }
  template <class M>
  static std::string where(const M& machine) {
    using namespace sml;
    return in(machine, "empty"_s, "filling"_s, "full"_s, X);
  }
};

class idle_state;
class busy_state;

/// Prefix notation, states by type, events by name, one state in many rows.
struct spellings {
  auto operator()() const {
    using namespace sml;
    const auto idle = state<idle_state>;
    const auto busy = state<busy_state>;
    return make_transition_table(
        busy <= *idle + event<e1> / note{"go"},                                       //
        idle <= busy + "stop"_e,                                                      //
        busy <= busy + event<e2> / note{"again"}, busy + event<e3> / note{"inside"},  //
        "over"_s <= busy + event<e3>[wrap(&is_small)], X <= busy + event<e4>);
  }
  template <class M>
  static std::string where(const M& machine) {
    using namespace sml;
    return in(machine, state<idle_state>, state<busy_state>, X);
  }
};

/// Entry and exit, on external, self and internal transitions.
struct entries {
  auto operator()() const {
    using namespace sml;
    return make_transition_table(
        *"a"_s + on_entry<_> / note{"+a"}, "a"_s + sml::on_exit<_> / note{"-a"},
        "b"_s + on_entry<_> / (note{"+b"}, note{"++b"}), "b"_s + sml::on_exit<_> / note{"-b"},
        "a"_s + event<e1> / note{"a>b"} = "b"_s, "b"_s + event<e1> / note{"b>b"} = "b"_s,
        "b"_s + event<e2> / note{"b"}, "b"_s + event<e3> / note{"b>a"} = "a"_s,
        "a"_s + event<e3>[wrap(&is_small)] = X);
  }
  template <class M>
  static std::string where(const M& machine) {
    using namespace sml;
    return in(machine, "a"_s, "b"_s, X);
  }
};

/// Anonymous transitions, one after the other, with guards and without.
struct anonymous_rows {
  auto operator()() const {
    using namespace sml;
    const auto add = [](Counter& counter) { ++counter.value; };
    const auto third = [](const Counter& counter) { return counter.value % 3 == 0; };
    return make_transition_table(*"start"_s / note{"started"} = "ready"_s,
                                 "ready"_s + event<e1> / add = "check"_s,
                                 "check"_s[third] / note{"third"} = "gift"_s, "check"_s = "ready"_s,
                                 "gift"_s / (note{"a"}, note{"b"}) = "ready"_s,
                                 "ready"_s + event<e2> = "last"_s, "last"_s = X);
  }
  template <class M>
  static std::string where(const M& machine) {
    using namespace sml;
    return in(machine, "start"_s, "ready"_s, "check"_s, "gift"_s, "last"_s, X);
  }
};

/// Regions: every region gets the event.
struct regions {
  auto operator()() const {
    using namespace sml;
    return make_transition_table(
        *"a"_s + event<e1> / note{"a"} = "b"_s, "b"_s + event<e2> / note{"b"} = "a"_s,
        "b"_s + event<e3> = X, *"p"_s + event<e1> / note{"p"} = "q"_s,
        "q"_s + event<e1> / note{"q"} = "p"_s, "q"_s + event<e3> / note{"end"} = X,
        *"watch"_s + event<e3> / note{"seen"}, "watch"_s + event<e2> = "blind"_s);
  }
  template <class M>
  static std::string where(const M& machine) {
    using namespace sml;
    return in(machine, "a"_s, "b"_s, "p"_s, "q"_s, "watch"_s, "blind"_s, X) +
           (machine.is("a"_s, "p"_s, "watch"_s) ? "!" : "") +
           (machine.is(X, X, "blind"_s) ? "?" : "");
  }
};

struct inner {
  auto operator()() const {
    using namespace sml;
    return make_transition_table(
        *"idle"_s + on_entry<_> / note{"+idle"}, "idle"_s + sml::on_exit<_> / note{"-idle"},
        "idle"_s + event<e1> / note{"inner"} = "on"_s, "on"_s + event<e1> = X,
        "on"_s + on_entry<_> / note{"+on"}, "on"_s + sml::on_exit<_> / note{"-on"});
  }
};

/// A composite state: entered anew, left from inside and outside, names used inside and outside.
struct composite {
  auto operator()() const {
    using namespace sml;
    return make_transition_table(*"idle"_s + event<e1> = state<inner>,
                                 state<inner> + on_entry<_> / note{"+inner"},
                                 state<inner> + sml::on_exit<_> / note{"-inner"},
                                 state<inner> + event<e2> / note{"out"} = "idle"_s,
                                 state<inner> + event<e1> / note{"outer"} = "on"_s,
                                 "on"_s + event<e2> = state<inner>, "on"_s + event<e1> = X);
  }
  template <class M>
  static std::string where(const M& machine) {
    using namespace sml;
    return in(machine, "idle"_s, state<inner>, "on"_s, X) +
           inside<decltype(state<inner>)>(machine, "idle"_s, "on"_s, X);
  }
};

struct deep {
  auto operator()() const {
    using namespace sml;
    return make_transition_table(*"x"_s + event<e1> = "y"_s, "y"_s + event<e2> / note{"deep"} = X);
  }
};
struct middle {
  auto operator()() const {
    using namespace sml;
    return make_transition_table(*state<deep> + event<e3> / note{"middle"} = "m"_s,
                                 "m"_s + event<e3> = X, *"beside"_s + event<e2> = "beyond"_s,
                                 "beyond"_s + event<e1> = X);
  }
};
/// Composite states inside composite ones, left by themselves when they have ended.
struct nested {
  auto operator()() const {
    using namespace sml;
    return make_transition_table(*state<middle> / note{"ended"} = "after"_s,
                                 "after"_s + event<e1> = state<middle>,
                                 state<middle> + event<e4> / note{"outer"});
  }
  template <class M>
  static std::string where(const M& machine) {
    using namespace sml;
    return in(machine, state<middle>, "after"_s) +
           inside<decltype(state<middle>)>(machine, state<deep>, "m"_s, "beside"_s, "beyond"_s, X) +
           inside<decltype(state<deep>)>(machine, "x"_s, "y"_s, X);
  }
};

struct remembers {
  auto operator()() const {
    using namespace sml;
    return make_transition_table("one"_s(H) + event<e1> = "two"_s, "two"_s + event<e1> = "three"_s,
                                 "three"_s + event<e1> = "one"_s,
                                 *"other"_s + event<e1> = "changed"_s);
  }
};
/// Shallow history, of one region of two.
struct history {
  auto operator()() const {
    using namespace sml;
    return make_transition_table(*"out"_s + event<e2> = state<remembers>,
                                 state<remembers> + event<e2> = "out"_s,
                                 state<remembers> + event<e3> = state<remembers>);
  }
  template <class M>
  static std::string where(const M& machine) {
    using namespace sml;
    return in(machine, "out"_s, state<remembers>)+inside<decltype(state<remembers>)>(
        machine, "one"_s, "two"_s, "three"_s, "other"_s, "changed"_s);
  }
};

/// Unexpected events: of one type, in one region or another, and of types no row names.
struct unexpected {
  auto operator()() const {
    using namespace sml;
    return make_transition_table(*"a"_s + event<e1> = "b"_s, "b"_s + event<e2> = "a"_s,
                                 "b"_s + unexpected_event<e1> / note{"no e1 in b"},
                                 "a"_s + event<e3>[wrap(&is_small)] / note{"small"},
                                 "a"_s + unexpected_event<e3> / note{"never: a has a row for e3"},
                                 *"calm"_s + unexpected_event<e2> / note{"e2"} = "alarmed"_s,
                                 "alarmed"_s + unexpected_event<_> / note{"strange"} = "calm"_s);
  }
  template <class M>
  static std::string where(const M& machine) {
    using namespace sml;
    return in(machine, "a"_s, "b"_s, "calm"_s, "alarmed"_s);
  }
};

/// Rows for any event come after those that name theirs.
struct any_event {
  auto operator()() const {
    using namespace sml;
    return make_transition_table(
        *"a"_s + event<_> / note{"any"} = "b"_s, "a"_s + event<e1> / note{"e1"},
        "b"_s + event<e2> / note{"e2"} = "a"_s,
        "b"_s + event<e3>[wrap(&is_small)] / note{"e3"} = "a"_s, "b"_s + event<_> / note{"stay"});
  }
  template <class M>
  static std::string where(const M& machine) {
    using namespace sml;
    return in(machine, "a"_s, "b"_s);
  }
};

/// Deferred events come back, the oldest first, whenever the state changes.
struct deferring {
  auto operator()() const {
    using namespace sml;
    const auto say = [](Log& log, const e4& event) { log.push_back(event.text); };
    return make_transition_table(
        *"a"_s + event<e1> / defer, "a"_s + event<e4> / defer, "a"_s + event<e2> = "b"_s,
        "b"_s + event<e4> / say, "b"_s + event<e1> / note{"b"} = "c"_s, "b"_s + event<e3> = "a"_s,
        "c"_s + event<e1> / defer, "c"_s + event<e4> / say = "d"_s, "c"_s + event<e2> = "a"_s,
        "d"_s + event<e1> / note{"d"} = "a"_s, "d"_s + event<e2> = "b"_s);
  }
  template <class M>
  static std::string where(const M& machine) {
    using namespace sml;
    return in(machine, "a"_s, "b"_s, "c"_s, "d"_s);
  }
};

/// Events that actions raise are handled when the present one and what follows of it is done.
struct processing {
  auto operator()() const {
    using namespace sml;
    return make_transition_table(
        *"a"_s + event<e1> / (process(e2{}), note{"first"}, process(e1{})) = "b"_s, "b"_s = "c"_s,
        "b"_s + event<e2> / note{"too early"} = "wrong"_s,
        "c"_s + event<e2> / process(e3{5}) = "d"_s,
        "d"_s + event<e3>[wrap(&is_small)] / process(e4{"hello"}) = "a"_s,
        "a"_s + event<e4> / [](Log& log, const e4& event) { log.push_back(event.text); },
        "a"_s + event<e2> / process(e2{}) = "c"_s, "c"_s + event<e1> / note{"back"} = "a"_s,
        "d"_s + event<e1> / note{"e1"});
  }
  template <class M>
  static std::string where(const M& machine) {
    using namespace sml;
    return in(machine, "a"_s, "b"_s, "c"_s, "d"_s);
  }
};

/// Member functions of the table's own struct, and actions that hold on to it.
struct members {
  auto operator()() {
    using namespace sml;
    return make_transition_table(
        *"a"_s + event<e3>[&members::enough] / &members::spend = "b"_s,
        "b"_s + event<e1> / [this](Log& log) { log.push_back(held); } = "a"_s,
        "a"_s + event<e3> / note{"poor"});
  }
  std::string held = "held";
  bool enough(const e3& event, const Counter& counter) const {
    return counter.value + event.amount > 10;
  }
  void spend(Counter& counter, Log& log) {
    counter.value -= 5;
    log.push_back("spent");
  }
  template <class M>
  static std::string where(const M& machine) {
    using namespace sml;
    return in(machine, "a"_s, "b"_s);
  }
};

template <class M>
bool send(M& machine, int event) {
  using namespace sml;
  switch (event) {
    case 0:
      return machine.process_event(e1{});
    case 1:
      return machine.process_event(e2{});
    case 2:
      return machine.process_event(e3{7});
    case 3:
      return machine.process_event(e3{12});
    case 4:
      return machine.process_event(e4{"text"});
    case 5:
      return machine.process_event(stranger{});
    default:
      return machine.process_event("stop"_e());
  }
}

std::string after(Log& log) {
  std::string text;
  for (const auto& line : log) text += " " + line;
  log.clear();
  return text;
}

template <template <class> class Machine, class T>
std::vector<std::string> trace(const std::vector<int>& events) {
  Log log;
  Counter counter;
  T table{};
  Machine<T> machine{table, log, counter};
  std::vector<std::string> lines{T::where(machine) + after(log)};
  for (const int event : events) {
    const bool handled = send(machine, event);
    lines.push_back((handled ? "y " : "n ") + T::where(machine) + after(log));
  }
  return lines;
}

template <template <class> class Machine>
std::vector<skald::test::same::SameTable> all_tables() {
  return {{"basics", 5, &trace<Machine, basics>},
          {"spellings", 7, &trace<Machine, spellings>},
          {"entries", 4, &trace<Machine, entries>},
          {"anonymous", 2, &trace<Machine, anonymous_rows>},
          {"regions", 4, &trace<Machine, regions>},
          {"composite", 3, &trace<Machine, composite>},
          {"nested", 5, &trace<Machine, nested>},
          {"history", 3, &trace<Machine, history>},
          {"unexpected", 6, &trace<Machine, unexpected>},
          {"any_event", 6, &trace<Machine, any_event>},
          {"deferring", 5, &trace<Machine, deferring>},
          {"processing", 6, &trace<Machine, processing>},
          {"members", 4, &trace<Machine, members>}};
}

}  // namespace
