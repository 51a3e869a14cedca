#include <doctest/doctest.h>

#include <memory>
#include <mutex>
#include <queue>
#include <stdexcept>

#include "dsl/sml/sm.hpp"

/// A table run by itself: what sm<T> does beyond taking transitions (those are in sml_same.cpp).
namespace skald::test {

namespace {

using namespace skald::sml;

struct go {};
struct stop {};
struct load {
  std::shared_ptr<int> value;
};

struct light {
  auto operator()() const {
    return make_transition_table(*"off"_s + event<go> = "on"_s, "on"_s + event<stop> = "off"_s,
                                 *"calm"_s + event<stop> = state<class Worried>);
  }
};

std::string visited(const sm<light>& machine) {
  std::string names;
  machine.visit_current_states(
      [&](const auto& state) { names += std::string(state.c_str()) + " "; });
  return names;
}

TEST_CASE("a machine tells its states, by region") {
  sm<light> machine;
  CHECK(visited(machine) == "off calm ");
  CHECK(machine.is("off"_s));
  CHECK(machine.is("off"_s, "calm"_s));
  CHECK_FALSE(machine.is("calm"_s, "off"_s));
  CHECK(machine.process_event(go{}));
  CHECK_FALSE(machine.process_event(go{}));
  CHECK(machine.process_event(stop{}));
  CHECK(visited(machine) == "off Worried ");
  CHECK(std::string_view("off"_s.c_str()) == "off");
}

TEST_CASE("a machine can be moved and goes on") {
  sm<light> machine;
  machine.process_event(go{});
  sm<light> moved = std::move(machine);
  CHECK(moved.is("on"_s));
  moved.process_event(stop{});
  CHECK(moved.is("off"_s));
}

struct fragile {
  auto operator()() const {
    const auto drop = [](int& dropped) {
      ++dropped;
      throw std::runtime_error("dropped");
    };
    const auto odd = []() -> bool { throw 7; };
    return make_transition_table(*"a"_s + event<go> / drop = "b"_s,
                                 "a"_s + event<stop>[odd] = "b"_s, "a"_s + event<load> = "b"_s);
  }
};

TEST_CASE("an exception reaches the caller, and the machine is where it was") {
  int dropped = 0;
  sm<fragile> machine{dropped};
  CHECK_THROWS_WITH_AS(machine.process_event(go{}), "dropped", std::runtime_error);
  CHECK(dropped == 1);
  CHECK(machine.is("a"_s));
  CHECK_THROWS_AS(machine.process_event(stop{}), int);
  CHECK(machine.is("a"_s));
  CHECK(machine.process_event(load{}));
  CHECK(machine.is("b"_s));
}

struct keeper {
  auto operator()() const {
    return make_transition_table(
        *"a"_s + event<load> / defer, "a"_s + event<go> = "b"_s,
        "b"_s + event<load> / [](int& sum, const load& event) { sum += *event.value; });
  }
};

TEST_CASE("deferred events keep their objects, and let them go when they are handled") {
  int sum = 0;
  sm<keeper> machine{sum};
  const auto value = std::make_shared<int>(5);
  machine.process_event(load{value});
  CHECK(value.use_count() == 2);
  machine.process_event(go{});
  CHECK(sum == 5);
  CHECK(value.use_count() == 1);
}

struct counts_waiting {
  auto operator()() const {
    return make_transition_table(*"a"_s + event<go> / ([](int& waiting) { ++waiting; }, defer),
                                 "a"_s + event<stop> = "b"_s, "b"_s + event<go> = X);
  }
};

TEST_CASE("actions beside defer run at once") {
  int waiting = 0;
  sm<counts_waiting> machine{waiting};
  CHECK(machine.process_event(go{}));
  CHECK(waiting == 1);
  CHECK(machine.process_event(stop{}));
  CHECK(machine.is(X));
  CHECK(waiting == 1);
}

struct uncopyable {
  std::unique_ptr<int> value;
};
struct takes_uncopyable {
  auto operator()() const {
    return make_transition_table(
        *"a"_s + event<uncopyable> / [](int& sum, const uncopyable& event) { sum = *event.value; });
  }
};

TEST_CASE("an event that cannot be copied is handled where it is") {
  int sum = 0;
  sm<takes_uncopyable> machine{sum};
  CHECK(machine.process_event(uncopyable{std::make_unique<int>(9)}));
  CHECK(sum == 9);
}

TEST_CASE("the struct of the table can be given, and be had back") {
  struct own {
    auto operator()() {
      return make_transition_table(*"a"_s + event<go> / [this] { ++seen; });
    }
    int seen = 0;
  };
  own mine;
  sm<own> given{mine};
  given.process_event(go{});
  CHECK(mine.seen == 1);
  sm<own> made;
  made.process_event(go{});
  CHECK(static_cast<const own&>(made).seen == 1);
}

TEST_CASE("a lambda can be the table") {
  const auto make = [] { return make_transition_table(*"a"_s + event<go> = X); };
  sm<decltype(make)> machine{make};
  machine.process_event(go{});
  CHECK(machine.is(X));
  CHECK_FALSE(machine.process_event(go{}));
}

/// Counts how often it was taken.
struct CountingLock {
  static inline int locked = 0;
  void lock() { ++locked; }
  void unlock() {}
};

TEST_CASE("policies of SML are taken; thread_safe takes its lock for every event") {
  sm<light, thread_safe<CountingLock>, process_queue<std::queue>> machine;
  machine.process_event(go{});
  machine.process_event(stop{});
  CHECK(CountingLock::locked == 2);
  const sm<light, thread_safe<std::recursive_mutex>> safe;
  CHECK(safe.is("off"_s));
}

namespace one {
struct same {};
}  // namespace one
namespace two {
struct same {};
}  // namespace two
struct twins {
  auto operator()() const {
    return make_transition_table(*state<one::same> + event<one::same> = state<two::same>,
                                 state<two::same> + event<two::same> = "same"_s,
                                 "same"_s + event<one::same> = X);
  }
};

TEST_CASE("in a machine types are what they are, whatever their names") {
  sm<twins> machine;
  CHECK(machine.is(state<one::same>));
  CHECK_FALSE(machine.is("same"_s));
  CHECK_FALSE(machine.process_event(two::same{}));
  CHECK(machine.process_event(one::same{}));
  CHECK(machine.is(state<two::same>));
  machine.process_event(two::same{});
  CHECK(machine.is("same"_s));
  machine.process_event(one::same{});
  CHECK(machine.is(X));
}

struct no_start {
  auto operator()() const { return make_transition_table("a"_s + event<go> = X); }
};

TEST_CASE("a table without an initial state is no machine") {
  CHECK_THROWS_AS(sm<no_start>{}, std::logic_error);
}

template <class T>
struct box {};
struct local_names {
  struct inside {};
};

TEST_CASE("a type's name is as it is written, without what is around it") {
  struct local {};
  CHECK(type_name<go>() == "go");
  CHECK(type_name<one::same>() == "same");
  CHECK(type_name<local_names::inside>() == "inside");
  CHECK(type_name<local>() == "local");
  CHECK(type_name<box<one::same>>().starts_with("box<"));
  CHECK(type_name<class only_declared>() == "only_declared");
  CHECK(event_name<named_event<"paid">>() == "paid");
}

}  // namespace

}  // namespace skald::test
