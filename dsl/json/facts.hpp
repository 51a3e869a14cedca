#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/model/definition.hpp"

namespace skald::document {

/// A set of steps.
class StepSet {
 public:
  explicit StepSet(std::size_t steps = 0, bool all = false)
      : words_((steps + 63) / 64, all ? ~std::uint64_t{0} : 0) {}

  [[nodiscard]] bool contains(StepIndex step) const {
    return (words_[number(step) / 64] >> (number(step) % 64) & 1) != 0;
  }
  void insert(StepIndex step) {
    words_[number(step) / 64] |= std::uint64_t{1} << number(step) % 64;
  }
  void erase(StepIndex step) {
    words_[number(step) / 64] &= ~(std::uint64_t{1} << number(step) % 64);
  }
  /// Each says whether it changed the set.
  bool unite(const StepSet& other);
  bool intersect(const StepSet& other);

 private:
  std::vector<std::uint64_t> words_;
};

/// What has happened at some place of a machine.
struct Done {
  StepSet surely;       ///< the steps that are done on every way there
  StepSet maybe;        ///< on some way there
  bool failed = false;  ///< on every way there something has failed, so that `error` is set
};

/// Follows every way through a machine, to tell which steps are done where, and where something
/// has failed. Only reads states, transitions, events, calls and the names of outcomes; guards
/// count as open.
class Facts {
 public:
  explicit Facts(const Definition& definition);

  /// When `state` is entered.
  [[nodiscard]] const Done& at(StateIndex state) const { return at_[number(state)]; }
  /// While the saga is in `state`, or when it leaves it.
  [[nodiscard]] Done inside(StateIndex state) const { return leaving(state); }
  /// When `transition` is taken: what its event says is known, too.
  [[nodiscard]] Done after(const Transition& transition) const;
  /// Whenever the step is called.
  [[nodiscard]] Done at_call(StepIndex step) const;
  /// Whenever the step is undone: of the other steps any may be done by then.
  [[nodiscard]] Done at_undo(StepIndex step) const;
  /// When the saga completes.
  [[nodiscard]] Done at_end() const;

 private:
  /// Where a step is begun: on entry to a state, or by a transition.
  struct Caller {
    std::optional<StateIndex> state;
    const Transition* transition = nullptr;
  };
  void index_calls();
  void index_call(const Action& action, StateIndex runs_in, Caller caller);
  void index_events();
  void index_failures();
  void index_left_over();
  void index_regions();
  void index_regions_of(const std::vector<StateIndex>& initials);
  void solve();
  void follow(StateIndex state);
  void enter(StateIndex state, const Done& done);
  [[nodiscard]] Done leaving(StateIndex source) const;
  /// None while a region cannot have ended.
  [[nodiscard]] std::optional<Done> joined(StateIndex composite) const;
  [[nodiscard]] bool all_ended(const std::vector<StateIndex>& initials, Done& done) const;
  void learn(const Transition& transition, Done& done) const;
  [[nodiscard]] bool tells_failure(const Transition& transition) const;

  const Definition& d_;
  std::vector<Done> at_;
  std::vector<bool> reached_;
  std::vector<StepSet> own_calls_;  ///< by state: steps that run while the saga is in it
  std::vector<StepSet> calls_;      ///< by state: the same, with what lies inside
  std::vector<StepSet> beside_;     ///< by state: of the regions side by side with it
  std::vector<std::vector<const Transition*>> from_;  ///< by state
  std::vector<std::vector<StateIndex>> finals_;       ///< by the first state of a region
  std::vector<std::vector<Caller>> callers_;          ///< by step
  std::vector<std::vector<StepIndex>> done_by_;       ///< by event: steps it says are done
  std::vector<std::vector<StepIndex>> named_by_;      ///< by event: steps it may say are done
  std::vector<bool> ambiguous_;  ///< by event: it may have another cause than a step that is done
  std::vector<bool> failure_;    ///< by event: it has no other cause than a step that failed
  StepSet left_over_;            ///< steps an early join leaves: undone while the saga goes on
  std::vector<EventIndex> raised_;    ///< by actions
  std::vector<StepIndex> exhausted_;  ///< steps that say where to go on then
  std::vector<StateIndex> open_;
  std::vector<bool> is_open_;
  StepSet ever_;
};

}  // namespace skald::document
