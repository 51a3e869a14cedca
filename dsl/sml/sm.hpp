#pragma once

#include <concepts>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>

#include "dsl/sml/given.hpp"
#include "dsl/sml/machine.hpp"
#include "dsl/sml/words.hpp"

/// Tables as plain state machines in memory, as [Boost::ext].SML has them.
namespace skald::sml {

template <class T>
struct a_saga_table_runs_by_define_and_not_by_sm;

/// Proves that nothing in the table needs an engine around it.
struct MachineNeeds {
  template <class T>
  static constexpr void prove(needs<saga_only>) {
    static_cast<void>(sizeof(a_saga_table_runs_by_define_and_not_by_sm<T>));
  }
  template <class T, class Other>
  static constexpr void prove(needs<Other>) {}
  template <class T, class... Ns>
  static constexpr void prove_all(needs<Ns...>) {
    (prove<T>(needs<Ns>{}), ...);
  }
};

/// Policies of SML. Events are always queued and deferred here, so these choose nothing.
template <template <class...> class>
struct defer_queue {};
template <template <class...> class>
struct process_queue {};
template <class>
struct dispatch {};
/// process_event() holds a lock of this type.
template <class Lock>
struct thread_safe {};

template <class Policy>
inline constexpr bool is_policy = false;
template <template <class...> class Queue>
inline constexpr bool is_policy<defer_queue<Queue>> = true;
template <template <class...> class Queue>
inline constexpr bool is_policy<process_queue<Queue>> = true;
template <class T>
inline constexpr bool is_policy<dispatch<T>> = true;
template <class Lock>
inline constexpr bool is_policy<thread_safe<Lock>> = true;

struct NoLock {
  void lock() {}
  void unlock() {}
};
template <class... Policies>
struct lock_of {
  using type = NoLock;
};
template <class Lock, class... Rest>
struct lock_of<thread_safe<Lock>, Rest...> {
  using type = Lock;
};
template <class First, class... Rest>
struct lock_of<First, Rest...> : lock_of<Rest...> {};

/// What visit_current_states() shows.
class visited_state {
 public:
  explicit visited_state(StateSpec spec) : spec_(spec) {}
  /// As written in the table; X is "terminate".
  [[nodiscard]] const char* c_str() const {
    return spec_.terminal ? "terminate" : spec_.name.data();
  }

 private:
  StateSpec spec_;
};

/// A state machine of the table that T's operator() gives. It enters its initial states at once.
///
/// `dependencies` are given to guards and actions by type, in any order: an object by reference, so
/// that it must outlive the machine; a temporary is moved in. The T that makes the table may be one
/// of them. A wrong table throws std::logic_error. Can be moved, not copied.
template <class T, class... Policies>
class sm {
  static_assert(CompositeTable<T>,
                "skald: sm<T> is of a struct whose operator() gives make_transition_table(...)");
  static_assert((is_policy<Policies> && ...),
                "skald: sm knows the policies defer_queue, process_queue, dispatch, thread_safe");

 public:
  sm() : sm(std::make_shared<Surroundings>(), needs<>{}) { prove<>(); }
  template <class First, class... Dependencies>
  requires(!std::same_as<std::remove_cvref_t<First>, sm>) explicit sm(
      First&& first, Dependencies&&... dependencies)
      : sm(surroundings(std::forward<First>(first), std::forward<Dependencies>(dependencies)...),
           needs<>{}) {
    prove<First, Dependencies...>();
  }

  /// Whether a transition expected the event (an unexpected_event does not), and every event that
  /// process(…) raised because of it. Events are copied when they are deferred or raised.
  template <class E>
  bool process_event(const E& event) {
    const std::lock_guard hold(*lock_);
    return machine_.process(tag_of<E>(), kept(event));
  }

  /// Whether one of the regions is in the state, or of the composite state:
  /// `is<decltype(state<Sub>)>
  /// ("idle"_s)`.
  template <class Of = state_of<>, class S>
  [[nodiscard]] bool is(const state_of<S>& state) const {
    return machine_.is(state.spec(), tag_in<Of>());
  }
  /// Whether each region is in the state of its place.
  template <class Of = state_of<>, class... S>
  requires(sizeof...(S) > 1) [[nodiscard]] bool is(const state_of<S>&... states) const {
    return machine_.is({states.spec()...}, tag_in<Of>());
  }
  template <class Of = state_of<>, class Visitor>
  void visit_current_states(const Visitor& visitor) const {
    for (const auto& state : machine_.current(tag_in<Of>())) visitor(visited_state(state));
  }

  /// The T that made the table.
  operator T&() { return *table_; }              // NOLINT: as SML has it
  operator const T&() const { return *table_; }  // NOLINT: as SML has it

 private:
  using Lock = typename lock_of<Policies...>::type;

  sm(std::shared_ptr<Surroundings> around, needs<>)
      : table_(&table_maker<T>(*around)), machine_((*table_)(), around) {}

  template <class... Dependencies>
  static std::shared_ptr<Surroundings> surroundings(Dependencies&&... dependencies) {
    auto around = std::make_shared<Surroundings>();
    (give<Dependencies>(*around, std::forward<Dependencies>(dependencies)), ...);
    return around;
  }
  template <class... Dependencies>
  static void prove() {
    using Needs = typename decltype(std::declval<T&>()())::needs_type;
    sml::prove_all<T, Dependencies...>(Needs{});
    MachineNeeds::prove_all<T>(Needs{});
  }
  template <class Of>
  static constexpr TypeTag tag_in() {
    using Composite = typename std::remove_cvref_t<Of>::type;
    return std::is_void_v<Composite> ? nullptr : tag_of<Composite>();
  }
  template <class E>
  static std::shared_ptr<const void> kept(const E& event) {
    if constexpr (std::copy_constructible<E>)
      return std::make_shared<const E>(event);
    else
      return {std::shared_ptr<const void>{}, &event};
  }

  T* table_;
  Machine machine_;
  std::unique_ptr<Lock> lock_ = std::make_unique<Lock>();
};

}  // namespace skald::sml
